internal import Checksums
public import Foundation
internal import Lesions

/// A model file: what `efficacy train` and `efficacy from-summary` write and `efficacy predict` reads.
public enum StoredEfficacyModel: Sendable, Equatable {
  /// Trained on patients.
  case trained(EfficacyModel)
  /// Built from published group summaries; nothing checked it against outcomes.
  case summary(GroupSummaryModel, typicalSD: Double?)

  /// The form of the file; changed with its meaning.
  static let version = 1

  private struct Contents: Codable {
    var cohort: String
    var features: [String]
    var effectiveResponses: String?
    var effectiveCount: Int
    var ineffectiveCount: Int
    var featureCounts: [Int]?
    var fingerprint: ProtocolFingerprint?
    var variabilities: [String: ScanVariability]?
    var hasWithin: Bool?
    var groups: StoredDraws?
    var logistic: StoredDraws?
    var evaluation: ModelEvaluation?
    var seed: UInt64?
    var summary: GroupSummaryModel?
    var typicalSD: Double?
  }

  private struct File<Options: Codable>: Codable {
    var format: String
    var version: Int
    var sha256: String
    var statement: String
    /// How the model was trained: what repeats the training, and no part of what judges.
    var configuration: Options?
    var model: Contents
  }

  /// Options that a reader of the model leaves alone.
  private struct Unread: Codable {}

  private static let format = "ivimbayes-efficacy-model"

  private static func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  private var contents: Contents {
    switch self {
    case .trained(let model):
      Contents(
        cohort: model.cohort, features: model.features.map(\.name),
        effectiveResponses: model.effectiveResponses.label, effectiveCount: model.effectiveCount,
        ineffectiveCount: model.ineffectiveCount, featureCounts: model.featureCounts,
        fingerprint: model.fingerprint,
        variabilities: Dictionary(
          uniqueKeysWithValues: model.variabilities.map { ($0.key.rawValue, $0.value) }),
        hasWithin: model.groups.hasWithin, groups: StoredDraws(model.groups.draws),
        logistic: StoredDraws(model.logistic.draws), evaluation: model.evaluation, seed: model.seed)
    case .summary(let model, let typicalSD):
      Contents(
        cohort: model.name, features: [model.feature], effectiveCount: model.effective.n,
        ineffectiveCount: model.ineffective.n, summary: model, typicalSD: typicalSD)
    }
  }

  /// SHA-256 of the model's contents in canonical form: what names it in every result.
  public var digest: String {
    (try? Self.encoder().encode(contents)).map { SHA256Digest(of: $0).description } ?? ""
  }

  /// The file, with the options of the training beside the model: no patient, no path, no time.
  public func json(statement: String, configuration: (some Codable)?) throws -> Data {
    let file = File(
      format: Self.format, version: Self.version, sha256: digest, statement: statement,
      configuration: configuration, model: contents)
    return try Self.encoder().encode(file) + Data("\n".utf8)
  }

  /// Reads a model file.
  ///
  /// - Throws: `unusableModel` if it is none, of another version, or its contents do not have the digest it names.
  public init(json: Data, file name: String) throws(CohortError) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let file = try? decoder.decode(File<Unread>.self, from: json), file.format == Self.format else {
      throw .unusableModel(file: name, reason: "this is not an efficacy model")
    }
    guard file.version == Self.version else {
      throw .unusableModel(file: name, reason: "the model is of version \(file.version), not \(Self.version)")
    }
    let model = file.model
    guard let encoded = try? Self.encoder().encode(model),
      SHA256Digest(of: encoded).description == file.sha256
    else {
      throw .unusableModel(file: name, reason: "the contents do not have the digest that the file names")
    }
    if let summary = model.summary {
      self = .summary(summary, typicalSD: model.typicalSD)
      return
    }
    let features = model.features.compactMap { CohortFeature(name: $0) }
    guard let groups = model.groups?.draws, let logistic = model.logistic?.draws,
      let hasWithin = model.hasWithin, let label = model.effectiveResponses,
      features.count == model.features.count, (1...TwoGroupModel.mostFeatures).contains(features.count)
    else { throw .unusableModel(file: name, reason: "the model is incomplete") }
    let responses = EffectiveResponses(
      Set(label.split(separator: ",").compactMap { ResponseCategory(rawValue: String($0)) }))
    var variabilities: [LesionParameter: ScanVariability] = [:]
    for (name, figure) in model.variabilities ?? [:] {
      if let parameter = LesionParameter(rawValue: name) { variabilities[parameter] = figure }
    }
    self = .trained(
      EfficacyModel(
        cohort: model.cohort, features: features, effectiveResponses: responses,
        effectiveCount: model.effectiveCount, ineffectiveCount: model.ineffectiveCount,
        featureCounts: model.featureCounts, fingerprint: model.fingerprint, variabilities: variabilities,
        groups: TwoGroupPosterior(features: model.features, hasWithin: hasWithin, draws: groups),
        logistic: LogisticPosterior(features: model.features, hasWithin: hasWithin, draws: logistic),
        evaluation: model.evaluation, seed: model.seed ?? 1))
  }
}
