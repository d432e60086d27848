internal import Foundation
internal import Reporting

/// The probability of efficacy on the cards, and all of them in a table.
struct EfficacySection {
  let contents: ReportContents

  /// A probability differs from the second model's by so much: then the reader must know both.
  private static let modelDependence = 0.15

  /// The part of a lesion's card; nil on a page of one visit.
  func card(_ subject: ReportContents.Subject) -> LesionCard.Efficacy? {
    guard contents.changes != nil else { return nil }
    guard let efficacy = contents.efficacy else {
      return LesionCard.Efficacy(
        heading: "Probability of efficacy",
        sentences: ["No cohort was given, so there is no probability. The changes stand on their own."])
    }
    guard let row = efficacy.row(of: subject.lesion) else {
      return LesionCard.Efficacy(heading: "Probability of efficacy", sentences: ["None for this lesion."])
    }
    let heading = "Probability of efficacy, cohort “\(row.cohortName)”"
    guard row.probability.isFinite else {
      return LesionCard.Efficacy(heading: heading, sentences: ["None printed: \(Self.reason(row))."])
    }
    let strip = ProbabilityStrip.figure(
      name: "efficacy-\(subject.slug)", title: "\(subject.title), probability of efficacy",
      probability: row.probability,
      cohort: (row.lower, row.upper), known: (row.knownLow, row.knownHigh), prevalence: row.prevalence)
    let shares = ProbabilityStrip.shares(
      name: "shares-\(subject.slug)", title: "\(subject.title), where the uncertainty comes from",
      imaging: row.imagingShare, cohort: row.cohortShare)
    return LesionCard.Efficacy(
      heading: heading, probability: NumberText.probability(row.probability),
      interval: Self.interval(row.lower, row.upper),
      known:
        "If the true change were known exactly: \(Self.interval(row.knownLow, row.knownHigh)) (90&nbsp;%, thin line).",
      strip: strip.inline(kind: "strip"), shares: shares.inline(kind: "strip"), sentences: sentences(row))
  }

  private func sentences(_ row: ReportedEfficacy.Row) -> [Markup] {
    var sentences: [Markup] = [
      "Estimated probability under the model that a patient with such a change belongs to the effective group. Prevalence \(NumberText.probability(row.prevalence)), Bayes factor \(Self.factor(row.bayesFactor)). \(Statements.concurrent)",
      "Cohort: \(row.cohort).",
    ]
    if row.logistic.isFinite {
      let isDependent = abs(row.logistic - row.probability) > Self.modelDependence
      sentences.append(
        isDependent
          ? "\(Glyph.warning.markup) <b>Model-dependent:</b> a second model (logistic with errors in variables) gives \(NumberText.probability(row.logistic))."
          : "A second model (logistic with errors in variables) gives \(NumberText.probability(row.logistic))."
      )
    }
    let flags = row.flag.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty && $0 != "n/a" && $0 != "ok" && $0 != "model-dependent" }
    if !flags.isEmpty { sentences.append("\(Glyph.warning.markup) \(flags.joined(separator: "; ")).") }
    if row.calibrated == "false" {
      sentences.append("\(Glyph.warning.markup) <b>Uncalibrated</b>: built from group summaries.")
    }
    return sentences
  }

  /// All probabilities, the patient's first; nil without a cohort.
  var section: PageSection? {
    guard let efficacy = contents.efficacy, !efficacy.rows.isEmpty else { return nil }
    var table = ReportTable(
      [
        .init(""), .init("probability (90 %)"), .init("if the change were known exactly"),
        .init("second model"),
        .init("Bayes factor"), .init("imaging / cohort"), .init("prevalence"), .init("notes"),
      ],
      caption:
        "Estimated probability under the model that a patient with such a change belongs to the effective group of the cohort “\(efficacy.rows[0].cohortName)”. \(Statements.concurrent) Interval: cohorts like this one. Shares: how much of the uncertainty comes from the images (with repeatability) and how much from the size of the cohort.",
      style: "wide")
    for row in efficacy.rows.sorted(by: { $0.level == "patient" && $1.level != "patient" }) {
      let title = row.level == "patient" ? "Patient \(row.patient)" : name(row.lesion)
      guard row.probability.isFinite else {
        table.addRow(Markup(title), [.init("none printed: \(Self.reason(row))", span: 7)], isMuted: true)
        continue
      }
      let notes = row.flag == "n/a" || row.flag.isEmpty ? "none" : row.flag
      table.addRow(
        Markup(title),
        [
          .init(
            "<b>\(NumberText.probability(row.probability))</b> <span class=\"nw\">(\(Self.interval(row.lower, row.upper)))</span>"
          ),
          .init(Markup(Self.interval(row.knownLow, row.knownHigh))), .init(Markup(Self.text(row.logistic))),
          .init(Markup(Self.factor(row.bayesFactor))),
          .init("\(Self.percent(row.imagingShare)) / \(Self.percent(row.cohortShare))"),
          .init(Markup(NumberText.probability(row.prevalence))), .init(Markup(notes)),
        ])
    }
    return PageSection("eff", label: "Efficacy model", heading: "Probability of efficacy", [.table(table)])
  }

  private func name(_ label: String) -> String {
    contents.subjects.first { $0.lesion.label == label || $0.lesion.name == label }?.title
      ?? "Lesion \(label)"
  }

  private static func reason(_ row: ReportedEfficacy.Row) -> String {
    row.flag.isEmpty || row.flag == "n/a" ? "no measured change" : row.flag
  }

  private static func interval(_ lower: Double, _ upper: Double) -> String {
    "\(NumberText.probability(lower)) to \(NumberText.probability(upper))"
  }

  private static func text(_ probability: Double) -> String {
    probability.isFinite ? NumberText.probability(probability) : "none"
  }

  private static func percent(_ share: Double) -> String {
    share.isFinite ? DecimalPlaces(0).text(100 * share) + " %" : "–"
  }

  /// A Bayes factor with two digits: 8.0, 0.32, 41.
  private static func factor(_ value: Double) -> String {
    DecimalPlaces(halfWidth: value, mcse: .nan, significantDigits: 2).text(value)
  }
}
