internal import Cohort
public import Foundation
internal import Lesions
internal import NIfTI
public import Tables

/// `efficacy predict`: the probability of efficacy of each lesion and patient, by a model file.
public struct EfficacyJudging: Sendable {
  /// The model file.
  public var model: URL
  /// What is judged: folders of `delta`, files of draws, or tables of lesions.
  public var changes: [URL]
  /// The folder that is made.
  public var output: URL
  /// True if a folder made earlier may be replaced.
  public var overwrites = false
  /// What is done.
  public var configuration: JudgingConfiguration

  /// A judgement of `changes` by `model`, written to `output`.
  public init(
    model: URL, changes: [URL], output: URL, _ configuration: JudgingConfiguration = JudgingConfiguration()
  ) {
    self.model = model
    self.changes = changes
    self.output = output
    self.configuration = configuration
  }

  /// The columns of `efficacy.tsv`.
  public static let columns = [
    "level", "patient", "lesion", "p_effective", "p_lower", "p_upper", "p_if_known_low", "p_if_known_high",
    "p_logistic", "bayes_factor", "share_imaging", "share_cohort", "prevalence", "cohort", "calibrated",
    "flag",
    "model_sha256",
  ]

  /// What the columns mean.
  public static let descriptions: [String: String] = [
    "level": "lesion: that lesion alone; patient: all lesions of the patient together",
    "patient": "key of the patient",
    "lesion": "name of the lesion; empty for a patient",
    "p_effective":
      "estimated probability under the model that a patient with such a change belongs to the effective "
      + "group of the cohort; concurrent assessment, not prediction",
    "p_lower": "5 % quantile over the draws of the model: what a larger cohort would narrow",
    "p_upper": "95 % quantile",
    "p_if_known_low": "5 % quantile of the probability if the true change were known exactly",
    "p_if_known_high": "95 % quantile",
    "p_logistic": "probability by the second model, logistic with errors in variables",
    "bayes_factor": "p(measurement | effective) / p(measurement | ineffective), free of the prevalence",
    "share_imaging": "share of the variance of the probability that is due to measurement error",
    "share_cohort": "share that is due to the smallness of the cohort",
    "prevalence": "share of effective treatment assumed among those judged",
    "cohort": "the cohort, its size, its leave-one-patient-out Brier score; research use only",
    "calibrated":
      "true if the model was checked by leave-one-patient-out, false if it was built from group summaries",
    "flag": "exploratory, withheld, model-dependent, missing features, different protocol, ...",
    "model_sha256": "digest of the model",
  ]

  /// Judges and writes `efficacy.tsv` with its sidecar.
  public func run(notice: (String) -> Void = { _ in }) throws(RunError) -> TabSeparatedTable {
    try OutputFolder.write(
      OutputPlace(output, kind: .efficacy, overwriting: overwrites, inputs: [model] + changes)
    ) { folder in
      let table = try table(notice: notice)
      try write(table, into: folder)
      return table
    }
  }

  /// The rows of `efficacy.tsv`, not yet written.
  func table(notice: (String) -> Void) throws(RunError) -> TabSeparatedTable {
    do {
      try OptionCheck.prevalence(configuration.prevalence)
      let stored = try ModelFile.read(model)
      let digest = stored.digest
      var table = TabSeparatedTable(columns: Self.columns, name: "efficacy.tsv")
      for place in changes {
        let reading = try CohortReading.judging(place)
        reading.notices.forEach(notice)
        let extra = try protocolFlags(stored, reading, place: place, notice: notice)
        let cohort = reading.table.ofFirstReader()
        if let readers = cohort.notice { notice(readers) }
        for (patient, lesions) in cohort.table.patients {
          for row in rows(stored, patient: patient, lesions: lesions) {
            table.append(fields(row, stored, extra: extra, digest: digest))
          }
        }
      }
      return table
    } catch { throw RunError(error) }
  }

  /// Refuses another protocol than the cohort's, or names it.
  private func protocolFlags(
    _ stored: StoredEfficacyModel, _ reading: CohortReading, place: URL, notice: (String) -> Void
  ) throws(RunError) -> [String] {
    guard case .trained(let model) = stored else { return [] }
    guard let own = reading.fingerprint, let theirs = model.fingerprint else {
      return ["protocol unknown"]
    }
    let differences = theirs.differences(from: own)
    if differences.isEmpty { return [] }
    guard configuration.force else {
      throw RunError(
        .badInput, at: place.relativePath,
        "it was scanned or fitted differently than the cohort: \(differences.joined(separator: "; "))",
        advice:
          "Judge it by a cohort of its own protocol, or use --force and read the result as no more than a hint"
      )
    }
    notice(
      "\(place.relativePath): judged in spite of a different protocol: \(differences.joined(separator: "; "))"
    )
    return ["different protocol"]
  }

