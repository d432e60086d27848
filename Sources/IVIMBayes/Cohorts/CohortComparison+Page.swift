internal import Checksums
internal import Cohort
internal import Foundation
internal import Lesions
internal import NIfTI
internal import Tables

extension CohortComparison {
  /// The model behind the probabilities of patients left out, or why there is none.
  enum LeftOut {
    case model(features: [String])
    case lack(String)
  }

  /// The probabilities of the default model for `cohort`, patient by patient left out.
  func leftOut(_ cohort: CohortTable, variabilities: [LesionParameter: ScanVariability])
    throws(RunError) -> (TabSeparatedTable?, LeftOut)
  {
    let plan = EfficacyModel.Plan(
      variabilities: variabilities, effectiveResponses: try configuration.rule().responses,
      seed: configuration.seed)
    guard cohort.hasOutcomes else { return (nil, .lack("the cohort has no outcomes")) }
    do {
      let folds = try EfficacyModel.trainLeavingOut(
        cohort.patients(plan.features, variabilities: variabilities), cohort: cohort.name, plan: plan
      ).leftOut
      guard folds.scores != nil else { return (nil, .lack("no patient could be predicted from the others")) }
      return (folds.table, .model(features: plan.features.map(\.name)))
    } catch { return (nil, Self.lack(of: plan.features.map(\.name))) }
  }

  /// Too few patients for a model of `features`.
  static func lack(of features: [String]) -> LeftOut {
    .lack(
      "fewer than \(EfficacyModel.fewestPatients) patients of an outcome have "
        + features.joined(separator: ", "))
  }

  /// Writes the record and the page into `folder`, which holds the tables.
  func writePage(into folder: OutputFolder, leftOut: LeftOut, name: String? = nil) throws {
    let (features, lack): ([String], String) =
      switch leftOut {
      case .model(let features): (features, "")
      case .lack(let reason): ([], reason)
      }
    let record = CohortRecord(
      cohort: name ?? cohort.deletingPathExtension().lastPathComponent,
      table: try SHA256Digest(ofFile: cohort).description,
      isSynthetic: ReportSources.isSynthetic(cohort) || (name?.hasPrefix("SYNTHETIC") ?? false),
      seed: configuration.seed, effective: try configuration.rule().label, modelFeatures: features,
      lack: lack,
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
