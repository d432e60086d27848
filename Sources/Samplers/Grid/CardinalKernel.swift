internal import GSLSupport
internal import LaneMath

/// Integral and derivative of the cardinal series Σ pⱼ sinc(x − j) at whole x, from tables that depend on x − j only.
struct CardinalKernel: Sendable {
  /// ½ + Si(πm)/π for m from 1 − count to count − 1.
  private let integrals: [Double]
  private let count: Int

  /// Tables for up to `count` places.
  init(count: Int) {
    self.count = count
    integrals = (1 - count..<count).map { 0.5 + SpecialFunctions.sineIntegral(Double.pi * Double($0)) / .pi }
  }

  /// ∫ of the series from −∞ to place `k`.
  func integral(of values: [Double], to k: Int) -> Double {
    var sum = 0.0
    for j in values.indices { sum += values[j] * integrals[k - j + count - 1] }
    return sum
  }

  /// The derivative of the series at place `k`: Σ over j ≠ k of pⱼ (−1)^(k−j)/(k − j).
  func slope(of values: [Double], at k: Int) -> Double {
    var sum = 0.0
    for j in values.indices where j != k {
      let distance = k - j
      sum += (distance.isMultiple(of: 2) ? values[j] : -values[j]) / Double(distance)
    }
    return sum
  }

  /// sinc(`position` − j) for j from 0 to `count` − 1.
  static func weights(at position: Double, count: Int) -> [Double] {
    let nearest = position.rounded()
    let turns = position - nearest
    // sin π(position − j) = ± sin π(position − nearest): one sine for all.
    let sine = Double.cosineAndSine(turns: abs(turns) / 2).sine * (turns < 0 ? -1 : 1)
    return (0..<count).map { j in
      let distance = position - Double(j)
      if abs(distance) < 1e-9 { return 1 }
      let sign = (Int(nearest) - j).isMultiple(of: 2) ? 1.0 : -1.0
      return sign * sine / (Double.pi * distance)
    }
  }
}
