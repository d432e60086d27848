internal import Diagnostics
internal import GSLSupport

/// Did a quantity change between two visits? Wilcoxon's sum of the ranks of the positive differences.
public struct WilcoxonSignedRankTest: Sendable, Equatable {
  /// What happens to differences of exactly zero.
  public enum Zeros: String, Sendable, Codable {
    /// Left out before ranking (Wilcoxon 1945).
    case dropped
    /// Ranked with the others, their ranks left out of the sum (Pratt 1959, doi:10.2307/2282543).
    case pratt
  }

  /// V, the sum of the ranks of |d| over the positive differences.
  public let statistic: Double
  /// Two-sided; NaN if every difference is zero.
  public let pValue: Double
  /// How `pValue` was found.
  public let method: MannWhitneyTest.Method

  /// Tests `post` − `pre`, with zeros and ties judged at the precision of the data (``DataPrecision``).
  public init(
    pre: [Double], post: [Double], zeros: Zeros = .dropped, method requested: MannWhitneyTest.Method? = nil
  ) {
    precondition(pre.count == post.count, "a paired test needs both values of every patient")
    self.init(differences: DataPrecision.differences(post, pre), zeros: zeros, method: requested)
  }

  /// Tests paired `differences` as they are, exactly if there are fewer than 50, none zero and no two of equal size,
  /// unless `method` says otherwise; else by the normal approximation with tie and continuity correction.
  public init(differences: [Double], zeros: Zeros = .dropped, method requested: MannWhitneyTest.Method? = nil)
  {
    let kept = zeros == .dropped ? differences.filter { $0 != 0 } : differences
    let zeroCount = kept.count { $0 == 0 }
    let ranking = MidRanks(kept.map(abs))
    self.statistic = zip(kept, ranking.ranks).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
    let mayBeExact = !ranking.hasTies && zeroCount == 0 && kept.count < 50 && kept.count == differences.count
    precondition(
      requested != .exact || (!ranking.hasTies && zeroCount == 0),
      "ties and zeros have no exact distribution here")
    self.method = requested ?? (mayBeExact ? .exact : .normal)
    guard kept.count > zeroCount else {
      self.pValue = .nan
      return
    }
    switch self.method {
    case .exact: self.pValue = Self.exactPValue(Int(statistic), count: kept.count)
    case .normal:
      let (n, z) = (Double(kept.count), Double(zeroCount))
      let mean = (n * (n + 1) - z * (z + 1)) / 4
      // The tied group of the zeros has no ranks in the sum, so its ties must not reduce the variance again.
      let ties = ranking.tieSum - (z * z * z - z)
      let variance = (n * (n + 1) * (2 * n + 1) - z * (z + 1) * (2 * z + 1)) / 24 - ties / 48
      let excess = max(0, abs(statistic - mean) - 0.5)
      self.pValue = 2 * SpecialFunctions.normalUpperTail(excess / variance.squareRoot())
    }
  }

  /// 2 min(P(V ≤ v), P(V ≥ v)), at most 1, over all 2ⁿ equally likely signs.
  private static func exactPValue(_ v: Int, count: Int) -> Double {
    let largest = count * (count + 1) / 2
    var counts = [Double](repeating: 0, count: largest + 1)
    counts[0] = 1
    for rank in 1...count {
      for sum in stride(from: largest, through: rank, by: -1) { counts[sum] += counts[sum - rank] }
    }
    let total = counts.reduce(0, +)
    return min(1, 2 * min(counts[...v].reduce(0, +), counts[v...].reduce(0, +)) / total)
  }
}
