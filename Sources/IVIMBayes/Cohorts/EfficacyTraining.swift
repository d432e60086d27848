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
  ///
  /// - `meter`: makes the meter of a number of patients that are left out one by one.
  /// - Throws: status 73 before any work if a file must not be written, 64 if both are one file.
  public func run(
    notice: (String) -> Void = { _ in }, meter: (Int) -> ProgressMeter = { _ in .silent }
  ) throws(RunError) -> EfficacyModel {
    if let leftOut, leftOut.canonicalPath == output.canonicalPath {
      throw RunError(
        .usage, at: "--left-out", "\(leftOut.relativePath) is the file of the model, which --out names",
        advice: "Give two names")
    }
    let inputs = [cohort] + [repeatability].compactMap { $0 }
    let file = try OwnedFile(output, kind: .model, overwriting: overwrites, inputs: inputs)
    let leftOutFile = try leftOut.map { place throws(RunError) in
      try OwnedFile(place, kind: .leftOut, overwriting: overwrites, inputs: inputs, option: "--left-out")
    }
    let trained = try train(notice: notice, meter: meter)
    if let leftOutFile { try leftOutFile.write(trained.leftOut) }
    try file.write(trained.file)
    return trained.model
  }

  /// A trained model, the text of its file, and the table of the patients left out.
  struct Trained {
    let model: EfficacyModel
    let file: String
    let leftOut: String
  }

  /// Trains the model; nothing is written.
  func train(
    notice: (String) -> Void = { _ in }, meter: (Int) -> ProgressMeter = { _ in .silent }
  ) throws(RunError) -> Trained {
    do {
      let rule = try configuration.rule()
      try OptionCheck.prevalence(configuration.prevalence)
      let reading = try CohortReading(cohort, base: base, rule: rule, force: configuration.force)
      reading.notices.forEach(notice)
      let (table, readers) = reading.table.ofFirstReader()
      if let readers { notice(readers) }
      guard table.hasOutcomes else {
        throw TableError.missingColumn(
          file: table.name, column: "outcome", present: try TabSeparatedTable.read(cohort).columns)
      }
      let chosen = try table.modelFeatures(configuration.features)
      try table.checkFeatures(chosen)
      var plan = EfficacyModel.Plan(
        features: chosen, prevalence: configuration.prevalence.map { .fixed($0) } ?? .learned,
        effectiveResponses: rule.responses, fingerprint: reading.fingerprint, seed: configuration.seed)
      if let file = repeatability {
        plan.variabilities.merge(try RepeatabilityTable.variabilities(contentsOf: file)) { $1 }
      }
      let patients = table.patients(chosen, variabilities: plan.variabilities)
      let meter = meter(patients.count)
      defer { meter.finish() }
      let (model, folds) = try EfficacyModel.trainLeavingOut(
        patients, cohort: configuration.name ?? cohort.deletingPathExtension().lastPathComponent, plan: plan,
        step: { meter.add(1) })
      return Trained(
        model: model, file: try ModelFile.text(.trained(model), configuration), leftOut: folds.table.text)
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
      let file = try OwnedFile(output, kind: .model, overwriting: overwriting, inputs: [groups])
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
      try file.write(try ModelFile.text(.summary(model, typicalSD: summary.typicalSD), nil))
      return model
    } catch { throw RunError(error) }
  }
}

/// Model files on disk.
enum ModelFile {
  /// The text of the file of `model`.
  static func text(_ model: StoredEfficacyModel, _ configuration: TrainingConfiguration?) throws -> String {
    let json = try model.json(statement: IVIMBayesVersion.researchUse, configuration: configuration)
    return String(decoding: json, as: UTF8.self)
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
