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
