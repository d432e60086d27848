public import InferenceCore

/// Draws from the posterior of a ``TwoGroupModel``: all that a prediction needs.
public struct TwoGroupPosterior: Sendable, Equatable {
  /// The features, in the order of every measurement.
  public let features: [String]
  /// True if the cohort has patients with several lesions, so that their spread within patients is known.
  public let hasWithin: Bool
  /// `mu_effective[…]`, `mu_ineffective[…]`, `sd_between[…]`, `corr_between[…]`, the same for `within`,
  /// `prevalence`; in reference units.
  public let draws: Draws
  /// b_p of every draw, draws × (patients × features), features fastest; empty unless asked for.
  public let patientEffects: [[Double]]

  /// A posterior from stored draws.
  public init(features: [String], hasWithin: Bool, draws: Draws, patientEffects: [[Double]] = []) {
    self.features = features
    self.hasWithin = hasWithin
    self.draws = draws
    self.patientEffects = patientEffects
  }

  /// All draws of all chains.
  func states<let count: Int>() -> [TwoGroupState<count>] {
    let size = draws.parameters.count
    return (0..<draws.chainCount * draws.drawCount).map { draw in
      TwoGroupState(draws.values, from: draw * size, hasWithin: hasWithin)
    }
  }
}
