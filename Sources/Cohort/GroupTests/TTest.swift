internal import Diagnostics
internal import GSLSupport
public import Lesions

/// A comparison of means by Student's t, with the posterior of the difference that belongs to it.
public struct TTest: Sendable, Equatable {
  /// The difference of the means.
  public let difference: Double
  /// Its standard error.
  public let standardError: Double
  /// ν.
  public let degreesOfFreedom: Double

  /// The size of the numbers that were compared.
  private let size: Double

  /// t = difference / standard error; NaN if the values do not vary, up to rounding errors: then there is no test.
  public var statistic: Double {
    standardError > 1e-12 * size ? difference / standardError : .nan
  }

  /// Two-sided p-value.
  public var pValue: Double {
    2 * SpecialFunctions.studentTUpperTail(abs(statistic), degreesOfFreedom: degreesOfFreedom)
  }

  /// difference ∓ t_ν · standard error.
  ///
  /// For ``paired(pre:post:)`` also the credible interval of the mean change under Jeffreys' prior 1/σ.
  public func interval(level: Double = 0.95) -> Interval {
    guard !statistic.isNaN else { return .unknown }
    let quantile = SpecialFunctions.studentTQuantile((1 + level) / 2, degreesOfFreedom: degreesOfFreedom)
    return Interval(center: difference, halfWidth: quantile * standardError)
  }

  /// Mean of the first group minus mean of the second, variances unequal.
  ///
  /// Welch 1947 (doi:10.1093/biomet/34.1-2.28): ν = (v₁ + v₂)²/(v₁²/(n₁ − 1) + v₂²/(n₂ − 1)) with v = s²/n.
  /// NaN with fewer than two values in a group.
  public static func welch(_ first: [Double], _ second: [Double]) -> TTest {
    let (v1, v2) = (first.sampleVariance / Double(first.count), second.sampleVariance / Double(second.count))
    let total = v1 + v2
    return TTest(
      difference: first.mean - second.mean, standardError: total.squareRoot(),
      degreesOfFreedom: total * total
        / (v1 * v1 / Double(first.count - 1) + v2 * v2 / Double(second.count - 1)),
      size: max(abs(first.mean), abs(second.mean)))
  }

  /// Mean change `post` − `pre` of the same patients; ν = n − 1. NaN with fewer than two pairs.
  public static func paired(pre: [Double], post: [Double]) -> TTest {
    precondition(pre.count == post.count, "a paired test needs both values of every patient")
    let changes = zip(post, pre).map { $0 - $1 }
    return TTest(
      difference: changes.mean, standardError: (changes.sampleVariance / Double(changes.count)).squareRoot(),
      degreesOfFreedom: Double(changes.count - 1),
      size: max(abs(pre.mean), abs(post.mean)))
  }
}
