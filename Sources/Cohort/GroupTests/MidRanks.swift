/// The ranks of values, 1 for the smallest; ties share the mean of their ranks.
struct MidRanks {
  /// In the order of the values.
  let ranks: [Double]
  /// Σ (t³ − t) over groups of t equal values: what ties take from the variance of rank sums.
  let tieSum: Double

  /// True if two values are equal.
  var hasTies: Bool { tieSum > 0 }

  init(_ values: [Double]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var tieSum = 0.0
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count, values[order[last + 1]] == values[order[first]] { last += 1 }
      for place in first...last { ranks[order[place]] = Double(first + last) / 2 + 1 }
      let size = Double(last - first + 1)
      tieSum += size * size * size - size
      first = last + 1
    }
    self.ranks = ranks
    self.tieSum = tieSum
  }
}
