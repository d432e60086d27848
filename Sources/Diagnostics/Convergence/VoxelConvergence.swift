internal import Foundation
internal import GSLSupport

/// Quantiles, R̂ and bulk ESS of one quantity at the price of one sort: for maps, where thousands of voxels ask.
///
/// The definitions are those of ``ChainDiagnostics`` (Vehtari et al. 2021, doi:10.1214/20-BA1221), to which a test holds this
/// type equal. What is saved: draws are ranked once, by a radix sort of their 32-bit places between the smallest and
/// the largest (draws closer than 2⁻³² of the range count as tied); normal scores come from a table; the folded draws
/// |x − median| are ranked by merging the two halves of the sorted draws; autocovariances are summed only to the lag
/// where Geyer's sequence ends, which good chains reach in a few lags.
///
/// Workspace is kept between calls; one value serves one task.
public struct VoxelConvergence {
  /// Draws in all chains together.
  public let drawCount: Int
  /// Chains; the draws of each stand together.
  public let chainCount: Int
  /// The draws in ascending order.
  public private(set) var sorted: [Double]
  /// Bulk effective sample size; NaN for a constant or non-finite quantity.
  public private(set) var bulkESS = Double.nan
  /// Rank-normalised split R̂, the larger of bulk and folded; NaN for a constant or non-finite quantity.
  public private(set) var rHat = Double.nan

  /// The normal score of rank r stands at 2r (ties have half-integer ranks).
  private let scoreOfDoubledRank: [Double]
  private var keys: [UInt64]
  private var spare: [UInt64]
  private var histogram = [Int](repeating: 0, count: 4 * 256)
  private var scores: [Double]
  private var foldedOrder: [Int]
  private let halfCount: Int

  /// Workspace for `chainCount` chains of `drawsPerChain` draws (at least 4, at most 2²⁴ in all).
  public init(chainCount: Int, drawsPerChain: Int) {
    precondition(drawsPerChain >= 4 && chainCount * drawsPerChain < 1 << 24, "4 to 2²⁴ draws")
    self.chainCount = chainCount
    // As in R's posterior, an odd chain loses its middle draw when split; here chains are even.
    halfCount = drawsPerChain / 2
    drawCount = chainCount * drawsPerChain
    let total = Double(drawCount)
    scoreOfDoubledRank = (0...2 * drawCount).map { doubled in
      SpecialFunctions.normalQuantile((0.5 * Double(doubled) - 0.375) / (total + 0.25))
    }
    sorted = [Double](repeating: 0, count: drawCount)
    keys = [UInt64](repeating: 0, count: drawCount)
    spare = keys
    scores = sorted
    foldedOrder = [Int](repeating: 0, count: drawCount)
  }

  /// Takes the draws of one quantity, chain after chain.
  ///
  /// With `givingUpBelow` the sum of autocovariances ends as soon as it shows the ESS to be below that number; then
  /// `bulkESS` is only an upper bound of it.
  public mutating func take(_ draws: [Double], givingUpBelow floor: Double = 0) {
    precondition(draws.count == drawCount, "\(draws.count) draws in a workspace for \(drawCount)")
    guard draws.allSatisfy(\.isFinite) else {
      rHat = .nan
      bulkESS = .nan
      return
    }
    sort(draws)
    guard sorted[0] < sorted[drawCount - 1] else {
      rHat = .nan
      bulkESS = .nan
      return
    }
    scoreSorted()
    let bulk = splitRHat()
    bulkESS = effectiveSampleSize(floor: floor)
    scoreFolded()
    rHat = max(bulk, splitRHat())
  }

  /// The quantile of probability `p` by linear interpolation of order statistics (type 7 of Hyndman and Fan 1996).
  public func quantile(_ p: Double) -> Double {
    let place = p * Double(drawCount - 1)
    let below = min(Int(place), drawCount - 2)
    let fraction = place - Double(below)
    return sorted[below] + fraction * (sorted[below + 1] - sorted[below])
  }

