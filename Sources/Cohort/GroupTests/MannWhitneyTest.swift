internal import Diagnostics
internal import GSLSupport

/// Do two groups differ in location? Mann and Whitney's U, the number of pairs in which the first is larger.
public struct MannWhitneyTest: Sendable, Equatable {
  /// How the p-value is found.
  public enum Method: String, Sendable, Codable {
    /// By counting all assignments of ranks; only without ties.
    case exact
    /// By the normal approximation with continuity correction, the variance reduced for ties.
    case normal
  }

  /// U of the first group; a tie counts 1/2.
  public let statistic: Double
  /// Two-sided.
  public let pValue: Double
  /// How `pValue` was found.
  public let method: Method

  /// Compares two groups, exactly if no values are tied and both groups have fewer than 50 members, unless
  /// `method` says otherwise.
  ///
  /// An empty group gives NaN, as do values that are all equal.
  public init(_ first: [Double], _ second: [Double], method requested: Method? = nil) {
    let ranking = MidRanks(first + second)
    let (m, n) = (first.count, second.count)
    self.statistic = ranking.ranks.prefix(m).reduce(0, +) - Double(m * (m + 1)) / 2
    let mayBeExact = !ranking.hasTies && m < 50 && n < 50
    precondition(requested != .exact || !ranking.hasTies, "ties have no exact distribution here")
    self.method = requested ?? (mayBeExact ? .exact : .normal)
    guard m > 0, n > 0 else {
      self.pValue = .nan
      return
    }
    switch self.method {
    case .exact: self.pValue = Self.exactPValue(Int(statistic), m, n)
    case .normal:
      let size = Double(m + n)
      let variance = Double(m * n) / 12 * (size + 1 - ranking.tieSum / (size * (size - 1)))
      let excess = max(0, abs(statistic - Double(m * n) / 2) - 0.5)
      self.pValue = variance > 0 ? 2 * SpecialFunctions.normalUpperTail(excess / variance.squareRoot()) : .nan
    }
  }

  /// 2 min(P(U ≤ u), P(U ≥ u)), at most 1, over all (m + n choose m) equally likely assignments.
  ///
  /// The counts are the coefficients of the Gaussian binomial ∏ᵢ (1 − x^(n + i))/(1 − xⁱ), built factor by
  /// factor (Mann and Whitney 1947, doi:10.1214/aoms/1177730491).
  private static func exactPValue(_ u: Int, _ m: Int, _ n: Int) -> Double {
    var counts = [Double](repeating: 0, count: m * n + 1)
    counts[0] = 1
    for i in 1...m {
      for power in stride(from: m * n, through: n + i, by: -1) { counts[power] -= counts[power - n - i] }
      for power in i..<max(i, m * n + 1) { counts[power] += counts[power - i] }
    }
    let total = counts.reduce(0, +)
    let lower = counts[...u].reduce(0, +)
    let upper = counts[u...].reduce(0, +)
    return min(1, 2 * min(lower, upper) / total)
  }
}
