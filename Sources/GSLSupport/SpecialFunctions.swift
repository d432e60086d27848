internal import CGSL
internal import Foundation

/// Distribution functions and special functions of GSL, by the field's names.
public enum SpecialFunctions {
  /// Φ(x), the standard normal distribution function.
  public static func normalCDF(_ x: Double) -> Double { gsl_cdf_ugaussian_P(x) }

  /// 1 − Φ(x) without cancellation.
  public static func normalUpperTail(_ x: Double) -> Double { gsl_cdf_ugaussian_Q(x) }

  /// Φ⁻¹(p) for p in (0, 1); ∓∞ at the ends.
  public static func normalQuantile(_ p: Double) -> Double { gsl_cdf_ugaussian_Pinv(p) }

  /// The distribution function of Student's t.
  public static func studentTCDF(_ x: Double, degreesOfFreedom: Double) -> Double {
    gsl_cdf_tdist_P(x, degreesOfFreedom)
  }

  /// The quantile of Student's t.
  public static func studentTQuantile(_ p: Double, degreesOfFreedom: Double) -> Double {
    gsl_cdf_tdist_Pinv(p, degreesOfFreedom)
  }

  /// The distribution function of χ².
  public static func chiSquaredCDF(_ x: Double, degreesOfFreedom: Double) -> Double {
    gsl_cdf_chisq_P(x, degreesOfFreedom)
  }

  /// The quantile of χ².
  public static func chiSquaredQuantile(_ p: Double, degreesOfFreedom: Double) -> Double {
    gsl_cdf_chisq_Pinv(p, degreesOfFreedom)
  }

  /// The quantile of the gamma distribution of scale 1.
  public static func gammaQuantile(_ p: Double, shape: Double) -> Double { gsl_cdf_gamma_Pinv(p, shape, 1) }

  /// The number above which the gamma distribution of scale 1 has probability `q`.
  public static func gammaUpperQuantile(_ q: Double, shape: Double) -> Double {
    gsl_cdf_gamma_Qinv(q, shape, 1)
  }

  /// x^⅓.
  public static func cubeRoot(_ x: Double) -> Double { cbrt(x) }

  /// The quantile of the beta distribution; NaN of NaN, for which GSL would search for ever.
  public static func betaQuantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
    (p * a * b).isNaN ? .nan : gsl_cdf_beta_Pinv(p, a, b)
  }

  /// ₁F₁(a; b; x), Kummer's confluent hypergeometric function.
  public static func confluentHypergeometric(_ a: Double, _ b: Double, _ x: Double) -> Double {
    gsl_sf_hyperg_1F1(a, b, x)
  }

  /// log Γ(x) for x > 0.
  public static func logGamma(_ x: Double) -> Double { gsl_sf_lngamma(x) }

  /// Si(x) = ∫₀ˣ sin(t)/t dt.
  public static func sineIntegral(_ x: Double) -> Double { gsl_sf_Si(x) }

  /// e^(−|x|) I₀(x).
  public static func besselI0Scaled(_ x: Double) -> Double { gsl_sf_bessel_I0_scaled(x) }

  /// e^(−|x|) I₁(x).
  public static func besselI1Scaled(_ x: Double) -> Double { gsl_sf_bessel_I1_scaled(x) }

  /// e^(−|x|) I_n(x) of integer order n.
  public static func besselInScaled(_ order: Int, _ x: Double) -> Double {
    gsl_sf_bessel_In_scaled(Int32(order), x)
  }
}
