internal import Checksums
internal import Diagnostics
internal import Foundation

/// What a page needs of `STEM_run.json`.
struct RunFileContents: Sendable {
  let configuration: FitConfiguration
  let version: String
  /// Digests of the inputs by name.
  let inputs: [(name: String, digest: String)]
  let priorsName: String
  /// b-values (s/mm²), times (s) or angles (degrees).
  let settings: [Double]
  /// `b_values`, `inversion_times`, ….
  let settingsName: String
  /// s; nil if the method has none.
  let repetitionTime: Double?
  let notices: [String]
  let excludedVoxels: Int
  let verdict: Verdict
  let flags: [HealthFlag]
  let isSynthetic: Bool
  /// The digest of the run file itself.
  let digest: String

  init(_ file: URL) throws(RunError) {
    configuration = try FitConfiguration.read(file)
    guard let contents = try? Data(contentsOf: file),
      let object = try? JSONSerialization.jsonObject(with: contents) as? [String: Any],
      let digest = try? SHA256Digest(ofFile: file)
    else {
      throw RunError(
        .badInput, at: file.relativePath, "the run file cannot be read", advice: "Repeat the fit")
    }
    self.digest = digest.description
    version = (object["software"] as? [String: Any])?["version"] as? String ?? "unknown"
    inputs = ((object["inputs"] as? [String: String]) ?? [:]).sorted { $0.key < $1.key }.map {
      ($0.key, $0.value)
    }
    priorsName = (object["priors"] as? [String: Any])?["name"] as? String ?? "unknown"
    let scanProtocol = object["protocol"] as? [String: Any] ?? [:]
    let recorded = RecordedSettings(scanProtocol)
    (settingsName, settings) = (recorded.name, recorded.values)
    repetitionTime = (scanProtocol["repetition_time"] as? NSNumber)?.doubleValue
    notices = object["notices"] as? [String] ?? []
    excludedVoxels = ((object["excluded_voxels"] as? [String: NSNumber]) ?? [:]).values.reduce(0) {
      $0 + $1.intValue
    }
    isSynthetic = object["synthetic"] as? Bool ?? false
    let health = object["health"] as? [String: Any] ?? [:]
    verdict = Verdict.allCases.first { $0.word == health["verdict"] as? String } ?? .fail
    flags = (health["flags"] as? [[String]] ?? []).compactMap { HealthFlag(record: $0) }
  }
}
