/// Evenly spaced places along one coordinate.
public struct GridAxis: Hashable, Sendable {
  /// The first place.
  public let first: Double
  /// The distance between neighbours.
  public let step: Double
  /// The number of places.
  public let count: Int

  /// `count` places (at least 2) from `first` to `last`.
  init(from first: Double, to last: Double, count: Int) {
    self.first = first
    self.step = (last - first) / Double(count - 1)
    self.count = count
  }

  /// Place `index`, from 0.
  public subscript(index: Int) -> Double { first + step * Double(index) }

  /// The last place.
  public var last: Double { self[count - 1] }
}
