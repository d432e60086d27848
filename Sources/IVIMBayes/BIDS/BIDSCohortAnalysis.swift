public import Cohort
public import Foundation
internal import NIfTI
internal import Tables

/// How the group level compares and judges the cohort.
public struct BIDSCohortOptions: Sendable {
  /// Features of the model and the tables by name; nil is the model's default, and every feature in the tables.
  public var features: [String]?
  /// How outcomes are read.
  public var rule = OutcomeRule()
  /// Percentages of PD-L1 from here on are positive.
  public var pdl1Cutoff = 1.0
  /// Scan-to-scan variation from a study of the user's own.
  public var repeatability: URL?
  /// What results call the cohort; nil takes the name of the derivative dataset.
  public var name: String?
  /// The seed.
  public var seed: UInt64 = 1

  /// The defaults.
  public init() {}
}

/// The tables, the model and the judgements of the cohort that the group level has collected.
///
/// - `groups.tsv`, `paired.tsv`, `roc.tsv`, `roc-pairs.tsv`, as `cohort` writes them;
/// - `efficacy-model.json`, and in `left-out.tsv` every patient's probability by the model without that patient;
/// - `efficacy.tsv` of the patients whose outcome is not known yet.
///
/// What the cohort is too small for is left out, with a notice.
struct BIDSCohortAnalysis {
  let cohort: TabSeparatedTable
  let output: BIDSOutput
  let options: BIDSCohortOptions
  let notice: (String) -> Void

  /// What could not be made.
  struct Lack {
    let what: String
    let error: RunError
  }

  /// Writes into `folder`, which holds `cohort.tsv` already.
  ///
  /// - Throws: what keeps files from being written; insufficient data are returned.
  func write(into folder: OutputFolder) throws -> [Lack] {
    let file = folder.file("cohort.tsv")
    var lacks: [Lack] = []
    try collecting("tables", &lacks, in: folder) { () throws(RunError) in
      var comparison = CohortComparison(cohort: file, output: output.group)
      comparison.base = place
      comparison.features = options.features
      (comparison.rule, comparison.pdl1Cutoff) = (options.rule, options.pdl1Cutoff)
      (comparison.repeatability, comparison.seed) = (options.repeatability, options.seed)
      let tables = try comparison.tables(notice: notice)
      do { try CohortComparison.write(tables, into: folder) } catch { throw RunError(error) }
    }
    try collecting("efficacy model", &lacks, in: folder) { () throws(RunError) in
      let model = folder.file("efficacy-model.json")
      var training = EfficacyTraining(cohort: file, output: model)
      training.base = place
      training.leftOut = folder.file("left-out.tsv")
      if let features = options.features { training.features = features }
      training.rule = options.rule
      training.name = options.name ?? name
      (training.repeatability, training.seed) = (options.repeatability, options.seed)
      notice(EfficacyText.model(try training.run()))
      try judge(by: model, into: folder)
    }
    return lacks
  }

  /// Judges the patients without an outcome.
  private func judge(by model: URL, into folder: OutputFolder) throws(RunError) {
    do {
      let (outcomes, paths) = (try cohort.strings("outcome"), try cohort.strings("changes"))
      var places: [String] = []
      for (outcome, path) in zip(outcomes, paths)
      where options.rule.reading(outcome) == .missing && !places.contains(path) { places.append(path) }
      guard !places.isEmpty else { return }
      let judging = EfficacyJudging(
        model: model, changes: places.map { output.group.appending(path: $0).standardized },
        output: output.group)
      let table = try judging.table(notice: notice)
      try CohortComparison.write([(table, EfficacyJudging.descriptions)], into: folder)
    } catch { throw RunError(error) }
  }

  /// Where the paths of `cohort.tsv` begin: the folder in which it will be.
  private var place: URL { URL(filePath: output.group.path, directoryHint: .isDirectory) }

  /// Runs one part; data that do not suffice for it are a lack, anything else is thrown.
  ///
  /// Messages name files by the place in `folder` where they will be.
  private func collecting(
    _ what: String, _ lacks: inout [Lack], in folder: OutputFolder, _ part: () throws(RunError) -> Void
  ) throws(RunError) {
    do { try part() } catch {
      guard error.status == .badInput else { throw error }
      let text = error.description.replacing(folder.working.relativePath, with: output.group.relativePath)
      lacks.append(Lack(what: what, error: RunError(status: error.status, description: text)))
    }
  }

  /// The name of the derivative dataset, stamped if any of its scans was simulated.
  private var name: String {
    let name = output.folder.standardized.lastPathComponent
    guard let units = try? output.units() else { return name }
    let isSynthetic = units.lazy.flatMap { output.fits(of: $0) }.contains { fit in
      (try? RunFileContents(RunFolder(fit).file("_run.json")))?.isSynthetic ?? false
    }
    return isSynthetic ? "SYNTHETIC \(name)" : name
  }
}
