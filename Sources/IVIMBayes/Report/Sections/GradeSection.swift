internal import Diagnostics
internal import Reporting

/// The table of values: what each visit measured, and how much of it comes from the data.
struct GradeSection {
  let contents: ReportContents

  /// Nil without lesions.
  var section: PageSection? {
    guard !contents.subjects.isEmpty else { return nil }
    return PageSection(
      "grade", label: contents.visits.count == 2 ? "Prior and data" : "All values",
      heading: contents.visits.count == 2 ? "What the data determine and what the prior does" : "All values",
      [.table(table)])
  }

  private var table: ReportTable {
    let columns: [ReportTable.Column] =
      [.init("")]
      + contents.visits.flatMap { visit -> [ReportTable.Column] in
        let lead = visit.label.isEmpty ? "" : "\(visit.label), "
        return [
          .init("\(lead)median (90 %)"), .init("contraction / overlap"), .init("grade"),
          .init("R-hat / effective draws"),
        ]
      }
    var table = ReportTable(
      columns,
      caption:
        "Contraction: 1 − posterior variance / prior variance on the scale of the prior (log, or logit for f); it can be negative. Overlap: shared area of prior and posterior. \(Glyph.filled.markup) data-dominated: contraction at least 0.75. \(Glyph.half.markup) mixed: 0.25 to 0.75. \(Glyph.hatched.markup) prior-dominated: below 0.25; \(Statements.notInformed)."
    )
    for subject in contents.subjects {
      table.addGroup(subject.title)
      for parameter in contents.parameters {
        let values = contents.values(parameter, of: subject)
        guard values.contains(where: { $0 != nil }) else { continue }
        let places = values.compactMap { $0?.places(significantDigits: 2) }.min() ?? DecimalPlaces(2)
        let isFailed = values.contains { $0?.status == .fail }
        table.addRow(contents.head(parameter), values.flatMap { cells($0, places) }, isMuted: isFailed)
      }
    }
    return table
  }

  private func cells(_ value: ReportedValue?, _ places: DecimalPlaces) -> [ReportTable.Cell] {
    guard let value else { return [.init("no value"), .init("–"), .init("–"), .init("–")] }
    let number: Markup =
      value.isSilent
      ? "<span class=\"u\">none printed</span>"
      : "\(value.text(places)) <span class=\"u nw\">(\(value.interval(places)))</span>"
    let comparison =
      value.contraction.isFinite ? "\(Self.share(value.contraction)) / \(Self.share(value.overlap))" : "–"
    let status: Markup = value.status == .pass ? "" : " <b>\(value.status.word)</b>"
    return [
      .init(number), .init(Markup(comparison)),
      .init("<span class=\"nw\">\(Self.glyph(value.grade)) \(value.grade.word)</span>"),
      .init("\(NumberText.rHat(value.rHat)) / \(NumberText.effectiveSize(value.bulkESS))\(status)"),
    ]
  }

  /// A share with two decimals that may be negative, never 0 or 1.
  static func share(_ value: Double) -> String {
    value < -0.005 ? DecimalPlaces(2).text(value) : NumberText.probability(value)
  }

  private static func glyph(_ grade: Grade) -> Markup {
    switch grade {
    case .outside: ""
    case .dataDominated: Glyph.filled.markup
    case .mixed: Glyph.half.markup
    case .priorDominated: Glyph.hatched.markup
    }
  }
}
