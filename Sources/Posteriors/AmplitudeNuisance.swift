public import InferenceCore
public import LaneMath

/// S₀ and σ given η, from the byproducts (G, Ŝ₀, R) of an `AmplitudeMarginalPosterior` at η:
///
///     σ² ~ IG((N − 1 + ν₀)/2, (R + ν₀ s²)/2)        S₀ ~ N(Ŝ₀, σ/√G)
///
/// or, with the proper prior, σ² ~ IG(aₙ, cₙ) and S₀ ~ N(mₙ, σ √vₙ). Together with a draw of η a draw of these is one of
/// the joint posterior (van Dyk and Park 2008, doi:10.1198/016214508000000409).
public struct AmplitudeNuisance<L: Lane>: Sendable {
  @usableFromInline let noise: AmplitudeNoise<L>
  @usableFromInline let valueCount: Double
  /// The gamma numbers of 1/σ² if all lanes have one shape; nil draws them by rejection.
  @usableFromInline let variate: GammaVariate?

  /// The distribution under `noise` for `valueCount` values; `variate` must be that of `noise.gammaShape`, or nil.
  @inlinable
  public init(_ noise: AmplitudeNoise<L>, valueCount: Double, variate: GammaVariate?) {
    self.noise = noise
    self.valueCount = valueCount
    self.variate = variate
  }

  /// Draws S₀ and σ.
  ///
  /// - S₀ may come out negative where the signal is below its noise.
  @inlinable
  public func draw(from byproducts: [L], using random: inout LaneRandom<L>) -> (amplitude: L, sigma: L) {
    let (gg, amplitude, residual) = (byproducts[0], byproducts[1], byproducts[2])
    let (normal, other) = random.normalPair()
    switch noise {
    case .known(let variance):
      return (amplitude + (variance / gg).squareRoot() * normal, variance.squareRoot())
    case .pooled(let nu0, let variance):
      let gamma = variate?.numbers(of: other) ?? random.gamma(shape: 0.5 * ((valueCount - 1) + nu0))
      let drawn = (0.5 * (residual + nu0 * variance)) / gamma
      return (amplitude + (drawn / gg).squareRoot() * normal, drawn.squareRoot())
    case .normalInverseGamma(let m0, let v0, let a0, let c0):
      let update = noise.conjugateUpdate(
        gg: gg, amplitude: amplitude, residual: residual, mean: m0, relativeVariance: v0, shape: a0,
        scale: c0, valueCount: valueCount)
      let drawn = update.scale / (variate?.numbers(of: other) ?? random.gamma(shape: update.shape))
      return (update.mean + (drawn * update.relativeVariance).squareRoot() * normal, drawn.squareRoot())
    }
  }
}

extension AmplitudeNoise {
  /// The shape of the gamma distribution of 1/σ² given η for `valueCount` values, if all lanes have one.
  @inlinable
  public func gammaShape(valueCount: Double) -> Double? {
    switch self {
    case .known: nil
    case .pooled(let nu0, _): nu0 == L(nu0[0]) ? 0.5 * ((valueCount - 1) + nu0[0]) : nil
    case .normalInverseGamma(_, _, let a0, _): a0 + 0.5 * valueCount
    }
  }

  /// The conjugate update of a normal–inverse-gamma prior, with cₙ from residuals:
  /// Y + m₀²/v₀ − mₙ²/vₙ = R + (Ŝ₀ − m₀)² G / (1 + v₀ G).
  @inlinable
  func conjugateUpdate(
    gg: L, amplitude: L, residual: L, mean m0: Double, relativeVariance v0: Double, shape a0: Double,
    scale c0: Double, valueCount: Double
  ) -> (mean: L, relativeVariance: L, shape: L, scale: L) {
    let relativeVariance = 1 / (L(1 / v0) + gg)
    let mean = relativeVariance * (L(m0 / v0) + gg * amplitude)
    let distance = amplitude - L(m0)
    let scale = c0 + 0.5 * (residual + distance * distance * gg / (1 + v0 * gg))
    return (mean, relativeVariance, L(a0 + 0.5 * valueCount), scale)
  }
}
