internal import Foundation
internal import Reporting

/// Which inputs, by which version, with which options.
struct ProvenanceSection {
  /// More notices than this are counted.
  private static let mostNotices = 3

  let contents: ReportContents

  var section: PageSection {
    PageSection(
      "prov", label: "Provenance", heading: "Provenance",
      lede:
        "Every number of this page stands in the tables and draws beside it; STEM_run.json repeats the run exactly.",
      [.list(facts), .table(files)])
  }

  private var runs: [(place: String, run: ReportedRun)] {
    contents.visits.flatMap { visit in
      visit.runs.map { run in
        ((visit.label.isEmpty ? "" : "\(visit.label), ") + (run.isT1 ? "T1" : "diffusion"), run)
      }
    }
  }

  private var facts: [Fact] {
    runs.flatMap { place, run -> [Fact] in
      let configuration = run.record.configuration
      var facts = [
        Fact("\(place): program", "IVIMBayes \(run.record.version), seed \(String(configuration.seed))"),
        Fact("\(place): protocol", Markup(Self.protocolText(run))),
        Fact(
          "\(place): prior", Markup("\(PriorWords.name(configuration)), values “\(run.record.priorsName)”")),
      ]
      let notices = Self.gathered(run.record.notices)
      facts += notices.prefix(Self.mostNotices).map { Fact("\(place): notice", Markup($0)) }
      let more = notices.count - Self.mostNotices
      if more > 0 { facts.append(Fact("\(place): notices", "\(more) more in the run file")) }
      return facts
    }
  }

  /// The run files and what went into them, each with its digest.
  private var files: ReportTable {
    var table = ReportTable(
      [.init(""), .init("file"), .init("SHA-256")], caption: "Run files and the inputs of each.",
      style: "wide dense")
    for (place, run) in runs {
      func add(_ kind: String, _ name: String, _ digest: String) {
        table.addRow(
          "\(place): \(kind)", [.init(Markup(name)), .init("<span class=\"hash\">\(digest)</span>")])
      }
      add("run file", "\(run.folder.stem)_run.json", run.record.digest)
      for input in run.record.inputs { add("input", input.name, input.digest) }
    }
    return table
  }

  /// Notices that say the same of several files, once: "a.json and 7 more: ignored Description".
  static func gathered(_ notices: [String]) -> [String] {
    var found: [(place: String?, text: String, count: Int)] = []
    for notice in notices {
      let parts = notice.split(separator: ": ", maxSplits: 1).map(String.init)
      let (place, text) = parts.count == 2 ? (parts[0], parts[1]) : (nil, notice)
      if let known = found.firstIndex(where: { $0.text == text && $0.place != nil && place != nil }) {
        found[known].count += 1
      } else {
        found.append((place, text, 1))
      }
    }
    return found.map { place, text, count in
      guard let place else { return text }
      return "\(place)\(count > 1 ? " and \(count - 1) more" : ""): \(text)"
    }
  }

  private static func protocolText(_ run: ReportedRun) -> String {
    let name = run.record.settingsName.replacing("_", with: " ")
    let unit = name == "b values" ? "s/mm²" : name.contains("angle") ? "degrees" : "s"
    let values = run.record.settings.map(PlotScale.label).joined(separator: ", ")
    let excluded = run.record.excludedVoxels > 0 ? "; \(run.record.excludedVoxels) voxels left out" : ""
    return "\(name) \(values) \(unit)\(excluded)"
  }
}
