internal import Foundation
internal import GSLSupport

/// Random numbers of the Pólya–Gamma distribution PG(1, c), which turn logistic likelihoods into normal ones.
///
/// Polson, Scott and Windle 2013 (doi:10.1080/01621459.2013.829001); sampled without approximation by
/// Devroye's alternating series, their section 4. PG(1, c) = J*(1, c/2)/4.
enum PolyaGamma {
  /// E ω = tanh(c/2)/(2c), which is 1/4 at c = 0.
  static func mean(_ c: Double) -> Double { abs(c) < 1e-6 ? 0.25 : tanh(c / 2) / (2 * c) }

  /// Where the two series of J* change over; 0.64 wastes the fewest proposals.
  private static let change = 0.64

  /// A draw of PG(1, c); its mean if c is no finite number.
  static func draw(_ c: Double, using stream: inout RandomStream) -> Double {
    guard c.isFinite else { return mean(c) }
    let z = abs(c) / 2
    let rate = Double.pi * Double.pi / 8 + z * z / 2
    // The proposal: an exponential tail beyond `change`, an inverse Gaussian before it.
    let tail = Double.pi / (2 * rate) * exp(-rate * change)
    let head = 2 * exp(-z) * inverseGaussianCDF(change, drift: z)
    while true {
      let x =
        stream.uniform() * (tail + head) < tail
        ? change + stream.exponential(rate: 1) / rate : truncatedInverseGaussian(drift: z, using: &stream)
      // Accept by the partial sums of the alternating series, which bound the density from above and below in
      // turn.
      var sum = coefficient(0, x)
      let level = stream.uniform() * sum
      var n = 0
      while true {
        n += 1
        if n % 2 == 1 {
          sum -= coefficient(n, x)
          if level <= sum { return x / 4 }
        } else {
          sum += coefficient(n, x)
          if level > sum { break }
        }
      }
    }
  }

  /// aₙ(x) of the series, equation 12.
  private static func coefficient(_ n: Int, _ x: Double) -> Double {
    let k = Double(n) + 0.5
    return x > change
      ? Double.pi * k * exp(-k * k * Double.pi * Double.pi * x / 2)
      : Double.pi * k * pow(2 / (Double.pi * x), 1.5) * exp(-2 * k * k / x)
  }

  /// P(X ≤ x) of the inverse Gaussian with mean 1/`drift` and shape 1; drift 0 is the Lévy distribution.
  private static func inverseGaussianCDF(_ x: Double, drift: Double) -> Double {
    let root = x.squareRoot()
    // e^(2z) Φ(−…) by logarithms would be needed only beyond z = 350, where the factor e^(−z) of `draw` is
    // zero.
    let reflected = drift < 300 ? exp(2 * drift) * SpecialFunctions.normalCDF(-(drift * x + 1) / root) : 0
    return SpecialFunctions.normalCDF((drift * x - 1) / root) + reflected
  }

  /// An inverse Gaussian number, mean 1/`drift` and shape 1, below `change`.
  private static func truncatedInverseGaussian(drift z: Double, using stream: inout RandomStream) -> Double {
    if z * change < 1 {
      // The mean lies beyond `change`: thin the reciprocal of a truncated χ² (Devroye 1986, page 149).
      while true {
        var (first, second) = (stream.exponential(rate: 1), stream.exponential(rate: 1))
        while first * first > 2 * second / change {
          (first, second) = (stream.exponential(rate: 1), stream.exponential(rate: 1))
        }
        let denominator = 1 + change * first
        let x = change / (denominator * denominator)
        if stream.uniform() <= exp(-z * z * x / 2) { return x }
      }
    }
    // Michael, Schucany and Haas 1976 (doi:10.2307/2683801), repeated until the number is small enough.
    let mean = 1 / z
    while true {
      let normal = stream.normal()
      let y = mean * normal * normal
      let root = mean * (1 + (y - (4 * y + y * y).squareRoot()) / 2)
      let x = stream.uniform() <= mean / (mean + root) ? root : mean * mean / root
      if x < change { return x }
    }
  }
}
