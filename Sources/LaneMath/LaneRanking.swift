/// Ranks the numbers of a table of lanes, each of its eight columns by itself: a bucket sort per column.
///
/// Rows are positions in a sample, columns eight samples. The order is exact to 2⁻³² of a column's range: numbers that are
/// closer count as tied. The first pass puts the numbers of a column into about as many buckets as there are numbers, the
/// second orders them within their buckets: linear time unless nearly all of a sample falls into a few buckets, where a
/// library sort takes over.
///
/// Where ranks are wanted for normal scores alone, `scoreBuckets` spares the order: numbers that share a bucket count as
/// tied.
///
/// Rows are reached without bounds checks in optimised builds; debug builds check. One value serves one task.
@safe
public final class LaneRanking {
  /// The number of rows.
  public let count: Int
  /// The number of a rank or of the mean of two: entry r + s for the mean of the ranks r and s (from 1).
  let doubledScores: [Double]
  @usableFromInline let rows: UnsafeMutablePointer<Lane8>
  /// Of the column ranked last: the scores of ranks and those of the ranks of distances.
  let scores: UnsafeMutablePointer<Double>
  let distanceScores: UnsafeMutablePointer<Double>
  /// The column being ranked: as given, then in ascending order between two sentinels.
  let column: UnsafeMutablePointer<Double>
  private let ascending: UnsafeMutablePointer<Double>
  /// (place << 24 | row), in the order of the rows and in ascending order, with a sentinel behind.
  private let words: UnsafeMutablePointer<UInt64>
  private let ordered: UnsafeMutablePointer<UInt64>
  /// The rows in the order of their distances from the median.
  private let merged: UnsafeMutablePointer<UInt32>
  let buckets: UnsafeMutablePointer<UInt32>
  /// Of every bucket its first rank, its scores and whether its numbers are wanted; the bucket of every row.
  let starts: UnsafeMutablePointer<UInt32>
  let bucketScores: UnsafeMutablePointer<Double>
  let foldScores: UnsafeMutablePointer<Double>
  let marks: UnsafeMutablePointer<UInt8>
  let places: UnsafeMutablePointer<UInt32>
  let gathered: UnsafeMutablePointer<UInt32>
  let bucketBits: Int

  private static let rowBits: UInt64 = 24
  private static let rowMask: UInt64 = 0xff_ffff
  private static let placeBits = 32

  /// A table of `count` rows (2 to 2²⁴ − 1) whose ranks have these scores: `doubledScores[r + s]` is that of the mean of
  /// the ranks r and s.
  public init(count: Int, doubledScores: [Double]) {
    precondition(count >= 2 && count < 1 << 24, "2 to 2²⁴ rows")
    precondition(doubledScores.count == 2 * count + 1, "a score for every sum of two ranks")
    self.count = count
    self.doubledScores = doubledScores
    unsafe rows = .allocate(capacity: count)
    unsafe scores = .allocate(capacity: count)
    unsafe distanceScores = .allocate(capacity: count)
    unsafe column = .allocate(capacity: count)
    unsafe ascending = .allocate(capacity: count + 2)
    unsafe words = .allocate(capacity: count)
    unsafe ordered = .allocate(capacity: count + 1)
    unsafe merged = .allocate(capacity: count)
    bucketBits = max(4, Int.bitWidth - (count - 1).leadingZeroBitCount)
    unsafe buckets = .allocate(capacity: 1 << bucketBits)
    unsafe starts = .allocate(capacity: 1 << bucketBits)
    unsafe bucketScores = .allocate(capacity: 1 << bucketBits)
    unsafe foldScores = .allocate(capacity: 1 << bucketBits)
    unsafe marks = .allocate(capacity: 1 << bucketBits)
    unsafe marks.initialize(repeating: 0, count: 1 << bucketBits)
    unsafe places = .allocate(capacity: count)
    unsafe gathered = .allocate(capacity: count)
  }

  deinit {
    unsafe rows.deallocate()
    unsafe scores.deallocate()
    unsafe distanceScores.deallocate()
    unsafe column.deallocate()
    unsafe ascending.deallocate()
    unsafe words.deallocate()
    unsafe ordered.deallocate()
    unsafe merged.deallocate()
    unsafe buckets.deallocate()
    unsafe starts.deallocate()
    unsafe bucketScores.deallocate()
    unsafe foldScores.deallocate()
    unsafe marks.deallocate()
    unsafe places.deallocate()
    unsafe gathered.deallocate()
  }

