/// A diffusion weighting, in s/mm².
public struct BValue: Hashable, Comparable, Sendable {
  /// The weighting in s/mm².
  public var secondsPerSquareMillimeter: Double

  /// A weighting of `secondsPerSquareMillimeter` s/mm².
  public init(_ secondsPerSquareMillimeter: Double) {
    self.secondsPerSquareMillimeter = secondsPerSquareMillimeter
  }

  /// The weighting in ms/µm², whose product with a diffusion coefficient in µm²/ms (= 10⁻³ mm²/s) is a pure number.
  public var millisecondsPerSquareMicrometer: Double { secondsPerSquareMillimeter / 1000 }

  /// Less weighting comes first.
  public static func < (a: BValue, b: BValue) -> Bool {
    a.secondsPerSquareMillimeter < b.secondsPerSquareMillimeter
  }
}
