internal import GSLSupport
public import LaneMath
internal import Synchronization

/// Gamma numbers of one shape as a function of standard normal ones: monotone, smooth, and without any rejection.
///
/// x = Q(Φ(z)), Q the gamma quantile of shape a, has the distribution exactly. Its cube root is nearly linear in z (Wilson
/// and Hilferty 1931, doi:10.1073/pnas.17.12.684): (x/a)^⅓ is a Chebyshev series over |z| ≤ 8.7, which holds every number
/// that `LaneRandom.normalPair` can give, cut off where its terms fall below 10⁻⁸.
public struct GammaVariate: Sendable {
  /// a, the shape; the scale is 1.
  public let shape: Double
  /// Chebyshev coefficients of (x/a)^⅓, those of high degree first.
  @usableFromInline let coefficients: [Double]

  @usableFromInline static let reach = 8.7
  private static let precision = 1e-8
  private static let largestDegree = 40

  /// The variate of a shape from 2 to 10⁶; nil beyond, where the series converges too slowly or the quantile is not known
  /// well enough.
  ///
  /// Made once for each shape and kept: all voxels of a region share one.
  public init?(shape: Double) {
    guard shape >= 2, shape <= 1e6 else { return nil }
    self.shape = shape
    if let known = Self.series.withLock({ $0[shape] }) {
      coefficients = known
    } else {
      let made = Self.coefficients(shape: shape)
      Self.series.withLock { $0[shape] = made }
      coefficients = made
    }
  }

  private static let series = Mutex<[Double: [Double]]>([:])

  private static func coefficients(shape: Double) -> [Double] {
    let count = 2 * largestDegree + 2
    let turns = (0..<count).map { Double(2 * $0 + 1) / Double(4 * count) }
    let values = turns.map { turn in
      SpecialFunctions.cubeRoot(
        quantile(reach * Double.cosineAndSine(turns: turn).cosine, shape: shape) / shape)
    }
    let all = (0...largestDegree).map { k in
      let sum = zip(turns, values).reduce(0) { sum, point in
        let turn = (Double(k) * point.0).truncatingRemainder(dividingBy: 1)
        return sum + point.1 * Double.cosineAndSine(turns: turn).cosine
      }
      return (k == 0 ? 1 : 2) * sum / Double(count)
    }
    let last = all.lastIndex { abs($0) > precision } ?? 0
    return Array(all[0...last].reversed())
  }

  /// Q(Φ(z)), from whichever tail is small.
  private static func quantile(_ z: Double, shape: Double) -> Double {
    let tail = SpecialFunctions.normalUpperTail(abs(z))
    return z < 0
      ? SpecialFunctions.gammaQuantile(tail, shape: shape)
      : SpecialFunctions.gammaUpperQuantile(tail, shape: shape)
  }

  /// The gamma numbers that belong to standard normal ones.
  @inlinable
  public func numbers<L: Lane>(of normal: L) -> L {
    let u = (1 / Self.reach) * normal
    let twice = u + u
    // Clenshaw's recurrence.
    var (first, second) = (L(0), L(0))
    for k in 0..<coefficients.count - 1 {
      (first, second) = (coefficients[k] + (twice * first - second), first)
    }
    let root = coefficients[coefficients.count - 1] + (u * first - second)
    return shape * (root * root * root)
  }
}
