internal import Acquisitions
public import Cohort
public import Foundation
internal import Lesions
internal import NIfTI
internal import Tables

/// `efficacy train`: from a cohort of known outcomes to a model file.
public struct EfficacyTraining: Sendable {
  /// The cohort table.
  public var cohort: URL
  /// The model file that is made.
  public var output: URL
  /// True if an older model file may be replaced.
  public var overwrites = false
  /// The table of the predictions of patients left out, if it is wanted.
  public var leftOut: URL?
  /// Where paths in the column `changes` begin; nil is the folder of the cohort table.
  var base: URL?
  /// Scan-to-scan variation from a study of the user's own.
  public var repeatability: URL?
  /// What is done.
  public var configuration: TrainingConfiguration

  /// A training of `cohort` into `output`.
  public init(cohort: URL, output: URL, _ configuration: TrainingConfiguration = TrainingConfiguration()) {
    self.cohort = cohort
    self.output = output
    self.configuration = configuration
  }

  /// Trains the model and writes its file, and the table of the patients left out.
  public func run(notice: (String) -> Void = { _ in }) throws(RunError) -> EfficacyModel {
    do {
      try ModelFile.check(output, overwriting: overwrites)
      if let leftOut { try ModelFile.check(leftOut, overwriting: overwrites) }
      let rule = try configuration.rule()
      let chosen = try configuration.features.map { name -> CohortFeature in
        guard let feature = CohortFeature(name: name) else {
          throw CohortError.unknownFeature(table: "--features", name: name)
        }
        return feature
      }
      try OptionCheck.prevalence(configuration.prevalence)
      let reading = try CohortReading(cohort, base: base, rule: rule, force: configuration.force)
      reading.notices.forEach(notice)
      let (table, readers) = reading.table.ofFirstReader()
      if let readers { notice(readers) }
      guard table.hasOutcomes else {
        throw TableError.missingColumn(
          file: table.name, column: "outcome", present: try TabSeparatedTable.read(cohort).columns)
      }
      var plan = EfficacyModel.Plan(
        features: chosen, prevalence: configuration.prevalence.map { .fixed($0) } ?? .learned,
        effectiveResponses: rule.responses, fingerprint: reading.fingerprint, seed: configuration.seed)
      if let file = repeatability {
        plan.variabilities.merge(try RepeatabilityTable.variabilities(contentsOf: file)) { $1 }
      }
      let (model, folds) = try EfficacyModel.trainLeavingOut(
        table.patients(chosen, variabilities: plan.variabilities),
        cohort: configuration.name ?? cohort.deletingPathExtension().lastPathComponent, plan: plan)
      if let leftOut { try ModelFile.write(folds.table.text, to: leftOut) }
      try ModelFile.write(.trained(model), configuration, to: output)
      return model
    } catch { throw RunError(error) }
  }
}

/// `efficacy from-summary`: a model from published group means and standard deviations.
public enum EfficacySummary {
  private struct Groups: Decodable {
    var name: String
    var feature: String
    var effective: GroupSummaryModel.Group
    var ineffective: GroupSummaryModel.Group
    var prevalence: Double?
    var typicalSD: Double?

    enum CodingKeys: String, CodingKey {
      case name, feature, effective, ineffective, prevalence
      case typicalSD = "typical_sd"
    }
  }

  /// Reads `groups` and writes the model file `output`.
  ///
  /// - Throws: status 65 for a file that lacks a mean, SD or n: an AUC alone gives separation but no location.
  public static func run(_ groups: URL, to output: URL, overwriting: Bool) throws(RunError)
    -> GroupSummaryModel
  {
    do {
      try ModelFile.check(output, overwriting: overwriting)
      guard let contents = try? SmallFile.read(groups) else {
        throw RunError(
          .missingInput, at: groups.relativePath, "the file cannot be read",
          advice: "Check its path and permissions")
      }
      let summary: Groups
      do { summary = try JSONDecoder().decode(Groups.self, from: contents) } catch {
        throw RunError(
          .badInput, at: groups.relativePath, "these are not group summaries: \(JSONText.reason(error))",
          advice:
            "Give name, feature, and n, mean and sd of effective and ineffective; an AUC or a p-value alone "
            + "cannot make a model")
      }
      guard let feature = CohortFeature(name: summary.feature) else {
        throw CohortError.unknownFeature(table: groups.relativePath, name: summary.feature)
      }
      let model = try GroupSummaryModel(
        name: summary.name, feature: feature.name, effective: summary.effective,
        ineffective: summary.ineffective, prevalence: summary.prevalence ?? 0.5)
      try ModelFile.write(.summary(model, typicalSD: summary.typicalSD), nil, to: output)
      return model
    } catch { throw RunError(error) }
  }
}

/// Model files on disk.
enum ModelFile {
  static func check(_ file: URL, overwriting: Bool) throws(RunError) {
    guard !overwriting, FileManager.default.fileExists(atPath: file.path) else { return }
    throw RunError(
      .cannotCreate, at: file.relativePath, "the file exists already",
      advice: "Choose another name, or add --overwrite")
  }

  static func write(_ model: StoredEfficacyModel, _ configuration: TrainingConfiguration?, to file: URL)
    throws
  {
    let json = try model.json(statement: IVIMBayesVersion.researchUse, configuration: configuration)
    try write(String(decoding: json, as: UTF8.self), to: file)
  }

  static func write(_ text: String, to file: URL) throws(RunError) {
    do { try AtomicFile.write(text, to: file) } catch {
      throw RunError(
        .cannotCreate, at: file.relativePath, "the file cannot be written",
        advice: "Check that its folder exists and may be written")
    }
  }

  static func read(_ file: URL) throws -> StoredEfficacyModel {
    guard let contents = try? SmallFile.read(file) else {
      throw RunError(
        .missingInput, at: file.relativePath, "there is no model to judge by: no probability is given",
        advice: "Train one with efficacy train; the changes stand without it")
    }
    return try StoredEfficacyModel(json: contents, file: file.relativePath)
  }
}
