public import LaneMath

/// Mean and variance of a Rician magnitude about the noiseless ν, for Gaussian likelihoods of averaged magnitudes.
///
///     μ = σ M(s),  M = √(π/2) [(1 + x) I₀(x/2) + x I₁(x/2)] e^(−x/2)        V = 2σ² + ν² − μ²
///
/// with s = ν/σ and x = s²/2. An average of n magnitudes is close to N(μ, √(V/n)); taking it for N(ν, σ/√n) is wrong by
/// some σ²/(2ν): 5.6 % at s = 3, 2 % at 5.
///
/// - Beyond s = 100, where 2 + s² − M² would cancel, V = σ² (1 − s⁻²/2 − s⁻⁴/2).
public struct RiceMoments<L: Lane>: Sendable {
  /// μ.
  public let mean: L
  /// V.
  public let variance: L
  /// ∂μ/∂ν.
  public let meanSlope: L
  /// ∂V/∂ν.
  public let varianceSlope: L

  /// The moments about ν ≥ 0.
  @inlinable
  public init(noiseless nu: L, sigma: L) {
    let s = nu / sigma
    let square = s * s
    let quarter = 0.25 * square
    let (polynomial, decay) = ScaledBessel.zero.factors(quarter)
    let i0 = Self.rootHalfPi * polynomial * decay.squareRoot()
    let both = 1 + ScaledBessel.zero.ratio(quarter)
    let m = i0 * (1 + 0.5 * square * both)
    let slope = 0.5 * (i0 * both * s)
    let inverse = 1 / L.maximum(square, L(1))
    let isFar = L(10_000) < square
    let v = L.select(isFar, 1 - 0.5 * (inverse + inverse * inverse), (2 + square) - m * m)
    let vSlope = L.select(isFar, inverse * inverse * s * (1 + 2 * inverse), 2 * (s - m * slope))
    mean = sigma * m
    variance = sigma * sigma * v
    meanSlope = slope
    varianceSlope = sigma * vSlope
  }

  @inlinable
  static var rootHalfPi: L { L(1.253_314_137_315_500_3) }
}
