internal import Cohort
public import Foundation

/// Every option of `cohort`, with its default; it is written into the record of the comparison.
public struct CohortConfiguration: Codable, Sendable, Equatable {
  /// Features or columns by name; nil takes every feature that the table has.
  public var features: [String]?
  /// Variables of a logistic regression; nil fits none.
  public var logistic: [String]?
  /// The words of outcomes that are effective; nil is CR and PR.
  public var effective: [String]?
  /// Words of the user's own that mean ineffective.
  public var ineffective: [String]?
  /// Percentages of PD-L1 from here on are positive.
  public var pdl1Cutoff = 1.0
  /// The seed.
  public var seed: UInt64 = 1

  enum CodingKeys: String, CodingKey, CaseIterable {
    case features, logistic, effective, ineffective, seed
    case pdl1Cutoff = "pdl1-cutoff"
  }

  /// The defaults.
  public init() {}

  /// Options from a file, or from the record of an earlier comparison; what is missing takes its default.
  ///
  /// - Throws: `RunError` if the file cannot be read, is no JSON object, or has an unknown or unusable entry.
  public static func read(_ file: URL) throws(RunError) -> CohortConfiguration {
    try ConfigurationFile.read(
      file, default: CohortConfiguration(), keys: CodingKeys.allCases.map(\.rawValue))
  }

  /// How outcomes are read.
  func rule() throws(RunError) -> OutcomeRule { try OutcomeRule(options: effective, ineffective) }
}

/// Every option of `efficacy train`, with its default; it is written into the model file.
public struct TrainingConfiguration: Codable, Sendable, Equatable {
  /// The features by name; named before the outcomes were known.
  public var features = CohortFeature.defaults.map(\.name)
  /// The words of outcomes that are effective; nil is CR and PR.
  public var effective: [String]?
  /// Words of the user's own that mean ineffective.
  public var ineffective: [String]?
  /// What results call the cohort; nil takes the name of the file.
  public var name: String?
  /// The share of effective treatment among those to be judged; nil learns it from the cohort.
  public var prevalence: Double?
  /// True if draws of different protocols are taken together.
  public var force = false
  /// The seed.
  public var seed: UInt64 = 1

  enum CodingKeys: String, CodingKey, CaseIterable {
    case features, effective, ineffective, name, prevalence, force, seed
  }

  /// The defaults.
  public init() {}

  /// Options from a file, or from an earlier model file; what is missing takes its default.
  ///
  /// - Throws: `RunError` if the file cannot be read, is no JSON object, or has an unknown or unusable entry.
  public static func read(_ file: URL) throws(RunError) -> TrainingConfiguration {
    try ConfigurationFile.read(
      file, default: TrainingConfiguration(), keys: CodingKeys.allCases.map(\.rawValue))
  }

  /// How outcomes are read.
  func rule() throws(RunError) -> OutcomeRule { try OutcomeRule(options: effective, ineffective) }
}

/// Every option of `efficacy predict`, with its default; it is written into the record of the judgement.
public struct JudgingConfiguration: Codable, Sendable, Equatable {
  /// The share of effective treatment where it differs from the cohort's.
  public var prevalence: Double?
  /// True if single patients are judged by a model with fewer than ten patients in a class.
  public var allowSmall = false
  /// True if scans of another protocol than the cohort's are judged all the same.
  public var force = false

  enum CodingKeys: String, CodingKey, CaseIterable {
    case prevalence, force
    case allowSmall = "allow-small"
  }

  /// The defaults.
  public init() {}

  /// Options from a file, or from the record of an earlier judgement; what is missing takes its default.
  ///
  /// - Throws: `RunError` if the file cannot be read, is no JSON object, or has an unknown or unusable entry.
  public static func read(_ file: URL) throws(RunError) -> JudgingConfiguration {
    try ConfigurationFile.read(
      file, default: JudgingConfiguration(), keys: CodingKeys.allCases.map(\.rawValue))
  }
}

/// Options that mean nothing.
enum OptionCheck {
  /// Refuses a prevalence that is none.
  static func prevalence(_ value: Double?) throws(RunError) {
    guard let value, !(value > 0 && value < 1) else { return }
    throw RunError(
      .usage, at: "--prevalence", "\(value) is not between 0 and 1", advice: "Give for example 0.4")
  }
}

extension OutcomeRule {
  /// The rule of `--effective` and `--ineffective`; without either CR and PR are effective.
  ///
  /// - Throws: status 64 if the words do not divide outcomes into two.
  init(options effective: [String]?, _ ineffective: [String]?) throws(RunError) {
    guard effective != nil || ineffective != nil else {
      self.init()
      return
    }
    guard let rule = OutcomeRule(effective: effective ?? [], ineffective: ineffective ?? []) else {
      throw RunError(
        .usage, at: "--effective, --ineffective", "the words do not divide outcomes into two",
        advice: "Give RECIST categories such as CR,PR,SD, or words on both sides")
    }
    self = rule
  }
}
