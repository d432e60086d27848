public import LaneMath

/// What is assumed of the amplitude (S₀, M₀) and of the noise variance σ² of a Gaussian likelihood, both of which are
/// integrated out in closed form. N is the number of values, G = Σ n g², R = Σ n (y − Ŝ₀ g)², Ŝ₀ = C/G, C = Σ n g y.
public enum AmplitudeNoise<L: Lane>: Sendable {
  /// σ² ~ IG(ν₀/2, ν₀ s²/2), S₀ flat: the noise of a voxel drawn to the level s² of its lesion.
  ///
  ///     log m = −½ log G − ½ (N − 1 + ν₀) log(R + ν₀ s²)
  ///
  /// ν₀ = 0 is p(S₀, σ) = 1/σ, each voxel alone.
  case pooled(pseudoObservations: L, variance: L)

  /// σ² known, S₀ flat: log m = −½ log G − R / (2σ²).
  case known(variance: L)

  /// S₀ ~ N(m₀, σ √v₀), σ² ~ IG(a₀, c₀): the proper prior of calibration runs and of evidences.
  ///
  /// vₙ = 1/(1/v₀ + G), mₙ = vₙ(m₀/v₀ + C), aₙ = a₀ + N/2, cₙ = c₀ + ½(Y + m₀²/v₀ − mₙ²/vₙ):
  /// log m = ½ log vₙ − aₙ log cₙ.
  case normalInverseGamma(mean: Double, relativeVariance: Double, shape: Double, scale: Double)
}

extension AmplitudeNoise {
  /// σ² ~ IG(m/2, S/2) from elsewhere, where the residuals of this model are misfit and say nothing more of it: what a curve
  /// leaves over beyond the least, R − R₀, weighs as the noise says, and R₀ itself does not count.
  ///
  ///     log m = −½ log G − ½ (m + d) log(R − R₀ + S)
  ///
  /// about R₀ a t density of m degrees of freedom. It is `pooled` with ν₀ = m + d + 1 − N and ν₀ s² = S − R₀.
  ///
  /// - Parameters:
  ///   - m: The degrees of freedom of S.
  ///   - scatter: S, of which S/m estimates σ².
  ///   - leastResidual: R₀, the least R over η.
  ///   - valueCount: N.
  ///   - d: The number of coordinates of η.
  /// - Returns: The noise under which the density of η is that of this formula.
  public static func found(
    degreesOfFreedom m: L, scatter: L, leastResidual: L, valueCount: Int, coordinateCount d: Int
  ) -> AmplitudeNoise {
    let difference: L = m + L(Double(d + 1 - valueCount))
    // ν₀ s² is what counts: a ν₀ of zero would lose it.
    let nu0 = L.select(difference * difference < L(1e-12), L(1e-6), difference)
    return .pooled(pseudoObservations: nu0, variance: (scatter - leastResidual) / nu0)
  }
}
