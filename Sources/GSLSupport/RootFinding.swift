internal import CGSL

/// Zeros of functions of one variable.
public enum RootFinding {
  /// The place where `function` is zero between `lower` and `upper`, by Brent's method (Brent 1973).
  ///
  /// - NaN if `function` has the same sign, or is NaN, at both ends.
  /// - The place is good to `tolerance` relative to its size, plus `tolerance` absolute.
  public static func zero(
    between lower: Double, and upper: Double, tolerance: Double = 1e-13, of function: (Double) -> Double
  ) -> Double {
    _ = GSL.quiet
    guard let solver = unsafe gsl_root_fsolver_alloc(ivb_root_brent()) else { return .nan }
    defer { unsafe gsl_root_fsolver_free(solver) }
    return unsafe ScalarCallback.lend(function) { form in
      guard unsafe gsl_root_fsolver_set(solver, form, lower, upper) == GSL_SUCCESS else { return .nan }
      for _ in 0..<200 {
        guard unsafe gsl_root_fsolver_iterate(solver) == GSL_SUCCESS else { return .nan }
        let (low, high) = unsafe (gsl_root_fsolver_x_lower(solver), gsl_root_fsolver_x_upper(solver))
        if gsl_root_test_interval(low, high, tolerance, tolerance) == GSL_SUCCESS { break }
      }
      return unsafe gsl_root_fsolver_root(solver)
    }
  }
}
