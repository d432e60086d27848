internal import Foundation
internal import GSLSupport
public import LaneMath

/// Moments, quantiles, R̂ and bulk ESS of one quantity in eight voxels side by side: for maps, where thousands ask.
///
/// The definitions are those of ``ChainDiagnostics`` (Vehtari et al. 2021, doi:10.1214/20-BA1221), to which a test holds
/// this type equal. What is saved: draws are ranked once, by a bucket sort (draws closer than 2⁻³² of the range count as
/// tied); normal scores come from a table; the folded draws |x − median| are ranked by merging the two halves of the sorted
/// draws; variances and autocovariances are summed for eight voxels at once, and only to the lag where Geyer's sequence
/// ends, which good chains reach in a few lags.
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

  private let probabilities: [Double]
  private let drawsPerChain: Int
  private let ranking: LaneRanking
  /// Twice the number of chains, and the draws of each half.
  private let halfCount: Int
  private let halfLength: Int
  /// Sums of lagged products of the scores, centred in each half, as far as they are known.
  private var laggedProducts: [Lane8] = []

  /// Workspace for `chainCount` chains of `drawsPerChain` draws (at least 4, fewer than 2²⁴ in all).
  public init(chainCount: Int, drawsPerChain: Int, probabilities: [Double] = [0.05, 0.5, 0.95]) {
    precondition(drawsPerChain >= 4 && chainCount * drawsPerChain < 1 << 24, "4 to 2²⁴ draws")
    self.chainCount = chainCount
    self.drawsPerChain = drawsPerChain
    self.probabilities = probabilities
    halfCount = 2 * chainCount
    halfLength = drawsPerChain / 2
    drawCount = chainCount * drawsPerChain
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
    for lane in assessable {
      ranking.sort(lane: lane, low: low[lane], high: high[lane], isPositive: isPositive)
      ranking.scoreRanks(lane: lane)
      ranking.scoreDistances(lane: lane)
      for (k, p) in probabilities.enumerated() { quantiles[k][lane] = quantile(p, lane: lane) }
    }
    let bulk = SplitMoments(halfCount, length: halfLength) { ranking.score(start(ofHalf: $0) + $1) }
    let folded = SplitMoments(halfCount, length: halfLength) {
      ranking.distanceScore(start(ofHalf: $0) + $1)
    }
    for half in 0..<halfCount {
      let first = start(ofHalf: half)
      ranking.centreScores(first..<first + halfLength, at: bulk.means[half])
    }
    laggedProducts = []
    bulkESS = Lane8(.nan)
    for lane in assessable { bulkESS[lane] = effectiveSize(lane: lane, bulk, floor: floor) }
    let larger = Lane8.maximum(bulk.rHat, folded.rHat)
    rHat = Lane8(.nan)
    for lane in assessable { rHat[lane] = larger[lane] }
  }

  /// The first row of a half-chain; of an odd number of draws, the one in the middle belongs to neither half.
  private func start(ofHalf half: Int) -> Int {
    half / 2 * drawsPerChain + half % 2 * (drawsPerChain - halfLength)
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

  private func quantile(_ p: Double, lane: Int) -> Double {
    let place = p * Double(drawCount - 1)
    let below = min(Int(place), drawCount - 2)
    let lower = ranking.number(ofRank: below, lane: lane)
    return lower + (place - Double(below)) * (ranking.number(ofRank: below + 1, lane: lane) - lower)
  }

  /// The mean over the half-chains of Σ (x_i − x̄)(x_(i+lag) − x̄) / n, of the scores.
  private func autocovariance(_ lag: Int) -> Lane8 {
    while laggedProducts.count <= lag { laggedProducts.append(laggedProduct(laggedProducts.count)) }
    return laggedProducts[lag]
  }

  private func laggedProduct(_ lag: Int) -> Lane8 {
    var sum = Lane8(0)
    for half in 0..<halfCount {
      let first = start(ofHalf: half)
      for index in first..<first + halfLength - lag {
        sum += ranking.score(index) * ranking.score(index + lag)
      }
    }
    return sum / Lane8(Double(halfLength * halfCount))
  }

  private func effectiveSize(lane: Int, _ moments: SplitMoments, floor: Double) -> Double {
    let n = halfLength
    let within = moments.within[lane]
    let varPlus = within * Double(n - 1) / Double(n) + moments.between[lane]
    func rho(_ lag: Int) -> Double { 1 - (within - autocovariance(lag)[lane]) / varPlus }
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
  let means: [Lane8]
  /// W, the mean of the variances within half-chains.
  let within: Lane8
  /// B/n, the variance of their means.
  let between: Lane8
  let rHat: Lane8

  /// The moments of `value(half, index)`, numbers of the size of normal scores.
  @inline(__always)
  init(_ halfCount: Int, length: Int, value: (Int, Int) -> Lane8) {
    let n = Lane8(Double(length))
    var means: [Lane8] = []
    var within = Lane8(0)
    for half in 0..<halfCount {
      var (sum, squares) = (Lane8(0), Lane8(0))
      for index in 0..<length {
        let score = value(half, index)
        sum += score
        squares += score * score
      }
      let mean = sum / n
      means.append(mean)
      within += (squares - sum * mean) / (n - 1)
    }
    within = within / Lane8(Double(halfCount))
    let centre = means.reduce(Lane8(0)) { $0 + $1 } / Lane8(Double(halfCount))
    let squares = means.reduce(Lane8(0)) { $0 + ($1 - centre) * ($1 - centre) }
    self.means = means
    self.within = within
    between = squares / Lane8(Double(halfCount - 1))
    rHat = ((n - 1) / n + between / within).squareRoot()
  }
}
