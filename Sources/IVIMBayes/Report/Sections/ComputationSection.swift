internal import Diagnostics
internal import Foundation
internal import Reporting

/// How well the runs were sampled, what is wrong, and what to do about it.
struct ComputationSection {
  /// Chains of more flagged quantities than this are not drawn.
  private static let mostFigures = 6

  let contents: ReportContents

  /// Flags and notes of all runs with the visit that they belong to, worst first.
  private var listed: [(visit: ReportedVisit, run: ReportedRun, flag: HealthFlag)] {
    let all = contents.visits.flatMap { visit in
      visit.runs.flatMap { run in run.record.flags.map { (visit, run, $0) } }
    }
    return [Verdict.fail, .warn, .pass].flatMap { severity in all.filter { $0.2.severity == severity } }
  }

  /// Those that are more than a note.
  private var flags: [(visit: ReportedVisit, run: ReportedRun, flag: HealthFlag)] {
    listed.filter { $0.flag.severity > .pass }
  }

  /// The status, its worst numbers, and its action.
  var box: NoteBox {
    let verdict = contents.verdict
    let judged = contents.visits.flatMap(\.runs).flatMap(\.values)
    let rHat = judged.map(\.rHat).filter(\.isFinite).max()
    let size = judged.flatMap { [$0.bulkESS, $0.tailESS] }.filter(\.isFinite).min()
    var paragraphs: [Markup] = []
    if let rHat, let size {
      paragraphs.append(
        "Lesion values: R-hat at most \(NumberText.rHat(rHat)) (limit 1.010), effective draws at least \(NumberText.effectiveSize(size)) (limit 400)."
      )
    }
    if let worst = flags.first {
      let place = worst.visit.label.isEmpty ? "" : "\(worst.visit.label): "
      paragraphs.append(
        "\(flags.count == 1 ? "One flag" : "\(flags.count) flags"); worst: \(place)\(HealthTable.subject(worst.flag.subject)), \(worst.flag.evidence)."
      )
      paragraphs.append("<b>Do:</b> \(worst.flag.scanAction).")
    } else {
      paragraphs.append("Every quantity and map meets its threshold.")
    }
    return NoteBox(
      "Computation: \(verdict.word.uppercased())",
      glyph: verdict == .pass ? .filled : verdict == .warn ? .warning : .failure, paragraphs: paragraphs)
  }

  /// What stands above everything if a run failed.
  var banner: Markup? {
    guard contents.verdict == .fail else { return nil }
    let action =
      flags.first.map { " \($0.flag.scanAction.prefix(1).uppercased())\($0.flag.scanAction.dropFirst())." }
      ?? ""
    return
      "\(Glyph.failure.markup) <b>Computation: FAIL. Do not use the numbers on this page.</b>\(action) They are greyed out below."
  }

  var section: PageSection {
    var blocks: [PageBlock] = [.table(runs)]
    if !listed.isEmpty { blocks.append(.table(flagTable)) }
    let figures = self.figures
    if !figures.isEmpty {
      blocks.append(
        .figures(
          FigureGrid(
            "Chains of the flagged quantities", figures.map { ($0, nil) },
            key:
              "<p><b>How to read.</b> Above: the draws of each chain; chains that agree wander over the same values. Below: how the ranks of each chain are shared out; lines inside the grey band agree.</p>"
          )))
    }
    return PageSection("health", label: "Computation", heading: "Computation", blocks)
  }

  private var runs: ReportTable {
    var table = ReportTable(
      [
        .init(""), .init("status"), .init("chains × draws"), .init("largest R-hat"),
        .init("smallest effective draws"),
        .init("flags"),
      ],
      caption:
        "R-hat compares chains with each other (passes below 1.01); effective draws are what the draws are worth if they were independent (passes from 400).",
      style: "wide")
    for visit in contents.visits {
      for run in visit.runs {
        let judged = run.values
        let name = (visit.label.isEmpty ? "" : "\(visit.label), ") + (run.isT1 ? "T1" : "diffusion")
        let size = judged.flatMap { [$0.bulkESS, $0.tailESS] }.filter(\.isFinite).min() ?? .nan
        let draws = run.posterior.map { "\($0.extent(of: .chain)) × \($0.extent(of: .draw))" } ?? "none kept"
        table.addRow(
          Markup(name),
          [
            .init("<b>\(run.record.verdict.word)</b>"), .init(Markup(draws)),
            .init(Markup(NumberText.rHat(judged.map(\.rHat).filter(\.isFinite).max() ?? .nan))),
            .init(Markup(NumberText.effectiveSize(size))),
            .init("\(run.record.flags.count { $0.severity > .pass })"),
          ])
      }
    }
    return table
  }

  private var flagTable: ReportTable {
    var table = ReportTable(
      [.init("what"), .init("status"), .init("flag"), .init("evidence"), .init("what to do")],
      caption:
        "Every flag and note, worst first\(listed.count > 30 ? "; the first 30 of \(listed.count)" : "").",
      style: "wide")
    for entry in listed.prefix(30) {
      let place = entry.visit.label.isEmpty ? "" : "\(entry.visit.label): "
      table.addRow(
        "\(place)\(HealthTable.subject(entry.flag.subject))",
        [
          .init("<b>\(entry.flag.severityWord)</b>"), .init(Markup(entry.flag.kind.rawValue)),
          .init(Markup(entry.flag.evidence)), .init(Markup(entry.flag.scanAction)),
        ])
    }
    return table
  }

  /// Traces and ranks of the flagged functionals of lesions, whose draws were kept.
  private var figures: [Figure] {
    var figures: [Figure] = []
    for entry in flags where figures.count < Self.mostFigures {
      guard let found = Self.quantity(entry.flag.subject, in: entry.run) else { continue }
      let unit = DisplayUnit(parameter: found.parameter, unit: ReportContents.fileUnit(found.parameter))
      let visit = entry.visit.label.isEmpty ? "" : ", \(entry.visit.label)"
      let name = "chains-\(figures.count + 1)"
      let title = "\(ParameterName.text(found.parameter)), \(found.functional), \(found.lesion.title)\(visit)"
      guard !figures.contains(where: { $0.title == title }), !found.isSilent else { continue }
      figures.append(
        ChainFigure(found.chains.map { $0.map { $0 * unit.factor } }).figure(
          name: name, title: title, axisLabel: contents.axisLabel(found.parameter),
          isSynthetic: contents.isSynthetic))
    }
    return figures
  }

  private struct FlaggedQuantity {
    /// "d", or of a hyperparameter everything but its last word.
    let parameter: String
    /// "mean"; of a hyperparameter the last word of its name.
    let functional: String
    let lesion: ReportedLesion
    let chains: [[Double]]
    let isSilent: Bool
  }

  /// "d mean of NAME", or "rho d f of NAME", as a quantity whose draws were kept.
  private static func quantity(_ subject: String, in run: ReportedRun) -> FlaggedQuantity? {
    guard let split = subject.range(of: " of ") else { return nil }
    let words = subject[..<split.lowerBound].split(separator: " ").map(String.init)
    let parameter = words.dropLast().joined(separator: "_")
    guard let functional = words.last, !parameter.isEmpty,
      let lesion = run.lesions.first(where: { $0.name == subject[split.upperBound...] }),
      let chains = run.chains(parameter, of: lesion.label, functional: functional)
    else { return nil }
    return FlaggedQuantity(
      parameter: parameter, functional: functional, lesion: lesion, chains: chains,
      isSilent: run.value(parameter, of: lesion.label)?.isSilent ?? false)
  }
}
