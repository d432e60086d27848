public import InferenceCore
public import LaneMath

extension AmplitudeMarginalPosterior {
  /// Draws S₀ and σ given η, from the byproducts (G, Ŝ₀, R) of the density at η.
  ///
  ///     σ² ~ IG((N − 1 + ν₀)/2, (R + ν₀ s²)/2)        S₀ ~ N(Ŝ₀, σ/√G)
  ///
  /// or, with the proper prior, σ² ~ IG(aₙ, cₙ) and S₀ ~ N(mₙ, σ √vₙ). Together with a draw of η this is a draw of the
  /// joint posterior (van Dyk and Park 2008, doi:10.1198/016214508000000409).
  /// - S₀ may come out negative where the signal is below its noise.
  @inlinable
  public func drawNuisance(
    from byproducts: [L], using random: inout LaneRandom<L>
  ) -> (amplitude: L, sigma: L) {
    let fit = AmplitudeFit(gg: byproducts[0], amplitude: byproducts[1], residual: byproducts[2])
    let normal = random.normalPair().0
    let count = valueCount
    switch noise {
    case .known(let variance):
      return (fit.amplitude + (variance / fit.gg).squareRoot() * normal, variance.squareRoot())
    case .pooled(let nu0, let variance):
      let shape = 0.5 * ((count - 1) + nu0)
      let drawn = (0.5 * (fit.residual + nu0 * variance)) / random.gamma(shape: shape)
      return (fit.amplitude + (drawn / fit.gg).squareRoot() * normal, drawn.squareRoot())
    case .normalInverseGamma:
      let update = normalInverseGammaUpdate(fit)
      let drawn = update.scale / random.gamma(shape: update.shape)
      return (update.mean + (drawn * update.relativeVariance).squareRoot() * normal, drawn.squareRoot())
    }
  }
}
