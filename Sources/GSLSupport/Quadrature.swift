internal import CGSL

/// Numerical integration.
public enum Quadrature {
  /// ∫ f(x) dx over the whole line, by adaptive Gauss–Kronrod on x = (1 − t)/t (QUADPACK qagi, Piessens et al. 1983).
  ///
  /// NaN if the tolerances cannot be met, and where `function` gives NaN.
  public static func integralOverLine(
    absoluteTolerance: Double = 1e-12, relativeTolerance: Double = 1e-12, of function: (Double) -> Double
  ) -> Double {
    _ = GSL.quiet
    let intervals = 1000
    guard let workspace = unsafe gsl_integration_workspace_alloc(intervals) else { return .nan }
    defer { unsafe gsl_integration_workspace_free(workspace) }
    return unsafe ScalarCallback.lend(function) { form in
      var (result, error) = (0.0, 0.0)
      let status = unsafe gsl_integration_qagi(
        form, absoluteTolerance, relativeTolerance, intervals, workspace, &result, &error)
      return status == GSL_SUCCESS ? result : .nan
    }
  }

  /// The nodes and weights of an `order`-point rule for E f(Z), Z standard normal: Σ weight · f(node).
  ///
  /// Gauss–Hermite, exact for polynomials up to degree 2 · order − 1. The weights sum to one.
  public static func normalRule(order: Int) -> (nodes: [Double], weights: [Double]) {
    precondition(order > 0, "a quadrature rule has at least one point")
    // GSL's weight function is exp(−b (x − a)²); b = 1/2 makes it the normal density times √(2π).
    guard let rule = unsafe gsl_integration_fixed_alloc(ivb_fixed_hermite(), order, 0, 0.5, 0, 0) else {
      preconditionFailure("out of memory: a quadrature rule of \(order) points could not be allocated")
    }
    defer { unsafe gsl_integration_fixed_free(rule) }
    let nodes = unsafe Array(UnsafeBufferPointer(start: gsl_integration_fixed_nodes(rule), count: order))
    let raw = unsafe Array(UnsafeBufferPointer(start: gsl_integration_fixed_weights(rule), count: order))
    let total = raw.reduce(0, +)
    return (nodes, raw.map { $0 / total })
  }
}
