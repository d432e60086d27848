internal import GSLSupport
internal import LaneMath

/// The noise level of a lesion (or of all voxels outside lesions), to which each voxel's noise variance is drawn.
///
/// Each voxel has σᵥ² ~ IG(ν₀/2, ν₀ s²/2) about the common level s², and its residual sum of squares Rᵥ on mᵥ degrees
/// of freedom is σᵥ² χ²(mᵥ), so that Rᵥ/(mᵥ s²) ~ F(mᵥ, ν₀) (Smyth 2004, doi:10.2202/1544-6115.1027). The level is the
/// maximum-likelihood s² of that model.
///
/// How unlike the noise of voxels is, the residuals tell too: ψ'(ν₀/2), the variance of log σᵥ², is its posterior mean over
/// ν₀ = 2, 4, 8 … 256, all as probable beforehand. With a ν₀ that is too small for noise that is the same everywhere, voxels with
/// small residuals count too much, and the SD of a lesion mean comes out too small: at ν₀ = 4 by 6 % with seven values a voxel,
/// by 5 % with fifteen.
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

  /// The level of voxels with these residual sums of squares and degrees of freedom.
  ///
  /// Entries that are not finite and positive are left out; with fewer than two left there is no level.
  ///
  /// - Parameters:
  ///   - residuals: Rᵥ.
  ///   - degreesOfFreedom: mᵥ.
  ///   - pooling: ν₀; nil learns it, 0 is no level.
  public init(residuals: [Double], degreesOfFreedom: [Double], pooling: Double? = nil) {
    let scatters = Scatters(residuals, degreesOfFreedom)
    guard pooling != 0, scatters.count >= 2 else {
      self = .none
      return
    }
    let spread = pooling.map { SpecialFunctions.trigamma($0 / 2) } ?? scatters.learnedSpread
    variance = scatters.level(pooling: pooling ?? 2 * SpecialFunctions.inverseTrigamma(spread))
    pseudoObservations = 2 * SpecialFunctions.inverseTrigamma(spread + scatters.varianceOfLevel(spread))
  }
}

/// Residual sums of squares Rᵥ with their degrees of freedom mᵥ.
private struct Scatters {
  private let all: [(sum: Double, degreesOfFreedom: Double)]
  /// The median of Rᵥ/mᵥ, where the search for a level starts.
  private let median: Double

  /// Those that are finite and positive.
  init(_ residuals: [Double], _ degreesOfFreedom: [Double]) {
    all = zip(residuals, degreesOfFreedom).filter { $0.isFinite && $0 > 0 && $1.isFinite && $1 > 0.5 }
      .map { ($0, $1) }
    let variances = all.map { $0.sum / $0.degreesOfFreedom }.sorted()
    median = variances.isEmpty ? .nan : variances[variances.count / 2]
  }

  var count: Int { all.count }

  /// The most probable s² for ν₀ = `nu0`.
  func level(pooling nu0: Double) -> Double {
    var level = median
    for _ in 0..<200 {
      // Σ (mᵥ + ν₀)/(Rᵥ + ν₀ s²) = V/s² at the maximum; the fixed point converges monotonically.
      let precision = all.reduce(0) { $0 + ($1.degreesOfFreedom + nu0) / ($1.sum + nu0 * level) }
      let next = Double(all.count) / precision
      let converged = abs(next - level) < 1e-10 * level
      level = next
      if converged { break }
    }
    return level
  }

  /// E[ψ'(ν₀/2)] over ν₀ = 2, 4 … 256, the level at its maximum for each.
  var learnedSpread: Double {
    let pooled = (1...8).map { Double(1 << $0) }
    let likelihoods = pooled.map { logLikelihood(pooling: $0) }
    let most = likelihoods.max() ?? 0
    let weights = likelihoods.map { Double.exp($0 - most) }
    let sum = zip(pooled, weights).reduce(0) { $0 + $1.1 * SpecialFunctions.trigamma($1.0 / 2) }
    return sum / weights.reduce(0, +)
  }

  /// Σ log p(Rᵥ | mᵥ, ν₀, s²) at the most probable s², up to what ν₀ does not move.
  private func logLikelihood(pooling nu0: Double) -> Double {
    let scale = nu0 * level(pooling: nu0)
    let common = 0.5 * nu0 * Double.log(scale) - SpecialFunctions.logGamma(0.5 * nu0)
    return all.reduce(0) { sum, scatter in
      let half = 0.5 * (scatter.degreesOfFreedom + nu0)
      return sum + common + SpecialFunctions.logGamma(half) - half * Double.log(scatter.sum + scale)
    }
  }

  /// Var(log s²), when log σᵥ² spreads by `spread`.
  func varianceOfLevel(_ spread: Double) -> Double {
    let information = all.reduce(0) { $0 + 1 / (spread + SpecialFunctions.trigamma($1.degreesOfFreedom / 2)) }
    return Double(all.count) / (information * Double(all.count - 1))
  }
}
