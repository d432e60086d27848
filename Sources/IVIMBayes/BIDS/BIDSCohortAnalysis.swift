internal import Cohort
public import Foundation
internal import NIfTI
internal import Tables

/// How the group level compares and judges the cohort.
public struct BIDSCohortOptions: Sendable {
  /// Features of the model and the tables by name; nil is the model's default, and every feature in the tables.
  public var features: [String]?
  /// The words of outcomes that are effective; nil is CR and PR.
  public var effective: [String]?
  /// Words of the user's own that mean ineffective.
  public var ineffective: [String]?
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
/// - `groups.tsv`, `paired.tsv`, `roc.tsv`, `roc-pairs.tsv`, `patients.tsv`, and `cohort_report.html`, the page, as `cohort`
///   writes them;
/// - `efficacy-model.json`, and in `left-out.tsv` every patient's probability by the model without that patient;
/// - `efficacy.tsv` of the patients whose outcome is not known yet, and `efficacy_report.html`.
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
    let comparison = comparison(of: file)
    var leftOut = CohortComparison.lack(of: trainingConfiguration.features)
    try collecting("tables", &lacks, in: folder) { () throws(RunError) in
      let tables = try comparison.tables(notice: notice)
      do { try CohortComparison.write(tables, into: folder) } catch { throw RunError(error) }
    }
    try collecting("efficacy model", &lacks, in: folder) { () throws(RunError) in
      let model = folder.file("efficacy-model.json")
      var training = EfficacyTraining(cohort: file, output: model, trainingConfiguration)
      training.base = place
      training.repeatability = options.repeatability
      let trained = try training.train()
      do {
        try AtomicFile.write(trained.leftOut, to: folder.file("left-out.tsv"))
        try AtomicFile.write(trained.file, to: model)
      } catch { throw RunError(error) }
      notice(EfficacyText.model(trained.model))
      leftOut = .model(
        features: trained.model.features.map(\.name), counts: trained.model.featureCounts)
      try judge(by: model, into: folder)
    }
    if !lacks.contains(where: { $0.what == "tables" }) {
      try comparison.writePage(into: folder, leftOut: leftOut, name: cohortName)
    }
    return lacks
  }

  private func comparison(of file: URL) -> CohortComparison {
    var configuration = CohortConfiguration()
    configuration.features = options.features
    (configuration.effective, configuration.ineffective) = (options.effective, options.ineffective)
    (configuration.pdl1Cutoff, configuration.seed) = (options.pdl1Cutoff, options.seed)
    var comparison = CohortComparison(cohort: file, output: output.group, configuration)
    comparison.base = place
    comparison.repeatability = options.repeatability
    return comparison
  }

  private var trainingConfiguration: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    if let features = options.features { configuration.features = features }
    (configuration.effective, configuration.ineffective) = (options.effective, options.ineffective)
    (configuration.name, configuration.seed) = (cohortName, options.seed)
    return configuration
  }

  /// Judges the patients without an outcome.
  private func judge(by model: URL, into folder: OutputFolder) throws(RunError) {
    do {
      let (outcomes, paths) = (try cohort.strings("outcome"), try cohort.strings("changes"))
      var places: [String] = []
      let rule = try trainingConfiguration.rule()
      for (outcome, path) in zip(outcomes, paths)
      where rule.reading(outcome) == .missing && !places.contains(path) { places.append(path) }
      guard !places.isEmpty else { return }
      let judging = EfficacyJudging(
        model: model, changes: places.map { output.group.appending(path: $0).standardized },
        output: output.group)
      let table = try judging.table(notice: notice)
      try CohortComparison.write([(table, EfficacyJudging.descriptions)], into: folder)
      try judging.writePage(into: folder)
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

  /// What results call the cohort: the name of the derivative dataset unless one is given, stamped if any of its scans was
  /// simulated.
  private var cohortName: String {
    if let name = options.name { return name }
    let name = output.folder.standardized.lastPathComponent
    guard let units = try? output.units() else { return name }
    let isSynthetic = units.lazy.flatMap { output.fits(of: $0) }.contains { fit in
      (try? RunFileContents(RunFolder(fit).file("_run.json")))?.isSynthetic ?? false
    }
    return isSynthetic ? "SYNTHETIC \(name)" : name
  }
}
