internal import Foundation

/// Pareto-smoothed importance sampling: weights whose largest values are replaced by order statistics of a fitted
/// generalized Pareto distribution, and k̂, which says whether they can be trusted.
///
/// Vehtari, Simpson, Gelman, Yao and Gabry 2024, Journal of Machine Learning Research 25(72), algorithm 1; as R loo
/// and ArviZ.
public struct ParetoSmoothing: Sendable, Equatable {
  /// Smoothed log weights in the order of the ratios given, normalised: Σ e^w = 1.
  public let logWeights: [Double]
  /// k̂, the shape of the tail.
  ///
  /// - −∞ if all ratios are equal: the proposal is the target.
  /// - +∞ if the tail has fewer than five distinct draws: nothing can be said, so nothing is trusted.
  /// - NaN if a ratio is NaN or +∞, or all are −∞.
  public let shape: Double

  /// Smooths the log ratios log(target / proposal) of draws from the proposal.
  ///
  /// The tail has ⌈min(S/5, 3 √(S / relativeEfficiency))⌉ draws; `relativeEfficiency` is ESS / S where the draws
  /// come from a Markov chain. A ratio of −∞ has weight zero.
  public init(logRatios: [Double], relativeEfficiency: Double = 1) {
    precondition(relativeEfficiency > 0, "the relative efficiency is positive")
    let largest = logRatios.max() ?? .nan
    guard largest.isFinite, !logRatios.contains(where: \.isNaN) else {
      logWeights = logRatios.map { _ in .nan }
      shape = .nan
      return
    }
    var weights = logRatios.map { $0 - largest }
    shape = Self.smooth(&weights, relativeEfficiency: relativeEfficiency)
    let normaliser = logSumExp(weights)
    logWeights = weights.map { $0 - normaliser }
  }

  /// The weights, which sum to one.
  public var weights: [Double] { logWeights.map { exp($0) } }

  /// 1 / Σ w²: how many equally weighted draws these are worth (Kish 1965).
  public var effectiveSampleSize: Double { 1 / logWeights.reduce(0) { $0 + exp(2 * $1) } }

  /// min(1 − 1/log₁₀ S, 0.7): k̂ below it means that the weighted draws can be used (Vehtari et al. 2024, section 3.2).
  public static func trustworthyShape(drawCount: Int) -> Double {
    min(1 - 1 / log10(Double(drawCount)), 0.7)
  }

  /// Smooths log weights whose largest is 0, in place, and returns k̂.
  private static func smooth(_ weights: inout [Double], relativeEfficiency: Double) -> Double {
    let count = Double(weights.count)
    let order = weights.indices.sorted { weights[$0] < weights[$1] }
    guard let smallest = order.first, weights[smallest] < -1e-13 else { return -.infinity }
    let tailLength = Int((min(count / 5, 3 * (count / relativeEfficiency).squareRoot())).rounded(.up))
    // The cutoff is the largest weight outside the tail, and at least the smallest normal number.
    let place = max(order.count - tailLength - 1, 0)
    let cutoff = exp(max(weights[order[place]], log(Double.leastNormalMagnitude)))
    let tail = order[place...].filter { exp(weights[$0]) > cutoff }
    guard tail.count > 4 else { return .infinity }
    let fit = GeneralizedPareto(fittingSorted: tail.map { exp(weights[$0]) - cutoff })
    guard fit.shape.isFinite, fit.scale > 0 else { return .infinity }
    for (rank, index) in tail.enumerated() {
      let quantile = fit.quantile((Double(rank) + 0.5) / Double(tail.count))
      // No smoothed weight exceeds the largest raw one.
      weights[index] = min(0, log(cutoff + quantile))
    }
    return fit.shape
  }
}

/// log Σ e^x without overflow; −∞ of nothing.
func logSumExp(_ values: [Double]) -> Double {
  guard let largest = values.max(), largest.isFinite else { return values.max() ?? -.infinity }
  return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
}
