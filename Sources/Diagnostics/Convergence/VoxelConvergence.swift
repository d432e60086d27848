internal import Foundation
internal import GSLSupport
public import LaneMath

/// Moments, quantiles, R̂ and bulk ESS of one quantity in eight voxels side by side: for maps, where thousands ask.
///
/// The definitions are those of ``ChainDiagnostics`` (Vehtari et al. 2021, doi:10.1214/20-BA1221), to which a test holds
/// this type equal. What is saved: draws are ranked once, to the width of one of as many buckets as there are draws, which
/// moves ESS and R̂ by less than half a per cent; moments and quantiles are exact. Normal scores come from a table; folded
/// draws |x − median| have their ranks from the same buckets; autocovariances are summed only to the lag where Geyer's sequence
/// ends, which good chains reach in a few lags. Where many draws share a bucket, and on request, draws are sorted.
///
/// Workspace is kept between calls; one value serves one task.
public final class VoxelConvergence {
  /// Draws in all chains together.
  public let drawCount: Int
  /// Chains; the draws of each stand together.
  public let chainCount: Int
  /// Means of the draws.
  public private(set) var means = Lane8(0)
  /// Variances of the draws, with n − 1.
  public private(set) var variances = Lane8(0)
  /// Bulk effective sample sizes; NaN for a constant or non-finite quantity.
  public private(set) var bulkESS = Lane8(.nan)
  /// Rank-normalised split R̂, the larger of bulk and folded; NaN for a constant or non-finite quantity.
  public private(set) var rHat = Lane8(.nan)
  /// The quantiles of `probabilities`, by linear interpolation of order statistics (type 7 of Hyndman and Fan 1996).
  public private(set) var quantiles: [Lane8]

  private let drawsPerChain: Int
  private let ranking: LaneRanking
  /// Twice the number of chains, and the draws of each half.
  private let halfCount: Int
  private let halfLength: Int
  /// The rows of the half-chains; of an odd number of draws, the one in the middle belongs to neither half.
  private let halves: [Range<Int>]
  /// The rank below the median and below every quantile, and how far each quantile is on the way to the next.
  private let ranks: [Int]
  private let places: [(rank: Int, share: Double)]
  private let isExact: Bool

  /// Workspace for `chainCount` chains of `drawsPerChain` draws (at least 4, fewer than 2²⁴ in all).
  ///
  /// `isExact` ranks every draw, rather than to the width of a bucket.
  public init(
    chainCount: Int, drawsPerChain: Int, probabilities: [Double] = [0.05, 0.5, 0.95], isExact: Bool = false
  ) {
    precondition(drawsPerChain >= 4 && chainCount * drawsPerChain < 1 << 24, "4 to 2²⁴ draws")
    self.chainCount = chainCount
    self.drawsPerChain = drawsPerChain
    self.isExact = isExact
    let (halfCount, halfLength, drawCount) = (2 * chainCount, drawsPerChain / 2, chainCount * drawsPerChain)
    self.halfCount = halfCount
    self.halfLength = halfLength
    self.drawCount = drawCount
    halves = (0..<halfCount).map { half in
      let first = half / 2 * drawsPerChain + half % 2 * (drawsPerChain - halfLength)
      return first..<first + halfLength
    }
    places = probabilities.map { p in
      let place = p * Double(drawCount - 1)
      let below = min(Int(place), drawCount - 2)
      return (below, place - Double(below))
    }
    ranks = [(drawCount - 1) / 2] + places.map(\.rank)
    quantiles = [Lane8](repeating: Lane8(.nan), count: probabilities.count)
    ranking = LaneRanking(
      count: drawCount, doubledScores: NormalScores.doubled(count: drawCount))
  }

  /// Takes the draws of one quantity, one array of rows for each chain, and judges the voxels in `lanes`.
  ///
  /// - Parameters:
  ///   - chains: The draws of each chain.
  ///   - lanes: The lanes wanted; the figures of the others mean nothing.
  ///   - isPositive: True if the draws are positive, which lets skewed ones be sorted faster.
  ///   - floor: The sum of autocovariances ends as soon as it shows the ESS to be below that number; then `bulkESS` is
  ///     only an upper bound of it, and R̂ is not computed.
  public func take(
    _ chains: some Collection<[Lane8]>, lanes: some Collection<Int>, isPositive: Bool = false,
    givingUpBelow floor: Double = 0
  ) {
    var first = 0
    for chain in chains {
      precondition(chain.count == drawsPerChain, "\(chain.count) draws in a workspace for \(drawsPerChain)")
      ranking.setRows(chain, from: first)
      first += drawsPerChain
    }
    precondition(first == drawCount, "\(first) draws in a workspace for \(drawCount)")
    let (low, high) = summarize()
    let assessable = lanes.filter { (high[$0] - low[$0]).isFinite && low[$0] < high[$0] }
    bulkESS = Lane8(.nan)
    rHat = Lane8(.nan)
    for lane in assessable {
      let found = rank(lane: lane, low: low[lane], high: high[lane], isPositive: isPositive)
      for (k, place) in places.enumerated() {
        let (lower, upper) = found.numbers[k + 1]
        quantiles[k][lane] = lower + place.share * (upper - lower)
      }
      let bulk = SplitMoments(found.sums.map { ($0.scores, $0.squares) }, length: halfLength)
      let folded = SplitMoments(
        found.sums.map { ($0.distanceScores, $0.distanceSquares) }, length: halfLength)
      for half in 0..<halfCount { ranking.centreScores(halves[half], at: bulk.means[half]) }
      bulkESS[lane] = effectiveSize(bulk, floor: floor)
      rHat[lane] = max(bulk.rHat, folded.rHat)
    }
  }