  private func rows(_ stored: StoredEfficacyModel, patient: String, lesions: [CohortLesion])
    -> [EfficacyJudgement]
  {
    switch stored {
    case .trained(let model):
      return model.judge(
        patient: patient,
        lesions: lesions.map {
          ($0.lesion, $0.measurement(model.features, variabilities: model.variabilities))
        }, prevalence: configuration.prevalence, allowSmall: configuration.allowSmall)
    case .summary(let model, let typicalSD):
      let judged = lesions.map { lesion in
        model.judgement(
          lesion, patient: patient, prevalence: configuration.prevalence, typicalSD: typicalSD)
      }
      var whole = judged[0]
      (whole.level, whole.lesion) = (.patient, "")
      if judged.count > 1 {
        whole.prediction = nil
        whole.flags = ["several lesions, spread unknown"]
      }
      return [whole] + judged
    }
  }

  private func fields(
    _ row: EfficacyJudgement, _ stored: StoredEfficacyModel, extra: [String], digest: String
  ) -> [String] {
    let p = row.prediction
    let numbers = [
      p?.probability, p?.modelInterval.lower, p?.modelInterval.upper, p?.ifKnown.lower, p?.ifKnown.upper,
      row.prediction == nil ? nil : row.logistic, p?.bayesFactor, p?.imagingShare, p?.cohortShare,
      row.prevalence,
    ].map { TabSeparatedTable.field($0 ?? .nan) }
    let stamp: String
    let isCalibrated: Bool
    switch stored {
    case .trained(let model): (stamp, isCalibrated) = (model.stamp, model.evaluation != nil)
    case .summary(let model, _): (stamp, isCalibrated) = (model.stamp, false)
    }
    let flags = row.flags + extra
    return [row.level.rawValue, row.patient, row.lesion] + numbers
      + [
        stamp, isCalibrated ? "true" : "false", flags.isEmpty ? "" : flags.joined(separator: "; "),
        digest,
      ]
  }

  private func write(_ table: TabSeparatedTable, into folder: OutputFolder) throws {
    try CohortComparison.write([(table, Self.descriptions)], into: folder)
    try AtomicFile.write(
      DatasetDescription.judgement("ivimbayes efficacy"),
      to: folder.file(DatasetDescription.name))
    try writePage(into: folder)
  }

  /// Writes the record and the page into `folder`, which holds the table.
  func writePage(into folder: OutputFolder) throws {
    let record = EfficacyRecord(
      model: try ModelFile.read(model).digest, judged: changes.map(\.lastPathComponent),
      isSynthetic: changes.contains(where: ReportSources.isSynthetic) || ReportSources.isSynthetic(model),
      configuration: configuration, version: IVIMBayesVersion.current, statement: IVIMBayesVersion.researchUse
    )
    try AtomicFile.write(try record.text(), to: folder.file(EfficacyRecord.name))
    try Report.writePage(of: folder.working, as: "efficacy_report.html")
  }
}

extension GroupSummaryModel {
  /// What stands beside every number of this model.
  var stamp: String {
    "\(name), n = \(effective.n + ineffective.n) (\(effective.n) effective, \(ineffective.n) ineffective), "
      + "uncalibrated, built from group summaries; research use only"
  }

  /// One lesion judged; its error beyond the typical one of the study widens both groups.
  func judgement(_ lesion: CohortLesion, patient: String, prevalence: Double?, typicalSD: Double?)
    -> EfficacyJudgement
  {
    let share = prevalence ?? self.prevalence
    var row = EfficacyJudgement(
      level: .lesion, patient: patient, lesion: lesion.lesion, prediction: nil, logistic: .nan,
      prevalence: share, flags: ["uncalibrated"])
    guard let feature = CohortFeature(name: self.feature) else { return row }
    let measured = lesion.measurement([feature], variabilities: EfficacyModel.Plan.builtInVariabilities)
    guard !measured.isEmpty else {
      row.flags.append("missing features")
      return row
    }
    let variance = measured.covariance[0] * feature.unit * feature.unit
    let excess = typicalSD.map { max(0, variance - $0 * $0).squareRoot() } ?? 0
    let value = measured.means[0] * feature.unit + feature.origin
    var prediction = predict(value, excessSD: excess)
    let odds = prediction.bayesFactor * share / (1 - share)
    prediction.probability = odds.isInfinite ? 1 : odds / (1 + odds)
    row.prediction = prediction
    return row
  }
}
