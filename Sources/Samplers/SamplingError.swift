/// Why a sampler gave no draws.
public enum SamplingError: Error, Sendable, Equatable {
  /// The density is zero, or not finite, where chain `chain` should begin.
  case impossibleStart(chain: Int, position: [Double])
  /// The density could not be evaluated in chain `chain`; `reason` is its own.
  case unusable(chain: Int, reason: String)
  /// The task was cancelled while chain `chain` was sampling.
  case cancelled(chain: Int)
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
    }
  }
}
