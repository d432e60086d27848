internal import Foundation
internal import Posteriors
internal import Tables

extension FitConfiguration {
  /// The priors that the record `file` of an earlier run states, if they are others than those of its tissue; nil if it is a
  /// file of options alone.
  ///
  /// - Throws: status 65 if they are no priors.
  func recordedPriors(in file: URL) throws(RunError) -> TissuePriors? {
    guard let contents = try? SmallFile.read(file),
      let record = try? JSONSerialization.jsonObject(with: contents) as? [String: Any],
      let stated = record["priors"] as? [String: Any], var members = stated["values"] as? [String: Any]
    else { return nil }
    members["name"] = stated["name"]
    guard let json = try? JSONSerialization.data(withJSONObject: members) else { return nil }
    do {
      let priors = try TissuePriors(json: json, file: file.lastPathComponent)
      return priors.json == TissuePriors.named(tissue)?.json ? nil : priors
    } catch { throw RunError(error) }
  }
}
