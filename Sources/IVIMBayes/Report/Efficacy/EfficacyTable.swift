internal import Reporting

/// Probabilities of efficacy, with everything that must stand beside each.
struct EfficacyTable {
  let rows: [ReportedEfficacy.Row]
  /// True if every row has its drawing: one patient's lesions have them on their cards.
  var hasStrips = false
  var isSynthetic = false
  /// What the head of a row is.
  let title: (ReportedEfficacy.Row) -> String

  /// The patient's own row first, then its lesions.
  var table: ReportTable {
    var columns: [ReportTable.Column] = [
      .init(""), .init("probability (90 %)"), .init("if the change were known exactly"),
      .init("second model"),
      .init("Bayes factor"), .init("imaging / cohort"), .init("prevalence"), .init("notes"),
    ]
    if hasStrips { columns.insert(.init("probability, 0 to 1"), at: 2) }
    let cohorts = rows.map(\.cohortName).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    var table = ReportTable(
      columns,
      caption:
        "Estimated probability under the model that a patient with such a change belongs to the effective group of the cohort “\(ParameterName.list(cohorts))”. \(Statements.concurrent) Interval: cohorts like this one. Shares: how much of the uncertainty comes from the images (with repeatability) and how much from the size of the cohort.\(notes)",
      style: "wide")
    for (index, row) in rows.enumerated() { add(row, index, to: &table) }
    return table
  }

  /// What the notes of the rows mean; each once.
  private var notes: Markup {
    let flags = rows.flatMap(\.flags).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return flags.compactMap { flag in Self.meanings[flag].map { " <b>\(flag):</b> \($0)." } }.joined()
  }

  private static let meanings = [
    "protocol unknown":
      "the cohort or the scans do not say how they were acquired and fitted, so that nothing checks whether they agree",
    "different protocol": "acquired or fitted differently than the cohort, and judged all the same",
    "model-dependent": "the second model differs by more than 0.15",
    "exploratory": "fewer than ten patients in a class of the cohort",
    "uncalibrated": "built from group summaries, never held against outcomes",
    "missing features": "the change lacks a feature of the model",
  ]

  private func add(_ row: ReportedEfficacy.Row, _ index: Int, to table: inout ReportTable) {
    guard row.probability.isFinite else {
      let cell = ReportTable.Cell("none printed: \(Self.reason(row))", span: hasStrips ? 8 : 7)
      table.addRow(Markup(title(row)), [cell], isMuted: true)
      return
    }
    var cells: [ReportTable.Cell] = [
      .init(
        "<b>\(NumberText.probability(row.probability))</b> <span class=\"nw\">(\(Self.interval(row.lower, row.upper)))</span>"
      ),
      .init(Markup(Self.interval(row.knownLow, row.knownHigh))),
      .init(Markup(row.logistic.isFinite ? NumberText.probability(row.logistic) : "none")),
      .init(Markup(Self.factor(row.bayesFactor))),
      .init("\(Self.percent(row.imagingShare)) / \(Self.percent(row.cohortShare))"),
      .init(Markup(NumberText.probability(row.prevalence))),
      .init(Markup(row.flags.isEmpty ? "none" : row.flags.joined(separator: "; "))),
    ]
    if hasStrips {
      let strip = ProbabilityStrip.figure(
        name: "probability-\(index + 1)", title: "\(title(row)), probability of efficacy",
        probability: row.probability, cohort: (row.lower, row.upper), known: (row.knownLow, row.knownHigh),
        prevalence: row.prevalence)
      cells.insert(.strip(strip), at: 1)
    }
    table.addRow(Markup(title(row)), cells)
  }

  /// Why a row has no number.
  static func reason(_ row: ReportedEfficacy.Row) -> String {
    row.flags.isEmpty ? "no measured change" : row.flags.joined(separator: "; ")
  }

  static func interval(_ lower: Double, _ upper: Double) -> String {
    "\(NumberText.probability(lower)) to \(NumberText.probability(upper))"
  }

  /// A Bayes factor with two digits: 8.0, 0.32, 41.
  static func factor(_ value: Double) -> String {
    DecimalPlaces(halfWidth: value, mcse: .nan, significantDigits: 2).text(value)
  }

  private static func percent(_ share: Double) -> String {
    share.isFinite ? DecimalPlaces(0).text(100 * share) + " %" : "–"
  }
}
