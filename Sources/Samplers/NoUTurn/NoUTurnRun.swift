public import InferenceCore

/// What the no-U-turn sampler returns: draws, and what each transition did.
public struct NoUTurnRun: Sendable {
  struct Chain: Sendable {
    var positions: [[Double]]
    var statistics: [NoUTurnStatistics]
  }

  /// Chains × draws × coordinates.
  public let draws: Draws
  /// Chains × draws.
  public let statistics: [[NoUTurnStatistics]]

  init(parameters: [Parameter], chains: [Chain]) {
    draws = Draws(parameters: parameters, chains: chains.map(\.positions))
    statistics = chains.map(\.statistics)
  }

  /// Divergent transitions after warm-up, in all chains.
  public var divergenceCount: Int { statistics.reduce(0) { $0 + $1.count { $0.isDivergent } } }

  /// The mean acceptance of each chain.
  public var acceptanceRates: [Double] {
    statistics.map { chain in chain.reduce(0) { $0 + $1.acceptance } / Double(max(1, chain.count)) }
  }
}
