internal import Cohort
internal import Reporting

/// The probability of efficacy on the cards, and all of them in a table.
struct EfficacySection {
  let contents: ReportContents

  /// The part of a lesion's card; nil on a page of one visit.
  func card(_ subject: ReportContents.Subject) -> LesionCard.Efficacy? {
    guard contents.changes != nil else { return nil }
    guard let efficacy = contents.efficacy else {
      return LesionCard.Efficacy(
        heading: "Probability of efficacy",
        sentences: ["No cohort was given, so there is no probability. The changes stand on their own."])
    }
    guard let row = efficacy.row(of: subject.lesion, patient: contents.changes?.patient ?? "") else {
      return LesionCard.Efficacy(heading: "Probability of efficacy", sentences: ["None for this lesion."])
    }
    let heading = "Probability of efficacy, cohort “\(row.cohortName)”"
    guard row.probability.isFinite else {
      return LesionCard.Efficacy(heading: heading, sentences: ["None printed: \(EfficacyTable.reason(row))."])
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
      interval: EfficacyTable.interval(row.lower, row.upper),
      known:
        "If the true change were known exactly: \(EfficacyTable.interval(row.knownLow, row.knownHigh)) (90&nbsp;%, thin line).",
      strip: strip.inline(kind: "strip"), shares: shares.inline(kind: "strip"), sentences: sentences(row))
  }

  private func sentences(_ row: ReportedEfficacy.Row) -> [Markup] {
    var sentences: [Markup] = [
      "Estimated probability under the model that a patient with such a change belongs to the effective group. Prevalence \(NumberText.probability(row.prevalence)), Bayes factor \(EfficacyTable.factor(row.bayesFactor)). \(Statements.concurrent)",
      "Cohort: \(row.cohort).",
    ]
    if row.logistic.isFinite {
      let isDependent = abs(row.logistic - row.probability) > EfficacyModel.modelDependence
      sentences.append(
        isDependent
          ? "\(Glyph.warning.markup) <b>Model-dependent:</b> a second model (logistic with errors in variables) gives \(NumberText.probability(row.logistic))."
          : "A second model (logistic with errors in variables) gives \(NumberText.probability(row.logistic))."
      )
    }
    let flags = row.flags.filter { $0 != "model-dependent" }
    if !flags.isEmpty { sentences.append("\(Glyph.warning.markup) \(flags.joined(separator: "; ")).") }
    if row.calibrated == "false" {
      sentences.append("\(Glyph.warning.markup) <b>Uncalibrated</b>: built from group summaries.")
    }
    return sentences
  }

  /// All probabilities, the patient's first; nil without a cohort.
  var section: PageSection? {
    guard let patient = contents.changes?.patient,
      let rows = contents.efficacy?.rows(ofPatient: patient), !rows.isEmpty
    else { return nil }
    let table = EfficacyTable(rows: rows) { row in
      row.level == "patient" ? "Patient \(row.patient)" : name(row.lesion)
    }
    return PageSection(
      "eff", label: "Efficacy model", heading: "Probability of efficacy", [.table(table.table)])
  }

  private func name(_ key: String) -> String {
    contents.subjects.first { $0.lesion.name == key || $0.lesion.label == key }?.title ?? "Lesion \(key)"
  }
}