  /// Sorts the draws; afterwards the low 24 bits of `keys` hold the order, and the bits above them the place of the
  /// draw between the smallest and the largest.
  private mutating func sort(_ draws: [Double]) {
    for k in histogram.indices { histogram[k] = 0 }
    var (low, high) = (draws[0], draws[0])
    for draw in draws {
      low = min(low, draw)
      high = max(high, draw)
    }
    let scale = 4_294_967_295 / (high - low)
    for (index, draw) in draws.enumerated() {
      let place = (draw - low) * scale
      // A constant has no range: its places are NaN.
      let key = place >= 0 ? UInt64(min(place, 4_294_967_295)) : 0
      keys[index] = key << 24 | UInt64(index)
      for digit in 0..<4 { histogram[digit << 8 | Int(key >> UInt64(8 * digit)) & 255] += 1 }
    }
    for digit in 0..<4 {
      var start = 0
      for bucket in digit << 8..<(digit + 1) << 8 {
        let size = histogram[bucket]
        histogram[bucket] = start
        start += size
      }
      let shift = UInt64(24 + 8 * digit)
      for key in keys {
        let bucket = digit << 8 | Int(key >> shift) & 255
        spare[histogram[bucket]] = key
        histogram[bucket] += 1
      }
      swap(&keys, &spare)
    }
    for (rank, key) in keys.enumerated() { sorted[rank] = draws[Int(key & 0xff_ffff)] }
  }

  /// Gives every draw the normal score of its rank, tied draws that of their average rank.
  private mutating func scoreSorted() {
    var start = 0
    while start < drawCount {
      var end = start + 1
      let key = keys[start] >> 24
      while end < drawCount && keys[end] >> 24 == key { end += 1 }
      let score = scoreOfDoubledRank[start + end + 1]
      for rank in start..<end { scores[Int(keys[rank] & 0xff_ffff)] = score }
      start = end
    }
  }

  /// As `scoreSorted` for |x − median|, whose order is a merge of the draws below and above the median.
  private mutating func scoreFolded() {
    let median = quantile(0.5)
    var low = drawCount / 2 - 1
    var high = drawCount / 2
    for place in 0..<drawCount {
      let takeLow = high == drawCount || (low >= 0 && median - sorted[low] <= sorted[high] - median)
      foldedOrder[place] = takeLow ? low : high
      if takeLow { low -= 1 } else { high += 1 }
    }
    var start = 0
    while start < drawCount {
      let distance = abs(sorted[foldedOrder[start]] - median)
      var end = start + 1
      while end < drawCount && abs(sorted[foldedOrder[end]] - median) <= distance * (1 + 4e-9) { end += 1 }
      let score = scoreOfDoubledRank[start + end + 1]
      for place in start..<end { scores[Int(keys[foldedOrder[place]] & 0xff_ffff)] = score }
      start = end
    }
  }

  private func halfChainMoments() -> (means: [Double], variances: [Double]) {
    var means: [Double] = []
    var variances: [Double] = []
    for half in 0..<2 * chainCount {
      let first = half * halfCount
      var sum = 0.0
      for k in first..<first + halfCount { sum += scores[k] }
      let mean = sum / Double(halfCount)
      var squares = 0.0
      for k in first..<first + halfCount { squares += (scores[k] - mean) * (scores[k] - mean) }
      means.append(mean)
      variances.append(squares / Double(halfCount - 1))
    }
    return (means, variances)
  }

  private func splitRHat() -> Double {
    let n = Double(halfCount)
    let (means, variances) = halfChainMoments()
    let within = variances.reduce(0, +) / Double(variances.count)
    let between = n * Self.variance(means)
    return (((n - 1) / n * within + between / n) / within).squareRoot()
  }

  private func effectiveSampleSize(floor: Double) -> Double {
    let n = halfCount
    let (means, variances) = halfChainMoments()
    let within = variances.reduce(0, +) / Double(variances.count)
    let varPlus = within * Double(n - 1) / Double(n) + Self.variance(means)
    func rho(_ lag: Int) -> Double {
      var sum = 0.0
      for half in 0..<2 * chainCount {
        let first = half * n
        let mean = means[half]
        for k in first..<first + n - lag { sum += (scores[k] - mean) * (scores[k + lag] - mean) }
      }
      return 1 - (within - sum / Double(n * 2 * chainCount)) / varPlus
    }
    // Geyer's initial positive sequence.
    var pairs: [Double] = [1 + rho(1)]
    var even = 1.0
    var lag = 0
    var sum = 0.0
    while lag < n - 5, let last = pairs.last, last > 0 {
      lag += 2
      even = rho(lag)
      pairs.append(even + rho(lag + 1))
      sum += pairs[pairs.count - 2]
      if Double(drawCount) < floor * (2 * sum - 1) { return Double(drawCount) / (2 * sum - 1) }
    }
    // The last pair ends the sum: only its even term is kept, if positive (Stan).
    pairs.removeLast()
    // Geyer's initial monotone sequence.
    for k in stride(from: 1, to: pairs.count, by: 1) { pairs[k] = min(pairs[k], pairs[k - 1]) }
    let tau = -1 + 2 * pairs.reduce(0, +) + max(even, 0)
    let total = Double(drawCount)
    return total / max(tau, 1 / log10(total))
  }

  private static func variance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }
}
