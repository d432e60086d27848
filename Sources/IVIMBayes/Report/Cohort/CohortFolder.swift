internal import Foundation
internal import Tables

/// The folder that `cohort` wrote, opened for its page.
struct CohortFolder: Sendable {
  /// The tables by the names of their files.
  let tables: [String: TabSeparatedTable]
  let record: CohortRecord

  private static let names = [
    "groups.tsv", "paired.tsv", "roc.tsv", "patients.tsv", "left-out.tsv", "readers.tsv",
  ]

  /// Nil if `folder` is none of `cohort`.
  ///
  /// - Throws: what its tables or its record lack.
  init?(_ folder: URL) throws(RunError) {
    func exists(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: folder.appending(path: name).path)
    }
    guard exists("groups.tsv"), exists(CohortRecord.name) else { return nil }
    var tables: [String: TabSeparatedTable] = [:]
    do {
      for name in Self.names where exists(name) {
        tables[name] = try TabSeparatedTable.read(folder.appending(path: name))
      }
    } catch { throw RunError(error) }
    self.tables = tables
    record = try CohortRecord(folder.appending(path: CohortRecord.name))
  }
}

/// `cohort_run.json`: which cohort was compared, and how.
struct CohortRecord: Codable, Sendable {
  static let name = "cohort_run.json"

  var cohort: String
  /// SHA-256 of the table.
  var table: String
  var isSynthetic: Bool
  var seed: UInt64
  /// The words that count as effective.
  var effective: String
  /// The features of the model behind the left-out probabilities; empty if there are none.
  var modelFeatures: [String]
  /// The number of patients that have each of them; nil in records of versions that did not count them.
  var featureCounts: [Int]?
  /// Why there are no left-out probabilities; empty if there are.
  var lack: String
  /// The options of the comparison; nil in records of versions that kept none.
  var configuration: CohortConfiguration?
  var version: String
  var statement: String

  enum CodingKeys: String, CodingKey {
    case cohort, seed, effective, lack, configuration, version, statement
    case table = "table_sha256"
    case isSynthetic = "synthetic"
    case modelFeatures = "model_features"
    case featureCounts = "model_feature_patients"
  }
}

extension CohortRecord {
  /// Reads the record of a folder.
  init(_ file: URL) throws(RunError) {
    do { self = try JSONDecoder().decode(CohortRecord.self, from: Data(contentsOf: file)) } catch {
      throw RunError(
        .badInput, at: file.relativePath,
        "the record of the cohort cannot be read: \(JSONText.reason(error))",
        advice: "Repeat ivimbayes cohort")
    }
  }

  /// The record as a file.
  func text() throws -> String {
    let encoder = JSONEncoder.ofRuns
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}
