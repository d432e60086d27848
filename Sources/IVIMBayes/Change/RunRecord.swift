internal import Acquisitions
internal import Checksums
internal import Foundation
internal import Lesions

/// What the `_run.json` of a fit says of its protocol and its model.
struct RunRecord {
  let configuration: FitConfiguration
  let fingerprint: ProtocolFingerprint.Fit
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
    isTable = !configuration.roiMean && run.mappedParameters().isEmpty
    fingerprint = Self.fingerprint(
      configuration, scan: scan, priors: priors, ofMeans: configuration.roiMean || isTable)
  }

  private static func fingerprint(
    _ configuration: FitConfiguration, scan: [String: Any], priors: [String: Any], ofMeans: Bool
  ) -> ProtocolFingerprint.Fit {
    let method = configuration.method.flatMap { T1Method(rawValue: $0) }
    let settings =
      ["b_values", "inversion_times", "saturation_times", "flip_angles"].lazy
      .compactMap { scan[$0] as? [Any] }.first ?? []
    let polarity = configuration.polarity.flatMap { SignalPolarity(rawValue: $0) } ?? method?.defaultPolarity
    let usual = polarity == .magnitude ? "rician" : "gaussian"
    let values = JSONText.object(priors["values"] as? [String: Any] ?? [:])
    return ProtocolFingerprint.Fit(
      model: (method?.rawValue ?? configuration.model) + (ofMeans ? " of lesion means" : ""),
      settings: settings.compactMap {
        ($0 as? NSNumber)?.doubleValue ?? ($0 as? String).flatMap(Double.init)
      },
      noise: configuration.noise ?? usual, prior: configuration.lesionPrior,
      priorHash: SHA256Digest(of: Data(values.utf8)).description,
      fieldStrength: (scan["field_strength"] as? NSNumber)?.doubleValue,
      hasTriggeredTimes: method == .molli || method == .sasha)
  }
}
