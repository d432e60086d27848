/// The narrowest interval that holds a given share of the draws.
///
/// Chen and Shao 1999 (doi:10.1080/10618600.1999.10474802). Holds the highest-density set only if the posterior has
/// one mode; with two, it spans the gap.
public struct HighestDensityInterval: Sendable, Equatable, Codable {
  /// The lower end, in the unit of the draws.
  public var lower: Double
  /// The upper end, in the unit of the draws.
  public var upper: Double

  /// An interval read from a table.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// The narrowest interval with a share of `probability` of the draws, which must be in ascending order.
  ///
  /// - Of several equally narrow intervals, the leftmost.
  /// - No draws: NaN. One draw: that draw twice.
  public init(ofSorted draws: [Double], probability: Double = 0.94) {
    precondition((0...1).contains(probability), "a probability lies in 0 … 1")
    guard let first = draws.first else {
      (lower, upper) = (.nan, .nan)
      return
    }
    let steps = Swift.min(Int(probability * Double(draws.count)), draws.count - 1)
    var (start, width) = (0, Double.infinity)
    for index in 0..<(draws.count - steps) where draws[index + steps] - draws[index] < width {
      (start, width) = (index, draws[index + steps] - draws[index])
    }
    (lower, upper) = width.isFinite ? (draws[start], draws[start + steps]) : (first, draws[draws.count - 1])
  }
}
