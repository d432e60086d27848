internal import Checksums
internal import Cohort
internal import Foundation
internal import Lesions
internal import NIfTI
internal import Tables

extension CohortComparison {
  /// Every patient's probability by a model of the others, or why there is none.
  enum LeftOut {
    case table(TabSeparatedTable, features: [String])
    case lack(String)
  }

  /// The probabilities of the default model for `cohort`, patient by patient left out.
  func leftOut(_ cohort: CohortTable, variabilities: [LesionParameter: ScanVariability]) -> LeftOut {
    let plan = EfficacyModel.Plan(
      variabilities: variabilities, effectiveResponses: rule.responses, seed: seed)
    guard cohort.hasOutcomes else { return .lack("the cohort has no outcomes") }
    do {
      let folds = try EfficacyModel.trainLeavingOut(
        cohort.patients(plan.features, variabilities: variabilities), cohort: cohort.name, plan: plan
      ).leftOut
      guard folds.scores != nil else { return .lack("no patient could be predicted from the others") }
      return .table(folds.table, features: plan.features.map(\.name))
    } catch {
      let names = plan.features.map(\.name).joined(separator: ", ")
      return .lack(
        "fewer than \(EfficacyModel.fewestPatients) patients of an outcome have \(names)")
    }
  }

  /// Writes the record and the page into `folder`, which holds the tables.
  func writePage(into folder: OutputFolder, leftOut: LeftOut, name: String? = nil) throws {
    let (features, lack): ([String], String) =
      switch leftOut {
      case .table(_, let features): (features, "")
      case .lack(let reason): ([], reason)
      }
    let record = CohortRecord(
      cohort: name ?? cohort.deletingPathExtension().lastPathComponent,
      table: try SHA256Digest(ofFile: cohort).description,
      isSynthetic: ReportSources.isSynthetic(cohort) || (name?.hasPrefix("SYNTHETIC") ?? false), seed: seed,
      effective: rule.label, modelFeatures: features, lack: lack,
      version: IVIMBayesVersion.current, statement: IVIMBayesVersion.researchUse)
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
