public import GSLSupport
internal import LaneMath

/// A distribution on a line, known at evenly spaced places where it is negligible at both ends.
///
/// A smooth density is, at a small enough step h, band-limited to working precision: it *is* its cardinal series
/// p(x) = Σ pⱼ sinc((x − xⱼ)/h) (Whittaker 1915; Stenger 1981, doi:10.1137/1023037). The series integrates to
/// F(x) = h Σ pⱼ [½ + Si(π(x − xⱼ)/h)/π], which gives F at the places themselves; between two of them F is the quintic
/// through F, p and p′ at both: off by 10⁻⁶ where h is half a standard deviation, falling as h⁶.
public struct GridMarginal: Sendable {
  /// The places.
  public let axis: GridAxis
  /// p at every place.
  public let densities: [Double]
  /// The mean.
  public let mean: Double
  /// The standard deviation.
  public let standardDeviation: Double
  private let slopes: [Double]
  private let cumulative: [Double]

  /// The distribution with weights ∝ `weights` on `axis`.
  init(_ weights: some Collection<Double>, on axis: GridAxis, kernel: CardinalKernel) {
    let total = weights.reduce(0, +) * axis.step
    let densities = weights.map { $0 / total }
    self.axis = axis
    self.densities = densities
    (mean, standardDeviation) = Self.moments(densities, on: axis)
    slopes = (0..<axis.count).map { kernel.slope(of: densities, at: $0) / axis.step }
    cumulative = (0..<axis.count).map { kernel.integral(of: densities, to: $0) * axis.step }
  }

  /// P(x ≤ `place`).
  public func probability(below place: Double) -> Double {
    let position = (place - axis.first) / axis.step
    guard position > 0 else { return 0 }
    guard position < Double(axis.count - 1) else { return 1 }
    let interval = Int(position)
    return min(1, max(0, polynomial(interval, position - Double(interval))))
  }

  /// The place below which a share `p` of the probability lies, for p in [0, 1].
  public func quantile(_ p: Double) -> Double {
    var (low, high) = (0, axis.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if cumulative[middle] <= p { low = middle } else { high = middle }
    }
    var (left, right) = (0.0, 1.0)
    for _ in 0..<52 {
      let middle = 0.5 * (left + right)
      if polynomial(low, middle) <= p { left = middle } else { right = middle }
    }
    return axis[low] + axis.step * 0.5 * (left + right)
  }

  /// An independent draw, by inversion.
  public func draw(using random: inout RandomStream) -> Double { quantile(random.uniform()) }

  /// F at fraction t of interval `k`: the quintic through F, p and p′ at both ends.
  private func polynomial(_ k: Int, _ t: Double) -> Double {
    let h = axis.step
    let rise = cumulative[k + 1] - cumulative[k]
    let (p0, p1) = (h * densities[k], h * densities[k + 1])
    let (s0, s1) = (h * h * slopes[k], h * h * slopes[k + 1])
    let c3 = 10 * rise - 6 * p0 - 4 * p1 - 1.5 * s0 + 0.5 * s1
    let c4 = -15 * rise + 8 * p0 + 7 * p1 + 1.5 * s0 - s1
    let c5 = 6 * rise - 3 * p0 - 3 * p1 - 0.5 * s0 + 0.5 * s1
    return cumulative[k] + t * (p0 + t * (0.5 * s0 + t * (c3 + t * (c4 + t * c5))))
  }

  /// Mean and standard deviation of `weights` on `axis`.
  static func moments(_ weights: [Double], on axis: GridAxis) -> (mean: Double, deviation: Double) {
    let total = weights.reduce(0, +)
    let mean = weights.indices.reduce(0) { $0 + weights[$1] * axis[$1] } / total
    let variance =
      weights.indices.reduce(0) { $0 + weights[$1] * (axis[$1] - mean) * (axis[$1] - mean) } / total
    return (mean, variance.squareRoot())
  }
}
