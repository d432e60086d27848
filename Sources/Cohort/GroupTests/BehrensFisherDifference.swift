internal import Diagnostics
internal import GSLSupport
public import Lesions

/// The posterior of the difference of two normal means with unequal, unknown variances (Behrens and Fisher).
///
/// Under Jeffreys' prior 1/(σ₁σ₂) each mean is x̄ + (s/√n) t with its own Student t, independently, so
///
///     P(μ₁ − μ₂ ≤ d) = ∫ t_{n₁−1}(u) · P(T_{n₂−1} ≥ (x̄₁ + u s₁/√n₁ − d − x̄₂)/(s₂/√n₂)) du
///
/// one integral, evaluated adaptively: no simulation. (Box and Tiao 1973, section 2.5.)
public struct BehrensFisherDifference: Sendable, Equatable {
  /// x̄₁ − x̄₂, the median of the posterior.
  public let difference: Double
  private let errors: (first: Double, second: Double)
  private let freedoms: (first: Double, second: Double)

  /// The posterior from two groups; nil if a group has fewer than two values or no spread.
  public init?(_ first: [Double], _ second: [Double]) {
    self.difference = first.mean - second.mean
    self.errors = (
      (first.sampleVariance / Double(first.count)).squareRoot(),
      (second.sampleVariance / Double(second.count)).squareRoot()
    )
    self.freedoms = (Double(first.count - 1), Double(second.count - 1))
    guard errors.first > 0, errors.second > 0 else { return nil }
  }

  /// P(μ₁ − μ₂ ≤ `value`).
  public func cumulativeProbability(_ value: Double) -> Double {
    Quadrature.integralOverLine { u in
      SpecialFunctions.studentTDensity(u, degreesOfFreedom: freedoms.first)
        * SpecialFunctions.studentTUpperTail(
          (difference + errors.first * u - value) / errors.second, degreesOfFreedom: freedoms.second)
    }
  }

  /// P(μ₁ > μ₂).
  public var probabilityOfIncrease: Double { 1 - cumulativeProbability(0) }

  /// P(|μ₁ − μ₂| ≤ `halfWidth`): evidence of equality, which a large p-value is not.
  public func probability(within halfWidth: Double) -> Double {
    cumulativeProbability(halfWidth) - cumulativeProbability(-halfWidth)
  }

  /// The value that the difference falls below with this probability, strictly between 0 and 1.
  public func quantile(_ probability: Double) -> Double {
    precondition(0 < probability && probability < 1, "a quantile of probability \(probability) lies nowhere")
    // Student tails are heavy: widen the bracket until it holds the quantile.
    var reach = 4 * (errors.first + errors.second)
    while cumulativeProbability(difference - reach) > probability
      || cumulativeProbability(difference + reach) < probability
    { reach *= 4 }
    return RootFinding.zero(between: difference - reach, and: difference + reach, tolerance: 1e-11) {
      cumulativeProbability($0) - probability
    }
  }

  /// The central interval with this share of the posterior.
  public func interval(level: Double = 0.95) -> Interval {
    Interval(lower: quantile((1 - level) / 2), upper: quantile((1 + level) / 2))
  }

  /// Two posteriors are equal if all five of their numbers are.
  public static func == (left: Self, right: Self) -> Bool {
    left.difference == right.difference && left.errors == right.errors && left.freedoms == right.freedoms
  }
}
