/// Which numbers count as equal: those that the precision of the data cannot tell apart.
///
/// 0.0014 − 0.0013 and 0.0013 − 0.0012 differ in the last bit, and so do logarithms of equal ratios. Ranks, signs and wins
/// of derived numbers are judged at 10⁻⁹ of the numbers that they were computed from, far below the digits that anybody
/// writes and far above rounding errors (R has `digits.rank` for this).
public enum DataPrecision {
  /// The relative precision at which numbers are told apart.
  public static let relative = 1e-9

  /// `values` with those that count as equal made equal, and those that count as zero made 0; NaN and infinite stay.
  ///
  /// - `operands`: the size of the numbers that each value was computed from, such as the larger of minuend and
  ///   subtrahend.
  public static func settled(_ values: [Double], operands: [Double]) -> [Double] {
    precondition(values.count == operands.count, "\(values.count) values with \(operands.count) sizes")
    let steps = operands.map { relative * abs($0) }
    var settled = values
    let order = values.indices.filter { values[$0].isFinite }.sorted { values[$0] < values[$1] }
    var first = 0
    while first < order.count {
      let start = order[first]
      var last = first
      // Compared with the first of the group: groups do not grow from neighbour to neighbour.
      while last + 1 < order.count,
        values[order[last + 1]] - values[start] <= max(steps[start], steps[order[last + 1]])
      { last += 1 }
      let group = order[first...last]
      let isZero = group.contains { abs(values[$0]) <= steps[$0] }
      for index in group { settled[index] = isZero ? 0 : values[start] }
      first = last + 1
    }
    return settled
  }

  /// `after` − `before`, with sizes that count as equal made equal whatever their sign, and zeros exactly 0.
  public static func differences(_ after: [Double], _ before: [Double]) -> [Double] {
    let differences = zip(after, before).map { $0 - $1 }
    let sizes = settled(
      differences.map(abs), operands: zip(after, before).map { max(abs($0), abs($1)) })
    return zip(differences, sizes).map { $0 < 0 ? -$1 : $1 }
  }
}
