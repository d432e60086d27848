public import GSLSupport

/// Simulation-based calibration: truths drawn from the prior, data from the truths, and the ranks of the truths among
/// the draws of the sampler under test. If model and sampler are right, every rank is uniform.
///
///     var calibration = RankCalibration(of: ["mean", "log likelihood"])
///     for replicate in 0..<200 {
///       let (truth, data) = simulate(replicate)
///       calibration.add(truth: truth, draws: sample(data), using: &ties)
///     }
///     let suspects = calibration.verdicts().filter { !$0.holds }
///
/// Talts, Betancourt, Simpson, Vehtari and Gelman 2018 (arXiv:1804.06788). Rank the log likelihood among the
/// quantities: it finds draws that ignore the data, which no parameter's rank does (Modrák et al. 2023,
/// doi:10.1214/23-BA1404).
///
/// - Autocorrelated draws make ranks pile up at both ends: hand over draws thinned to near independence. More than
///   ``drawCount`` draws are thinned evenly, chains joined end to end.
/// - Deliberately knows no model and runs no sampler: both are the caller's.
public struct RankCalibration: Sendable, Equatable {
  /// The quantities ranked.
  public let names: [String]
  /// L, the draws among which each truth is ranked; ranks lie in 0 … L.
  public let drawCount: Int
  /// The rank of every replicate: quantities × replicates.
  public private(set) var ranks: [[Int]]
  /// Replicates of each quantity in which the truth or a draw was not finite; such a quantity never holds.
  public private(set) var unusableCounts: [Int]

  /// No replicates yet.
  public init(of names: [String], drawCount: Int = 99) {
    precondition(drawCount > 0, "a rank needs draws")
    self.names = names
    self.drawCount = drawCount
    ranks = [[Int]](repeating: [], count: names.count)
    unusableCounts = [Int](repeating: 0, count: names.count)
  }

  /// The number of replicates.
  public var replicateCount: Int { ranks.first?.count ?? 0 }

  /// Adds one replicate: the truth of every quantity, and its draws (quantities × draws, at least ``drawCount``).
  public mutating func add(truth: [Double], draws: [[Double]], using random: inout RandomStream) {
    precondition(truth.count == names.count && draws.count == names.count, "one truth for each quantity")
    for q in names.indices {
      let thinned = Self.thinned(draws[q], to: drawCount)
      if !truth[q].isFinite || thinned.contains(where: { !$0.isFinite }) { unusableCounts[q] += 1 }
      ranks[q].append(RankStatistic.rank(of: truth[q], among: thinned, using: &random))
    }
  }

  /// `count` draws at equal distances, the last among them.
  public static func thinned(_ draws: [Double], to count: Int) -> [Double] {
    precondition(draws.count >= count, "\(draws.count) draws cannot be thinned to \(count)")
    guard draws.count > count else { return draws }
    return (1...count).map { draws[$0 * draws.count / count - 1] }
  }

  /// The verdict on each quantity: do its ranks stay inside the simultaneous band?
  ///
  /// If all is right, at least one quantity leaves its band with a probability of at most `falseAlarm` (Bonferroni).
  /// The bands are judged at `points` places, which must divide ``drawCount`` + 1.
  public func verdicts(falseAlarm: Double = 0.01, points: Int = 20) -> [RankVerdict] {
    guard replicateCount > 0 else { return [] }
    let band = UniformityBand(
      sampleSize: replicateCount, points: points, probability: 1 - falseAlarm / Double(names.count))
    return names.indices.map { q in
      RankVerdict(
        names[q], ranks: ranks[q], maximumRank: drawCount, band: band, unusableCount: unusableCounts[q])
    }
  }
}
