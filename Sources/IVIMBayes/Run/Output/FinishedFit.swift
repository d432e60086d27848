internal import Diagnostics
internal import Foundation

/// A fit that is finished: what `--resume` finds where nothing is left to do.
enum FinishedFit {
  /// The report of the run in `files.output`, if it is of the same options and inputs; nil if there is none.
  static func report(_ files: FitFiles, _ configuration: FitConfiguration) throws(RunError) -> FitReport? {
    let record = files.output.appending(path: files.stem + "_run.json")
    guard let contents = try? Data(contentsOf: record),
      let members = try? JSONSerialization.jsonObject(with: contents) as? [String: Any]
    else { return nil }
    let digests = try files.digests(isT1: configuration.method != nil)
    let identity: RunIdentity
    do {
      identity = try RunIdentity(configuration.resolved, digests: digests, stem: files.stem)
    } catch { throw RunError(error) }
    guard identity.matches(record: members) else { return nil }
    if identity.owns(OutputFolder.partial(of: files.output).appending(path: "checkpoint")) {
      OutputFolder.removeLeftovers(beside: files.output)
    }
    let lesions = members["lesions"] as? [[String: Any]] ?? []
    let health = members["health"] as? [String: Any] ?? [:]
    let flags = (health["flags"] as? [[String]] ?? []).compactMap { HealthFlag(record: $0) }
    return FitReport(
      folder: files.output, stem: files.stem, lesionCount: lesions.count,
      voxelCount: members["voxels"] as? Int ?? 0,
      verdict: Verdict(recorded: health["verdict"] as? String), flags: flags,
      isPointEstimate: configuration.engine == FitConfiguration.leastSquares)
  }
}
