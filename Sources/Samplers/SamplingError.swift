/// Why a posterior could not be sampled or computed.
public enum SamplingError: Error, Sendable, Equatable {
  /// The density is zero, or not finite, where chain `chain` should begin.
  case impossibleStart(chain: Int, position: [Double])
  /// The density could not be evaluated in chain `chain`; `reason` is its own.
  case unusable(chain: Int, reason: String)
  /// The task was cancelled while chain `chain` was sampling.
  case cancelled(chain: Int)
  /// No finite density was found about `centre`, where the grid was first laid.
  case noDensity(centre: [Double])
  /// The density does not fall off: after `passes` widenings it is still not negligible at the edge of the grid along
  /// `coordinate`, which then spans `lower` to `upper`.
  case unbounded(coordinate: Int, lower: Double, upper: Double, passes: Int)
  /// `nodes` grid nodes do not resolve the density: refining still moves a mean or standard deviation by `change`
  /// standard deviations.
  case unresolved(nodes: Int, change: Double)
}

extension SamplingError: CustomStringConvertible {
  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .impossibleStart(let chain, let position):
      "the density is zero or not finite at the start: chain \(chain + 1), position \(position). "
        + "Start inside the support, such as at a mode."
    case .unusable(let chain, let reason):
      "the density cannot be evaluated (\(reason)): chain \(chain + 1). Check the measurements and the priors."
    case .cancelled(let chain):
      "sampling was cancelled: chain \(chain + 1). Run it again to get draws."
    case .noDensity(let centre):
      "the density is nowhere finite: about \(centre). "
        + "Check the measurements for values that are not finite or all equal."
    case .unbounded(let coordinate, let lower, let upper, let passes):
      "the density does not fall off: coordinate \(coordinate) from \(lower) to \(upper) after \(passes) "
        + "widenings of the grid. Give that coordinate a proper prior."
    case .unresolved(let nodes, let change):
      "the density is too narrow or too curved for a grid: with \(nodes) nodes the means still move by \(change) "
        + "SD. Use a sampling engine."
    }
  }
}
