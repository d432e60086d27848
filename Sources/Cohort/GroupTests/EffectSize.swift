internal import Diagnostics

/// The distance of two group means in units of their common standard deviation.
public struct EffectSize: Sendable, Equatable {
  /// d = (x̄₁ − x̄₂)/s, s pooled (Cohen 1988).
  public let cohenD: Double
  /// g = d (1 − 3/(4ν − 1)), ν = n₁ + n₂ − 2, nearly unbiased in small groups.
  ///
  /// Hedges 1981 (doi:10.3102/10769986006002107).
  public let hedgesG: Double

  /// The effect size of two groups of at least two values; NaN of fewer, and of values that do not vary.
  public init(_ first: [Double], _ second: [Double]) {
    let freedom = Double(first.count + second.count - 2)
    let pooled =
      (Double(first.count - 1) * first.sampleVariance + Double(second.count - 1) * second.sampleVariance)
      / freedom
    let (spread, size) = (pooled.squareRoot(), max(abs(first.mean), abs(second.mean)))
    self.cohenD = spread > 1e-12 * size ? (first.mean - second.mean) / spread : .nan
    self.hedgesG = cohenD * (1 - 3 / (4 * freedom - 1))
  }
}
