/// A lower and an upper bound: of a confidence interval, a credible interval, or limits of agreement.
public struct Interval: Sendable, Equatable, Codable {
  /// The lower bound; NaN if there is none to give.
  public var lower: Double
  /// The upper bound; NaN if there is none to give.
  public var upper: Double

  /// The interval from `lower` to `upper`.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// `center` ∓ `halfWidth`.
  public init(center: Double, halfWidth: Double) {
    self.init(lower: center - halfWidth, upper: center + halfWidth)
  }

  /// An interval that nothing is known of.
  public static let unknown = Interval(lower: .nan, upper: .nan)

  /// True if `value` lies between the bounds, both included.
  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  /// The bounds after a transformation that keeps their order, such as `exp`.
  public func map(_ increasing: (Double) -> Double) -> Interval {
    Interval(lower: increasing(lower), upper: increasing(upper))
  }

  /// The part inside `range`.
  public func clamped(to range: ClosedRange<Double>) -> Interval {
    map { min(max($0, range.lowerBound), range.upperBound) }
  }
}
