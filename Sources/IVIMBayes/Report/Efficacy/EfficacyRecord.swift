internal import Foundation

/// `efficacy_run.json`: what was judged, and by which model.
struct EfficacyRecord: Codable, Sendable {
  static let name = "efficacy_run.json"

  /// SHA-256 of the model.
  var model: String
  /// The names of the folders and tables that were judged, without paths.
  var judged: [String]
  var isSynthetic: Bool
  /// The options of the judgement; nil in records of versions that kept none.
  var configuration: JudgingConfiguration?
  var version: String
  var statement: String

  enum CodingKeys: String, CodingKey {
    case judged, configuration, version, statement
    case model = "model_sha256"
    case isSynthetic = "synthetic"
  }
}

extension EfficacyRecord {
  /// Reads the record of a folder.
  init(_ file: URL) throws(RunError) {
    do { self = try JSONDecoder().decode(EfficacyRecord.self, from: Data(contentsOf: file)) } catch {
      throw RunError(
        .badInput, at: file.relativePath,
        "the record of the judgement cannot be read: \(JSONText.reason(error))",
        advice: "Repeat ivimbayes efficacy predict")
    }
  }

  /// The record as a file.
  func text() throws -> String {
    let encoder = JSONEncoder.ofRuns
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}
