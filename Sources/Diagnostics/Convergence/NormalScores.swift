internal import GSLSupport
internal import Synchronization

/// The standard normal numbers that stand for ranks: z(r) = Φ⁻¹((r − 3/8) / (S + 1/4)).
///
/// Blom 1958, as used by Vehtari et al. 2021, equation 14. The table depends on the number of draws S alone, so one
/// serves every quantity of a run.
public struct NormalScores: Sendable {
  /// S, the number of values ranked.
  public let count: Int
  private let table: [Double]

  /// The scores for quantities of `chainCount` chains of `drawCount` draws, ranked in halves.
  public init(chainCount: Int, drawCount: Int) { self.init(count: chainCount * 2 * (drawCount / 2)) }

  /// The scores of `count` ranks.
  public init(count: Int) {
    self.count = count
    // z(S + 1 − r) = −z(r): only half of the quantiles are computed.
    var table = [Double](repeating: 0, count: count)
    for rank in 0..<(count / 2) {
      let score = Self.score(Double(rank + 1), count: count)
      table[rank] = score
      table[count - 1 - rank] = -score
    }
    self.table = table
  }

  /// z(`rank`); a rank shared by ties may lie half-way between two.
  public subscript(rank: Double) -> Double {
    let whole = Int(rank)
    return Double(whole) == rank ? table[whole - 1] : Self.score(rank, count: count)
  }

  /// z at every multiple of ½ for `count` ranks: entry r + s is the score of the mean of the ranks r and s, from 1.
  ///
  /// Made once for each count and kept: voxels ask for the same few counts again and again.
  static func doubled(count: Int) -> [Double] {
    if let known = doubledTables.withLock({ $0[count] }) { return known }
    var table = [Double](repeating: 0, count: 2 * count + 1)
    // z(S + 1 − r) = −z(r), and the score in the middle is 0.
    for sum in 2...count {
      table[sum] = score(0.5 * Double(sum), count: count)
      table[2 * count + 2 - sum] = -table[sum]
    }
    doubledTables.withLock { $0[count] = table }
    return table
  }

  private static let doubledTables = Mutex<[Int: [Double]]>([:])

  /// Series of values, together as many as `count`, each replaced by the score of its rank among all; ties share the
  /// mean of their ranks.
  func normalize(_ series: [[Double]]) -> [[Double]] {
    let values = series.flatMap { $0 }
    precondition(values.count == count, "the normal scores are those of \(count) values, not \(values.count)")
    let order = values.indices.sorted { values[$0] < values[$1] }
    var normalized = [Double](repeating: 0, count: count)
    var first = 0
    while first < count {
      var last = first
      while last + 1 < count, values[order[last + 1]] == values[order[first]] { last += 1 }
      let score = self[Double(first + last) / 2 + 1]
      for place in first...last { normalized[order[place]] = score }
      first = last + 1
    }
    var start = 0
    return series.map { one in
      defer { start += one.count }
      return Array(normalized[start..<(start + one.count)])
    }
  }

  private static func score(_ rank: Double, count: Int) -> Double {
    SpecialFunctions.normalQuantile((rank - 0.375) / (Double(count) + 0.25))
  }
}
