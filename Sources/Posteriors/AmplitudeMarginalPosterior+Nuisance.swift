public import InferenceCore

extension AmplitudeMarginalPosterior {
  /// The distribution of S₀ and σ given η.
  @inlinable
  public var nuisance: AmplitudeNuisance<L> {
    AmplitudeNuisance(noise, valueCount: valueCount, variate: variate)
  }

  /// Draws S₀ and σ given η, from the byproducts (G, Ŝ₀, R) of the density at η: a draw of ``nuisance``.
  @inlinable
  public func drawNuisance(
    from byproducts: [L], using random: inout LaneRandom<L>
  ) -> (amplitude: L, sigma: L) {
    nuisance.draw(from: byproducts, using: &random)
  }
}
