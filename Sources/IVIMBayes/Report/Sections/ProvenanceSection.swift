internal import Foundation
internal import Reporting

/// Which inputs, by which version, with which options.
struct ProvenanceSection {
  let contents: ReportContents

  var section: PageSection {
    let runs = contents.visits.flatMap { visit in visit.runs.map { (visit, $0) } }
    let facts = runs.flatMap { visit, run -> [Fact] in
      let place = (visit.label.isEmpty ? "" : "\(visit.label), ") + (run.isT1 ? "T1" : "diffusion")
      let configuration = run.record.configuration
      var facts = [
        Fact("\(place): program", "IVIMBayes \(run.record.version), seed \(String(configuration.seed))"),
        Fact(
          "\(place): run file",
          "\(run.folder.stem)_run.json, SHA-256 <span class=\"hash\">\(run.record.digest)</span>"),
      ]
      facts += run.record.inputs.map { input in
        Fact("\(place): input", "\(input.name), SHA-256 <span class=\"hash\">\(input.digest)</span>")
      }
      facts.append(Fact("\(place): protocol", Markup(Self.protocolText(run))))
      facts += run.record.notices.map { Fact("\(place): notice", Markup($0)) }
      return facts
    }
    return PageSection(
      "prov", label: "Provenance", heading: "Provenance",
      lede:
        "Every number of this page stands in the tables and draws beside it; STEM_run.json repeats the run exactly.",
      [.list(facts)])
  }

  private static func protocolText(_ run: ReportedRun) -> String {
    let name = run.record.settingsName.replacing("_", with: " ")
    let unit = name == "b values" ? "s/mm²" : name.contains("angle") ? "degrees" : "s"
    let values = run.record.settings.map(PlotScale.label).joined(separator: ", ")
    let excluded = run.record.excludedVoxels > 0 ? "; \(run.record.excludedVoxels) voxels left out" : ""
    return "\(name) \(values) \(unit)\(excluded)"
  }
}
