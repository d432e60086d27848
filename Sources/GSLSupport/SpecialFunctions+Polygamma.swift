internal import CGSL

extension SpecialFunctions {
  /// ψ'(x), the trigamma function, for x > 0.
  public static func trigamma(_ x: Double) -> Double { gsl_sf_psi_1(x) }

  /// The x > 0 with ψ'(x) = `value`, for value > 0, by Newton's method on 1/ψ' (nearly linear in x).
  public static func inverseTrigamma(_ value: Double) -> Double {
    // ψ'(x) ≈ 1/x + 1/(2x²) for large x and 1/x² for small x.
    var x = value < 1 ? 0.5 + 1 / value : 1 / value.squareRoot()
    for _ in 0..<60 {
      let trigamma = gsl_sf_psi_1(x)
      let step = trigamma * (1 - trigamma / value) / gsl_sf_psi_n(2, x)
      x = max(0.1 * x, x + step)
      if abs(step) < 1e-12 * x { break }
    }
    return x
  }
}
