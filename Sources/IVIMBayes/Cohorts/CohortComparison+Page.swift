internal import Checksums
internal import Cohort
internal import Foundation
internal import Lesions
internal import NIfTI
internal import Tables

extension CohortComparison {
  /// The model behind the probabilities of patients left out, or why there is none.
  enum LeftOut {
    case model(features: [String], counts: [Int]?)
    case lack(String)
  }

  /// The probabilities of the default model for `cohort`, patient by patient left out.
  ///
  /// A default feature that no patient has is left out of the model, and a notice says so.
  func leftOut(
    _ cohort: CohortTable, variabilities: [LesionParameter: ScanVariability], notice: (String) -> Void,
    meter: (Int) -> ProgressMeter
  ) throws(RunError) -> (TabSeparatedTable?, LeftOut) {
    var plan = EfficacyModel.Plan(
      variabilities: variabilities, effectiveResponses: try configuration.rule().responses,
      seed: configuration.seed)
    guard cohort.hasOutcomes else { return (nil, .lack("the cohort has no outcomes")) }
    let counts = cohort.patientCounts(plan.features)
    let absent = zip(plan.features, counts).filter { $0.1 == 0 }.map(\.0.name)
    plan.features = zip(plan.features, counts).filter { $0.1 > 0 }.map(\.0)
    guard !plan.features.isEmpty else {
      return (nil, .lack("no patient of known outcome has \(absent.joined(separator: " or "))"))
    }
    let patients = cohort.patients(plan.features, variabilities: variabilities)
    let progress = meter(patients.count)
    defer { progress.finish() }
    do {
      let (model, folds) = try EfficacyModel.trainLeavingOut(
        patients, cohort: cohort.name, plan: plan, step: { progress.add(1) })
      guard folds.scores != nil else { return (nil, .lack("no patient could be predicted from the others")) }
      if !absent.isEmpty {
        notice(
          "left-out probabilities are of \(plan.features.map(\.name).joined(separator: ", ")) alone: no patient of known "
            + "outcome has \(absent.joined(separator: ", "))")
      }
      return (folds.table, .model(features: model.features.map(\.name), counts: model.featureCounts))
    } catch {
      return (nil, .lack(Self.reason(error, features: plan.features.map(\.name))))
    }
  }

  /// Why there is no model.
  private static func reason(_ error: CohortError, features: [String]) -> String {
    guard case .tooFewPatients = error else { return error.description }
    guard case .lack(let reason) = lack(of: features) else { return error.description }
    return reason
  }

  /// Too few patients for a model of `features`.
  static func lack(of features: [String]) -> LeftOut {
    .lack(
      "fewer than \(EfficacyModel.fewestPatients) patients of an outcome have "
        + features.joined(separator: ", "))
  }

  /// Writes the record and the page into `folder`, which holds the tables.
  func writePage(into folder: OutputFolder, leftOut: LeftOut, name: String? = nil) throws {
    let (features, counts, lack): ([String], [Int]?, String) =
      switch leftOut {
      case .model(let features, let counts): (features, counts, "")
      case .lack(let reason): ([], nil, reason)
      }
    let record = CohortRecord(
      cohort: name ?? cohort.deletingPathExtension().lastPathComponent,
      table: try SHA256Digest(ofFile: cohort).description,
      isSynthetic: ReportSources.isSynthetic(cohort) || (name?.hasPrefix("SYNTHETIC") ?? false),
      seed: configuration.seed, effective: try configuration.rule().label, modelFeatures: features,
      featureCounts: counts, lack: lack,
      configuration: configuration, version: IVIMBayesVersion.current,
      statement: IVIMBayesVersion.researchUse)
    try AtomicFile.write(try record.text(), to: folder.file(CohortRecord.name))
    try Report.writePage(of: folder.working, as: "cohort_report.html")
  }
}

extension OutcomeRule {
  /// "CR,PR", or the user's own words.
  fileprivate var label: String {
    effectiveWords.isEmpty ? responses.label : effectiveWords.sorted().joined(separator: ",")
  }
}