  /// Ranks one lane: by buckets where they are fine enough, else exactly.
  private func rank(lane: Int, low: Double, high: Double, isPositive: Bool)
    -> (numbers: [(Double, Double)], sums: [ScoreSums])
  {
    if !isExact,
      let found = ranking.scoreBuckets(lane: lane, low: low, high: high, ranks: ranks, parts: halves)
    {
      return found
    }
    return ranking.scoreExactly(
      lane: lane, low: low, high: high, ranks: ranks, parts: halves, isPositive: isPositive)
  }

  /// Sets the moments and the trivial quantiles; returns the smallest and the largest draws, which are NaN or infinite
  /// where a draw is.
  private func summarize() -> (low: Lane8, high: Lane8) {
    let origin = ranking.row(0)
    var (low, high) = (origin, origin)
    var (sum, squares) = (Lane8(0), Lane8(0))
    for index in 0..<drawCount {
      let value = ranking.row(index)
      low = Lane8.minimum(low, value)
      high = Lane8.maximum(high, value)
      // About the first draw, to avoid cancellation.
      let deviation = value - origin
      sum += deviation
      squares += deviation * deviation
    }
    let count = Lane8(Double(drawCount))
    means = origin + sum / count
    variances = Lane8.maximum(0, (squares - sum * sum / count) / (count - 1))
    for k in quantiles.indices { quantiles[k] = means }
    // A NaN is not seen by comparisons, but by sums.
    let isFinite = sum.areFinite
    return (Lane8.select(isFinite, low, Lane8(.nan)), high)
  }

  /// The mean over the half-chains of Σ (x_i − x̄)(x_(i+lag) − x̄) / n, of the scores.
  private func autocovariance(_ lag: Int) -> Double {
    halves.reduce(0) { $0 + ranking.laggedProduct(lag, over: $1) } / Double(halfLength * halfCount)
  }

  private func effectiveSize(_ moments: SplitMoments, floor: Double) -> Double {
    let n = halfLength
    let within = moments.within
    let varPlus = within * Double(n - 1) / Double(n) + moments.between
    func rho(_ lag: Int) -> Double { 1 - (within - autocovariance(lag)) / varPlus }
    let total = Double(drawCount)
    // Geyer's initial positive sequence: pairs are added while they are positive.
    var pair = 1 + rho(1)
    var even = 1.0
    var smallest = Double.infinity
    var (sum, monotone) = (0.0, 0.0)
    var lag = 0
    while lag < n - 5, pair > 0 {
      sum += pair
      // Geyer's initial monotone sequence.
      smallest = min(smallest, pair)
      monotone += smallest
      if total < floor * (2 * sum - 1) { return total / (2 * sum - 1) }
      lag += 2
      even = rho(lag)
      pair = even + rho(lag + 1)
    }
    // The last pair ends the sum: only its even term is kept, if positive (Stan).
    let tau = -1 + 2 * monotone + max(even, 0)
    return total / max(tau, 1 / log10(total))
  }
}

/// Means of half-chains, and what R̂ and ESS make of their variances (Vehtari et al. 2021, equations 1 to 4).
private struct SplitMoments {
  let means: [Double]
  /// W, the mean of the variances within half-chains.
  let within: Double
  /// B/n, the variance of their means.
  let between: Double
  let rHat: Double

  /// The moments of half-chains of `length` draws from the sums of their numbers and of their squares, numbers of the size
  /// of normal scores.
  init(_ sums: [(sum: Double, squares: Double)], length: Int) {
    let (n, count) = (Double(length), Double(sums.count))
    let means = sums.map { $0.sum / n }
    let within = zip(sums, means).reduce(0) { $0 + ($1.0.squares - $1.0.sum * $1.1) / (n - 1) } / count
    let centre = means.reduce(0, +) / count
    self.means = means
    self.within = within
    between = means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / (count - 1)
    rHat = ((n - 1) / n + between / within).squareRoot()
  }
}
