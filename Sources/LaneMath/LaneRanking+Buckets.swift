/// Sums of normal scores over one part of a column's rows: of the ranks, and of the ranks of distances from the median.
public struct ScoreSums: Sendable {
  /// Σ z of the scores of ranks.
  public var scores = 0.0
  /// Σ z² of the scores of ranks.
  public var squares = 0.0
  /// Σ z of the scores of distances.
  public var distanceScores = 0.0
  /// Σ z² of the scores of distances.
  public var distanceSquares = 0.0
}

/// Normal scores to the width of a bucket, without sorting.
extension LaneRanking {
  /// A column with more than this share of its numbers in one bucket is too coarse.
  private static var crowdedShare: Double { 1.0 / 16 }
  /// 2⁵²: adding it rounds a number below it to an integer, which then stands in the low bits.
  private static var integerShift: Double { 4_503_599_627_370_496 }

  /// Gives every row of column `lane` the score of its rank to the width of a bucket, and finds order statistics exactly.
  ///
  /// The range is cut into one to two buckets of equal width for each number. Numbers of one bucket share their mean rank,
  /// and so do the two buckets that are equally far from the median, to a quarter of their width. A rank is off by no more
  /// than the few numbers of its bucket, which moves variances and autocovariances of the scores by about the square of the
  /// bucket's share.
  ///
  /// - Parameters:
  ///   - lane: The column.
  ///   - low: Its smallest number.
  ///   - high: Its largest, finite and larger than `low`.
  ///   - ranks: Ranks from 0 whose numbers are wanted, with those above them; the first is that of the median.
  ///   - parts: Rows over which scores are summed.
  /// - Returns: For each of `ranks` its number and the next, and the sums of every part; nil where a bucket is crowded.
  public func scoreBuckets(lane: Int, low: Double, high: Double, ranks: [Int], parts: [Range<Int>])
    -> (numbers: [(Double, Double)], sums: [ScoreSums])?
  {
    precondition(parts.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= count }, "rows beyond the table")
    precondition(ranks.allSatisfy { $0 >= 0 && $0 + 1 < count }, "ranks beyond the table")
    let bucketCount = 1 << bucketBits
    let scale = Double(bucketCount - 1) / (high - low)
    guard scale.isFinite, scale > 0 else { return nil }
    fill(lane: lane, low: low, scale: scale, bucketCount)
    let largest = scoreCounts(bucketCount)
    guard Double(largest) <= 4 + Self.crowdedShare * Double(count) else { return nil }
    let numbers = orderStatistics(ranks, bucketCount)
    let isEven = count % 2 == 0
    let median = isEven ? numbers[0].0 + 0.5 * (numbers[0].1 - numbers[0].0) : numbers[0].0
    scoreFolds(about: Int((2 * (median - low) * scale).rounded()), bucketCount)
    return (numbers, sums(over: parts))
  }

  /// Finds the bucket of every number and counts them.
  private func fill(lane: Int, low: Double, scale: Double, _ bucketCount: Int) {
    unsafe buckets.initialize(repeating: 0, count: bucketCount)
    let numbers = unsafe UnsafeRawPointer(rows).assumingMemoryBound(to: Double.self) + lane
    let mask = UInt64(bucketCount - 1)
    for index in 0..<count {
      let number = unsafe numbers[index &* 8]
      unsafe column[index] = number
      let bucket = ((number - low) * scale + Self.integerShift).bitPattern & mask
      unsafe places[index] = UInt32(truncatingIfNeeded: bucket)
      unsafe buckets[Int(truncatingIfNeeded: bucket)] &+= 1
    }
  }

  /// The first rank and the score of every bucket; returns the largest count.
  private func scoreCounts(_ bucketCount: Int) -> Int {
    var before = 0
    var largest: UInt32 = 0
    let limit = 2 * count
    unsafe doubledScores.withUnsafeBufferPointer { table in
      for bucket in 0..<bucketCount {
        let size = unsafe buckets[bucket]
        unsafe starts[bucket] = UInt32(truncatingIfNeeded: before)
        unsafe bucketScores[bucket] = table[min(2 &* before &+ Int(size) &+ 1, limit)]
        largest = max(largest, size)
        before &+= Int(size)
      }
    }
    return Int(largest)
  }

  /// The scores of buckets by their distance from the median, which stands at `twice` half-buckets.
  private func scoreFolds(about twice: Int, _ bucketCount: Int) {
    let limit = 2 * count
    unsafe doubledScores.withUnsafeBufferPointer { table in
      var (below, above, nearer) = (twice / 2, twice / 2 + 1, 0)
      if twice % 2 == 0 {
        nearer = unsafe Int(buckets[below])
        unsafe foldScores[below] = table[min(nearer &+ 1, limit)]
        below -= 1
      }
      while below >= 0 || above < bucketCount {
        let low = unsafe below >= 0 ? Int(buckets[below]) : 0
        let high = unsafe above < bucketCount ? Int(buckets[above]) : 0
        let score = unsafe table[min(2 &* nearer &+ low &+ high &+ 1, limit)]
        if below >= 0 { unsafe foldScores[below] = score }
        if above < bucketCount { unsafe foldScores[above] = score }
        nearer &+= low &+ high
        below &-= 1
        above &+= 1
      }
    }
  }

  /// Writes the scores of the rows of `parts` and sums them.
  private func sums(over parts: [Range<Int>]) -> [ScoreSums] {
    parts.map { part in
      var sums = ScoreSums()
      for index in part {
        let bucket = unsafe Int(truncatingIfNeeded: places[index])
        let (score, fold) = unsafe (bucketScores[bucket], foldScores[bucket])
        unsafe scores[index] = score
        sums.scores += score
        sums.squares += score * score
        sums.distanceScores += fold
        sums.distanceSquares += fold * fold
      }
      return sums
    }
  }

  /// The numbers of each of `ranks` and of the rank above it.
  private func orderStatistics(_ ranks: [Int], _ bucketCount: Int) -> [(Double, Double)] {
    let wanted = ranks.map { (bucket(ofRank: $0, bucketCount), bucket(ofRank: $0 + 1, bucketCount)) }
    for pair in wanted {
      unsafe marks[pair.0] = 1
      unsafe marks[pair.1] = 1
    }
    var found = 0
    for index in 0..<count where unsafe marks[Int(truncatingIfNeeded: places[index])] != 0 {
      unsafe gathered[found] = UInt32(truncatingIfNeeded: index)
      found &+= 1
    }
    for pair in wanted {
      unsafe marks[pair.0] = 0
      unsafe marks[pair.1] = 0
    }
    return zip(ranks, wanted).map { rank, buckets in
      (
        number(ofRank: rank, in: buckets.0, among: found),
        number(ofRank: rank + 1, in: buckets.1, among: found)
      )
    }
  }

  /// The last bucket whose first rank is not above `rank`: the one that holds it.
  private func bucket(ofRank rank: Int, _ bucketCount: Int) -> Int {
    var (low, high) = (0, bucketCount)
    while high - low > 1 {
      let middle = (low + high) / 2
      if unsafe Int(starts[middle]) <= rank { low = middle } else { high = middle }
    }
    return low
  }

  /// The number of `rank` among the first `found` of the gathered rows, those of `bucket`.
  private func number(ofRank rank: Int, in bucket: Int, among found: Int) -> Double {
    let wanted = unsafe rank - Int(starts[bucket])
    for place in 0..<found {
      let row = unsafe Int(gathered[place])
      guard unsafe Int(places[row]) == bucket else { continue }
      let number = unsafe column[row]
      var smaller = 0
      for other in 0..<found {
        let otherRow = unsafe Int(gathered[other])
        guard unsafe Int(places[otherRow]) == bucket else { continue }
        let value = unsafe column[otherRow]
        smaller += value < number || (value == number && other < place) ? 1 : 0
      }
      if smaller == wanted { return number }
    }
    return .nan
  }

  /// As `scoreBuckets`, with every number in its place: for columns of which many numbers are equal or nearly so.
  public func scoreExactly(
    lane: Int, low: Double, high: Double, ranks: [Int], parts: [Range<Int>], isPositive: Bool
  ) -> (numbers: [(Double, Double)], sums: [ScoreSums]) {
    sort(lane: lane, low: low, high: high, isPositive: isPositive)
    scoreRanks()
    scoreDistances()
    let numbers = ranks.map {
      (number(ofRank: $0, lane: lane), number(ofRank: $0 + 1, lane: lane))
    }
    let sums = parts.map { part in
      part.reduce(into: ScoreSums()) { sums, index in
        let (score, distance) = unsafe (scores[index], distanceScores[index])
        sums.scores += score
        sums.squares += score * score
        sums.distanceScores += distance
        sums.distanceSquares += distance * distance
      }
    }
    return (numbers, sums)
  }
}