  /// Puts `lanes` into the rows from `first` on.
  public func setRows(_ lanes: [Lane8], from first: Int) {
    precondition(first >= 0 && first + lanes.count <= count, "rows beyond the table")
    unsafe lanes.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      unsafe (rows + first).initialize(from: base, count: source.count)
    }
  }

  /// Subtracts `centre` from the scores of the ranks of `part`, rows of the column ranked last.
  public func centreScores(_ part: Range<Int>, at centre: Double) {
    precondition(part.lowerBound >= 0 && part.upperBound <= count, "rows beyond the table")
    for index in part { unsafe scores[index] -= centre }
  }

  /// Σ z z' over the scores of the ranks of the rows of `part` and of those `lag` rows further on in it.
  public func laggedProduct(_ lag: Int, over part: Range<Int>) -> Double {
    precondition(lag >= 0 && part.lowerBound >= 0 && part.upperBound <= count, "rows beyond the table")
    let end = part.upperBound - lag
    var index = part.lowerBound
    // Unaligned vectors of four: the order of summation is the same on every machine.
    var sums = SIMD4<Double>(repeating: 0)
    while index &+ 4 <= end {
      let raw = unsafe UnsafeRawPointer(scores + index)
      let ahead = unsafe UnsafeRawPointer(scores + (index &+ lag))
      unsafe sums +=
        raw.loadUnaligned(as: SIMD4<Double>.self) * ahead.loadUnaligned(as: SIMD4<Double>.self)
      index &+= 4
    }
    var sum = (sums[0] + sums[1]) + (sums[2] + sums[3])
    while index < end {
      unsafe sum += scores[index] * scores[index &+ lag]
      index &+= 1
    }
    return sum
  }

  /// The numbers of a row as they were given.
  @inlinable @inline(__always)
  public func row(_ index: Int) -> Lane8 {
    assert(index >= 0 && index < count)
    return unsafe rows[index]
  }

  /// Sorts the column `lane`, whose smallest and largest number are known to be finite and to differ.
  ///
  /// Places are those of the bit pattern between the two: for positive numbers they are close to logarithms, which spreads
  /// a skewed sample evenly. Others are shifted to between one and two ranges first, where bit patterns are linear.
  func sort(lane: Int, low: Double, high: Double, isPositive: Bool) {
    let offset = isPositive && low > 0 ? 0 : (high - low) - low
    let base = (low + offset).bitPattern
    let width = UInt64.bitWidth - ((high + offset).bitPattern &- base).leadingZeroBitCount
    let shift = UInt64(max(0, width - Self.placeBits))
    let bucketShift = UInt64(max(0, min(width, Self.placeBits) - bucketBits))
    unsafe buckets.initialize(repeating: 0, count: 1 << bucketBits)
    let numbers = unsafe UnsafeRawPointer(rows).assumingMemoryBound(to: Double.self) + lane
    for index in 0..<count {
      let number = unsafe numbers[index &* 8] + offset
      unsafe column[index] = number
      let place = (number.bitPattern &- base) &>> shift
      unsafe words[index] = place &<< Self.rowBits | UInt64(truncatingIfNeeded: index)
      unsafe buckets[Int(truncatingIfNeeded: place &>> bucketShift)] &+= 1
    }
    distribute(bucketShift)
    order()
    // Compared as they were given: the shift rounds them.
    var isAscending = true
    var previous = -Double.infinity
    for rank in 0..<count {
      let row = row(ofRank: rank)
      unsafe ascending[rank &+ 1] = column[row]
      let number = unsafe numbers[row &* 8]
      isAscending = isAscending && previous <= number
      previous = number
    }
    if !isAscending { unsafe orderTies(numbers) }
  }

  /// Sorts numbers that share a place, which a sample with a few numbers far beyond all others has many of.
  private func orderTies(_ numbers: UnsafePointer<Double>) {
    var first = 0
    while first < count {
      let place = unsafe ordered[first] &>> Self.rowBits
      var end = first &+ 1
      while unsafe ordered[end] &>> Self.rowBits == place { end &+= 1 }
      if end - first > 1 {
        var run = unsafe UnsafeMutableBufferPointer(start: ordered + first, count: end - first)
        unsafe run.sort { a, b in
          unsafe numbers[Int(a & Self.rowMask) &* 8] < numbers[Int(b & Self.rowMask) &* 8]
        }
        for rank in first..<end { unsafe ascending[rank &+ 1] = column[row(ofRank: rank)] }
      }
      first = end
    }
  }

  /// Puts the words into their buckets, which stand in ascending order.
  private func distribute(_ bucketShift: UInt64) {
    var start: UInt32 = 0
    for bucket in 0..<1 << bucketBits {
      let size = unsafe buckets[bucket]
      unsafe buckets[bucket] = start
      start &+= size
    }
    for index in 0..<count {
      let word = unsafe words[index]
      let bucket = Int(truncatingIfNeeded: word &>> (Self.rowBits &+ bucketShift))
      let place = unsafe buckets[bucket]
      unsafe ordered[Int(place)] = word
      unsafe buckets[bucket] = place &+ 1
    }
    unsafe ordered[count] = .max
  }

  /// Sorts the words within their buckets by insertion; should the buckets be large, by the library.
  private func order() {
    var moves = 0
    for index in 1..<count {
      let word = unsafe ordered[index]
      var place = index
      while place > 0, case let previous = unsafe ordered[place &- 1], previous > word {
        unsafe ordered[place] = previous
        place &-= 1
      }
      unsafe ordered[place] = word
      moves &+= index &- place
      if moves > 16 * count {
        var whole = unsafe UnsafeMutableBufferPointer(start: ordered, count: count)
        unsafe whole.sort()
        return
      }
    }
  }

  @inline(__always)
  private func row(ofRank rank: Int) -> Int {
    unsafe Int(truncatingIfNeeded: ordered[rank] & Self.rowMask)
  }

  /// The number of column `lane`, sorted last, that stands at `rank`, from 0.
  func number(ofRank rank: Int, lane: Int) -> Double {
    precondition(rank >= 0 && rank < count, "a rank beyond the table")
    return unsafe rows[row(ofRank: rank)].numbers[lane]
  }

  /// Gives every row of the column sorted last the score of its rank, tied ones that of their mean rank.
  func scoreRanks() {
    unsafe doubledScores.withUnsafeBufferPointer { table in
      var first = 0
      while first < count {
        let place = unsafe ordered[first] &>> Self.rowBits
        var end = first &+ 1
        while unsafe ordered[end] &>> Self.rowBits == place { end &+= 1 }
        let score = unsafe table[first &+ end &+ 1]
        for rank in first..<end { unsafe scores[row(ofRank: rank)] = score }
        first = end
      }
    }
  }

  /// As `scoreRanks` for the distances from the median: a merge of the numbers below it and above it.
  ///
  /// Distances whose relative difference is below 4·10⁻⁹ count as tied: the two numbers in the middle are equally far from
  /// the median, whatever rounding does.
  func scoreDistances() {
    let half = count / 2
    let median =
      unsafe count % 2 == 0
      ? ascending[half] + 0.5 * (ascending[half &+ 1] - ascending[half]) : ascending[half &+ 1]
    unsafe ascending[0] = -.infinity
    unsafe ascending[count &+ 1] = .infinity
    unsafe doubledScores.withUnsafeBufferPointer { table in
      var (low, high) = (half, half &+ 1)
      // The run of tied distances that began at place `first`.
      var (first, limit) = (0, -Double.infinity)
      for place in 0...count {
        let below = unsafe median - ascending[low]
        let above = unsafe ascending[high] - median
        let isBelow = below <= above
        let distance = place == count ? Double.infinity : isBelow ? below : above
        if distance > limit {
          let score = unsafe table[first &+ place &+ 1]
          while first < place {
            unsafe distanceScores[Int(merged[first])] = score
            first &+= 1
          }
          limit = distance * (1 + 4e-9)
        }
        if place < count {
          unsafe merged[place] = UInt32(truncatingIfNeeded: row(ofRank: (isBelow ? low : high) &- 1))
        }
        low &-= isBelow ? 1 : 0
        high &+= isBelow ? 0 : 1
      }
    }
  }
}
