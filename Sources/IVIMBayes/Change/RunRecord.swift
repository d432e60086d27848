internal import Acquisitions
internal import Checksums
internal import Foundation
internal import Lesions

/// What the `_run.json` of a fit says of its protocol and its model.
struct RunRecord {
  let configuration: FitConfiguration
  let fingerprint: ProtocolFingerprint.Fit
  /// Settings of every volume that was fitted, in order.
  let settings: [Double]
  /// Averages behind each of them; empty for T1.
  let averages: [Double]
  /// The priors as a file of priors.
  let priors: String
  /// The prior mean of the inversion factor.
  let inversion: Double
  /// The digests of the images that were fitted; empty if the record does not state them.
  let images: Set<String>
  /// True if the input was a table of curves, whose lesions have names and no labels.
  let isTable: Bool

  /// Reads the record of `run`.
  init(_ run: RunFolder) throws(RunError) {
    let file = run.file("_run.json")
    configuration = try FitConfiguration.read(file)
    guard let contents = try? Data(contentsOf: file),
      let record = try? JSONSerialization.jsonObject(with: contents) as? [String: Any],
      let scan = record["protocol"] as? [String: Any], let priors = record["priors"] as? [String: Any]
    else {
      throw RunError(
        .badInput, at: file.relativePath, "this is not the record of a fit: it lacks protocol or priors",
        advice: "Give the --out of a fit ivim or fit t1")
    }
    images = Set(record["images"] as? [String] ?? [])
    settings = RecordedSettings(scan).values
    averages = RecordedSettings.numbers(scan["averages"])
    let values = priors["values"] as? [String: Any] ?? [:]
    self.priors = JSONText.object(values.merging(["name": priors["name"] ?? "priors"]) { first, _ in first })
    inversion = ((values["inversion"] as? [String: Any])?["mean"] as? NSNumber)?.doubleValue ?? 1.9
    isTable = !configuration.roiMean && run.mappedParameters().isEmpty
    fingerprint = Self.fingerprint(
      configuration, scan: scan, priors: priors, ofMeans: configuration.roiMean || isTable)
  }

  private static func fingerprint(
    _ configuration: FitConfiguration, scan: [String: Any], priors: [String: Any], ofMeans: Bool
  ) -> ProtocolFingerprint.Fit {
    let method = configuration.method.flatMap { T1Method(rawValue: $0) }
    let values = JSONText.object(priors["values"] as? [String: Any] ?? [:])
    return ProtocolFingerprint.Fit(
      model: (method?.rawValue ?? configuration.model) + (ofMeans ? " of lesion means" : ""),
      settings: RecordedSettings(scan).values,
      noise: configuration.noiseModel.name, prior: configuration.priorFingerprint,
      priorHash: SHA256Digest(of: Data(values.utf8)).description,
      fieldStrength: (scan["field_strength"] as? NSNumber)?.doubleValue,
      hasTriggeredTimes: method == .molli || method == .sasha)
  }
}
