internal import Foundation

extension ChainDiagnostics {
  /// Bulk ESS: of the rank-normalised draws (Vehtari et al. 2021, section 4.1). Good runs: ≥ 400.
  public var bulkESS: Double { isAssessable ? Self.effectiveSize(rankNormalized) : .nan }

  /// Tail ESS: the smaller of those of the 5 % and the 95 % quantile (section 4.3). Good runs: ≥ 400.
  public var tailESS: Double {
    let (low, high) = (quantileESS(0.05), quantileESS(0.95))
    return low.isNaN || high.isNaN ? .nan : min(low, high)
  }

  /// ESS for the mean of the draws as they are.
  public var meanESS: Double { isAssessable ? Self.effectiveSize(Self.halves(of: chains)) : .nan }

  /// ESS for the standard deviation: that of |x − mean|, as R posterior (ArviZ takes (x − mean)², and differs).
  public var standardDeviationESS: Double {
    guard isAssessable else { return .nan }
    let mean = mean
    return Self.effectiveSize(halves { abs($0 - mean) })
  }

  /// ESS for the median.
  public var medianESS: Double { quantileESS(0.5) }

  /// ESS for the quantile of `probability`: that of the indicator x ≤ quantile.
  public func quantileESS(_ probability: Double) -> Double {
    guard isAssessable else { return .nan }
    let quantile = sortedDraws.quantile(probability)
    return Self.effectiveSize(halves { $0 <= quantile ? 1 : 0 })
  }

  /// The effective number of independent draws in `halves`, M series of n values each.
  ///
  ///     ESS = S / τ,  τ = −1 + 2 Σ ρ_t,  ρ_t = 1 − (W − mean_m s²_m ρ_tm) / var⁺,  S = M n
  ///
  /// The sum stops by Geyer's initial positive sequence and is made monotone (Geyer 1992, section 3.3), with Stan's
  /// last even term; τ ≥ 1 / log₁₀ S bounds antithetic chains. Vehtari et al. 2021, equations 10 to 13.
  ///
  /// - Fewer than three values in a series, or no variance at all: NaN.
  static func effectiveSize(_ halves: [[Double]]) -> Double {
    let n = halves[0].count
    guard n >= 3 else { return .nan }
    var autocovariance = MeanAutocovariance(of: halves)
    let within = autocovariance[0] * Double(n) / Double(n - 1)
    var varPlus = autocovariance[0]
    if halves.count > 1 { varPlus += halves.map(\.mean).sampleVariance }
    guard varPlus > 0 else { return .nan }
    func correlation(_ lag: Int) -> Double { 1 - (within - autocovariance[lag]) / varPlus }

    // Geyer's initial positive sequence: pairs ρ_t + ρ_(t+1), t even, while they are positive.
    var rho = [1, correlation(1)]
    var (even, odd) = (rho[0], rho[1])
    var lag = 0
    while lag < n - 5, even + odd > 0 {
      lag += 2
      (even, odd) = (correlation(lag), correlation(lag + 1))
      rho += even + odd >= 0 ? [even, odd] : [0, 0]
    }
    let last = lag
    if even > 0 { rho[last] = even }

    // Geyer's initial monotone sequence: no pair is larger than the one before.
    for t in stride(from: 2, through: last - 2, by: 2) where rho[t] + rho[t + 1] > rho[t - 2] + rho[t - 1] {
      rho[t] = (rho[t - 2] + rho[t - 1]) / 2
      rho[t + 1] = rho[t]
    }
    let draws = Double(halves.count * n)
    let tau = -1 + 2 * rho.prefix(last).reduce(0, +) + rho[last]
    return draws / max(tau, 1 / log10(draws))
  }
}
