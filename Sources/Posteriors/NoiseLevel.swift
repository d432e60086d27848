internal import GSLSupport

/// The noise level of a lesion (or of all voxels outside lesions), to which each voxel's noise variance is drawn.
///
/// Each voxel has σᵥ² ~ IG(ν₀/2, ν₀ s²/2) about the common level s², and its residual sum of squares Rᵥ on mᵥ degrees
/// of freedom is σᵥ² χ²(mᵥ), so that Rᵥ/(mᵥ s²) ~ F(mᵥ, ν₀). The level is the maximum-likelihood s² of that model.
///
/// What the level says about one voxel is worth less than ν₀ observations when few voxels determine it: the log
/// variance of a voxel then spreads by ψ'(ν₀/2) + Var(log s²), and ν is chosen so that ψ'(ν/2) equals that sum. One
/// voxel alone gets ν = 0, p(σ) ∝ 1/σ; thousands get ν₀.
public struct NoiseLevel: Sendable, Equatable {
  /// s², in squared signal units.
  public let variance: Double
  /// ν, the pseudo-observations that the level is worth to each voxel.
  public let pseudoObservations: Double

  /// No level: each voxel alone with p(S₀, σ) = 1/σ.
  public static let none = NoiseLevel(variance: 0, pseudoObservations: 0)

  /// A level known beforehand.
  public init(variance: Double, pseudoObservations: Double) {
    self.variance = variance
    self.pseudoObservations = pseudoObservations
  }

  /// The level of voxels with these residual sums of squares and degrees of freedom, for ν₀ = `pooling`.
  ///
  /// Entries that are not finite and positive are left out; with fewer than two left there is no level.
  public init(residuals: [Double], degreesOfFreedom: [Double], pooling nu0: Double) {
    let usable = zip(residuals, degreesOfFreedom).filter { $0.isFinite && $0 > 0 && $1.isFinite && $1 > 0.5 }
    guard nu0 > 0, usable.count >= 2 else {
      self = .none
      return
    }
    let count = Double(usable.count)
    let sorted = usable.map { $0 / $1 }.sorted()
    var level = sorted[sorted.count / 2]
    for _ in 0..<200 {
      // Σ (mᵥ + ν₀)/(Rᵥ + ν₀ s²) = V/s² at the maximum; the fixed point converges monotonically.
      let precision = usable.reduce(0) { $0 + ($1.1 + nu0) / ($1.0 + nu0 * level) } / count
      let next = 1 / precision
      let converged = abs(next - level) < 1e-10 * level
      level = next
      if converged { break }
    }
    let spread = SpecialFunctions.trigamma(nu0 / 2)
    let information = usable.reduce(0) { $0 + 1 / (spread + SpecialFunctions.trigamma($1.1 / 2)) }
    let varianceOfLevel = count / (information * (count - 1))
    variance = level
    pseudoObservations = 2 * SpecialFunctions.inverseTrigamma(spread + varianceOfLevel)
  }
}
