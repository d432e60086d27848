internal import CGSL
internal import Foundation

/// Densities, tails and quantiles beyond those of ``SpecialFunctions`` proper.
extension SpecialFunctions {
  /// φ(x), the standard normal density.
  public static func normalDensity(_ x: Double) -> Double { gsl_ran_ugaussian_pdf(x) }

  /// The density of Student's t.
  public static func studentTDensity(_ x: Double, degreesOfFreedom: Double) -> Double {
    gsl_ran_tdist_pdf(x, degreesOfFreedom)
  }

  /// 1 − F(x) of Student's t without cancellation.
  public static func studentTUpperTail(_ x: Double, degreesOfFreedom: Double) -> Double {
    gsl_cdf_tdist_Q(x, degreesOfFreedom)
  }

  /// P(χ² ≥ x), without cancellation.
  public static func chiSquaredUpperTail(_ x: Double, degreesOfFreedom: Double) -> Double {
    gsl_cdf_chisq_Q(x, degreesOfFreedom)
  }

  /// The quantile of Fisher's F with these degrees of freedom, fractions allowed; NaN of NaN.
  public static func fisherQuantile(_ p: Double, numerator: Double, denominator: Double) -> Double {
    // GSL searches for ever for a quantile of NaN.
    (p * numerator * denominator).isNaN ? .nan : gsl_cdf_fdist_Pinv(p, numerator, denominator)
  }

  /// 1 / (1 + e^(−x)), with full relative precision at both ends: e^x as x → −∞.
  public static func logistic(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let odds = exp(x)
    return odds / (1 + odds)
  }

  /// log(p / (1 − p)) for p in (0, 1); ∓∞ at the ends.
  public static func logit(_ p: Double) -> Double { log(p) - log1p(-p) }

  /// log(1 + e^x) without overflow, −log P(y = 1) of a logistic model at −x.
  public static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
}
