internal import Foundation

/// The generalized Pareto distribution of exceedances, F(x) = 1 − (1 + k x / σ)^(−1/k), x > 0.
struct GeneralizedPareto: Equatable {
  /// k: how heavy the tail is; moments of order 1/k and above are infinite.
  var shape: Double
  /// σ > 0.
  var scale: Double

  /// Fits positive values in ascending order, by the near-Bayesian estimate of Zhang and Stephens 2009
  /// (doi:10.1198/tech.2009.08017), with k drawn to 0.5 by ten pseudo-observations (Vehtari et al. 2024, appendix G).
  init(fittingSorted values: [Double]) {
    let count = Double(values.count)
    let candidates = 30 + Int(count.squareRoot())
    let quartile = values[Int(count / 4 + 0.5) - 1]
    let largest = values[values.count - 1]
    // The grid of θ = −k/σ and its profile likelihood; the posterior mean of θ gives k and σ.
    let grid = (1...candidates).map { j in
      1 / largest + (1 - (Double(candidates) / (Double(j) - 0.5)).squareRoot()) / (3 * quartile)
    }
    func meanLog(_ theta: Double) -> Double { values.reduce(0) { $0 + log1p(-theta * $1) } / count }
    let profile = grid.map { theta in
      let k = meanLog(theta)
      return count * (log(-theta / k) - k - 1)
    }
    let weights = profile.map { one in 1 / profile.reduce(0) { $0 + exp($1 - one) } }
    let total = weights.reduce(0, +)
    let theta = zip(grid, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
    let k = meanLog(theta)
    scale = -k / theta
    shape = (k * count + 5) / (count + 10)
  }

  /// F⁻¹(p) = σ ((1 − p)^(−k) − 1) / k.
  func quantile(_ probability: Double) -> Double {
    let exponent = -log1p(-probability)
    return shape == 0 ? scale * exponent : scale * expm1(shape * exponent) / shape
  }
}
