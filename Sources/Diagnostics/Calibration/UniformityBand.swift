internal import Foundation
internal import GSLSupport

/// Simultaneous limits for the empirical distribution function of ranks: all of it lies inside with a stated
/// probability, if the ranks are uniform.
///
/// Säilynoja, Bürkner and Vehtari 2022 (doi:10.1007/s11222-022-10090-6). The limits at z_k = k/K are the γ/2 and
/// 1 − γ/2 quantiles of Binomial(N, z_k); γ is the largest for which the path of counts stays inside with at least
/// the probability asked for. That probability is exact: the counts are a Markov chain with binomial increments
/// N_(k+1) − N_k ~ Binomial(N − N_k, 1/(K − k)), followed step by step.
public struct UniformityBand: Sendable, Equatable {
  /// N, the number of ranks.
  public let sampleSize: Int
  /// γ, the level of each pointwise interval.
  public let pointwiseLevel: Double
  /// P(all inside); a step function of γ, so it may exceed what was asked for.
  public let coverage: Double
  /// The smallest allowed number of ranks at or below z_k, k = 1 … K.
  public let lowerCounts: [Int]
  /// The largest allowed number of ranks at or below z_k, k = 1 … K.
  public let upperCounts: [Int]

  /// The band for `sampleSize` ranks, judged at `points` equally spaced places, that holds with `probability`.
  ///
  /// - Complexity: O(40 K b²) for bands b counts wide.
  public init(sampleSize: Int, points: Int, probability: Double = 0.95) {
    precondition(sampleSize > 0 && points > 0 && (0..<1).contains(probability), "N, K > 0 and 0 ≤ P < 1")
    let walk = CountWalk(sampleSize: sampleSize, points: points)
    // Bisection of log γ: coverage falls as γ grows.
    var (inside, outside) = (1e-5, 0.2)
    for _ in 0..<40 {
      let middle = (inside * outside).squareRoot()
      if walk.coverage(walk.limits(level: middle)) >= probability {
        inside = middle
      } else {
        outside = middle
      }
    }
    let limits = walk.limits(level: inside)
    self.sampleSize = sampleSize
    self.pointwiseLevel = inside
    self.coverage = walk.coverage(limits)
    self.lowerCounts = limits.map(\.lowerBound)
    self.upperCounts = limits.map(\.upperBound)
  }

  /// True if the counts of `ranks`, each in 0 … `maximumRank`, stay inside the band.
  ///
  /// K must divide `maximumRank` + 1, so that every point holds a whole number of ranks.
  public func holds(ranks: [Int], maximumRank: Int) -> Bool {
    let points = lowerCounts.count
    precondition(ranks.count == sampleSize, "the band was made for \(sampleSize) ranks")
    precondition(
      (maximumRank + 1).isMultiple(of: points), "the points must divide the ranks into equal cells")
    let cell = (maximumRank + 1) / points
    return (0..<points).allSatisfy { k in
      let count = ranks.count { $0 < (k + 1) * cell }
      return lowerCounts[k] <= count && count <= upperCounts[k]
    }
  }
}

/// The walk of the number of uniform values at or below k/K, k = 1 … K.
private struct CountWalk {
  let sampleSize: Int
  let points: Int

  /// The γ/2 and 1 − γ/2 binomial quantiles at each point.
  func limits(level: Double) -> [ClosedRange<Int>] {
    (1...points).map { k in
      let counts = BinomialDistribution(trials: sampleSize, probability: Double(k) / Double(points))
      return counts.quantile(level / 2)...counts.quantile(1 - level / 2)
    }
  }

  /// P(the walk stays inside `limits`), by following the probabilities of the counts that did so far.
  func coverage(_ limits: [ClosedRange<Int>]) -> Double {
    var inside = [1.0]
    var lowest = 0
    for (k, limit) in limits.enumerated() {
      var next = [Double](repeating: 0, count: limit.count)
      for (offset, probability) in inside.enumerated() {
        let count = lowest + offset
        let increments = BinomialDistribution(trials: sampleSize - count, probability: 1 / Double(points - k))
        for reached in limit where reached >= count {
          next[reached - limit.lowerBound] += probability * increments.mass(reached - count)
        }
      }
      (inside, lowest) = (next, limit.lowerBound)
    }
    return inside.reduce(0, +)
  }
}
