internal import CGSL

/// Non-linear least squares: minimises ½ Σ rᵢ(θ)² by a trust region (Levenberg–Marquardt, Moré 1978,
/// doi:10.1007/BFb0067700) with the Jacobian that the caller gives.
public enum LeastSquares {
  /// Where a minimisation ended.
  public struct Fit: Sendable, Equatable {
    /// θ at the minimum.
    public let parameters: [Double]
    /// rᵢ(θ), in the order of the residuals.
    public let residuals: [Double]
    /// ∂rᵢ/∂θⱼ at the minimum, residuals × parameters, parameters fastest.
    public let jacobian: [Double]
    /// (JᵀJ)⁻¹, parameters × parameters: the covariance of θ if the residuals have unit variance. A direction that the
    /// residuals say nothing of has zero variance here, as in GSL.
    public let unscaledCovariance: [Double]
    /// Σ rᵢ².
    public let sumOfSquares: Double
    /// Steps taken.
    public let iterationCount: Int
    /// True if a step or the gradient became as small as asked.
    public let converged: Bool
  }

  /// The minimum reached from `start`.
  ///
  /// - Parameters:
  ///   - start: θ to begin with.
  ///   - residualCount: The number of residuals, at least that of the parameters.
  ///   - tolerance: The relative size of the last step.
  ///   - maximumIterations: The number of steps after which to give up.
  ///   - residuals: Writes rᵢ(θ), `residualCount` numbers.
  ///   - jacobian: Writes ∂rᵢ/∂θⱼ, residuals × parameters, parameters fastest.
  /// - Returns: The last point; `converged` is false if the steps ran out or a residual was not finite.
  public static func minimize(
    from start: [Double], residualCount: Int, tolerance: Double = 1e-8, maximumIterations: Int = 100,
    residuals: (_ parameters: [Double], _ residuals: inout [Double]) -> Void,
    jacobian: (_ parameters: [Double], _ jacobian: inout [Double]) -> Void
  ) -> Fit {
    precondition(
      !start.isEmpty && residualCount >= start.count,
      "\(residualCount) residuals cannot determine \(start.count) parameters")
    _ = GSL.quiet
    return withoutActuallyEscaping(residuals) { residuals in
      withoutActuallyEscaping(jacobian) { jacobian in
        let problem = Problem(
          residuals: residuals, jacobian: jacobian, residualCount: residualCount, parameterCount: start.count)
        return withExtendedLifetime(problem) {
          run(problem, from: start, tolerance: tolerance, maximumIterations: maximumIterations)
        }
      }
    }
  }

  private static func run(
    _ problem: Problem, from start: [Double], tolerance: Double, maximumIterations: Int
  ) -> Fit {
    let (n, p) = (problem.residualCount, problem.parameterCount)
    var settings = unsafe gsl_multifit_nlinear_default_parameters()
    guard
      let workspace = unsafe gsl_multifit_nlinear_alloc(ivb_nlinear_trust(), &settings, n, p),
      let covariance = unsafe gsl_matrix_alloc(p, p)
    else { preconditionFailure("out of memory: a least-squares problem of \(n) × \(p) could not be set up") }
    defer {
      unsafe gsl_multifit_nlinear_free(workspace)
      unsafe gsl_matrix_free(covariance)
    }
    var system = unsafe gsl_multifit_nlinear_fdf()
    unsafe system.f = { x, context, f in
      unsafe Problem.borrow(context)?.evaluateResiduals(at: x, into: f) ?? Int32(GSL_EFAULT)
    }
    unsafe system.df = { x, context, j in
      unsafe Problem.borrow(context)?.evaluateJacobian(at: x, into: j) ?? Int32(GSL_EFAULT)
    }
    unsafe system.n = n
    unsafe system.p = p
    unsafe system.params = Unmanaged.passUnretained(problem).toOpaque()
    var status = Int32(GSL_SUCCESS)
    var origin = start
    unsafe origin.withUnsafeMutableBufferPointer { buffer in
      var view = unsafe gsl_vector_view_array(buffer.baseAddress, p)
      unsafe withUnsafeMutablePointer(to: &system) { system in
        status = unsafe gsl_multifit_nlinear_init(&view.vector, system, workspace)
        guard status == Int32(GSL_SUCCESS) else { return }
        var reason: Int32 = 0
        status = unsafe gsl_multifit_nlinear_driver(
          maximumIterations, tolerance, tolerance, 0, nil, nil, &reason, workspace)
      }
    }
    unsafe gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(workspace), 0, covariance)
    let values = unsafe problem.numbers(gsl_multifit_nlinear_residual(workspace))
    let sum = values.reduce(0) { $0 + $1 * $1 }
    return unsafe Fit(
      parameters: problem.numbers(gsl_multifit_nlinear_position(workspace)), residuals: values,
      jacobian: problem.numbers(gsl_multifit_nlinear_jac(workspace)),
      unscaledCovariance: problem.numbers(covariance), sumOfSquares: sum,
      iterationCount: Int(gsl_multifit_nlinear_niter(workspace)),
      converged: status == Int32(GSL_SUCCESS) && sum.isFinite)
  }

  /// The caller's functions with room for their answers, lent to GSL for the length of one minimisation.
  private final class Problem {
    let residuals: ([Double], inout [Double]) -> Void
    let jacobian: ([Double], inout [Double]) -> Void
    let residualCount: Int
    let parameterCount: Int
    private var position: [Double]
    private var values: [Double]
    private var slopes: [Double]

    init(
      residuals: @escaping ([Double], inout [Double]) -> Void,
      jacobian: @escaping ([Double], inout [Double]) -> Void, residualCount: Int, parameterCount: Int
    ) {
      self.residuals = residuals
      self.jacobian = jacobian
      self.residualCount = residualCount
      self.parameterCount = parameterCount
      position = [Double](repeating: 0, count: parameterCount)
      values = [Double](repeating: 0, count: residualCount)
      slopes = [Double](repeating: 0, count: residualCount * parameterCount)
    }

    static func borrow(_ context: UnsafeMutableRawPointer?) -> Problem? {
      unsafe context.map { unsafe Unmanaged<Problem>.fromOpaque($0).takeUnretainedValue() }
    }

    func numbers(_ vector: UnsafePointer<gsl_vector>?) -> [Double] {
      (0..<(unsafe vector?.pointee.size ?? 0)).map { unsafe gsl_vector_get(vector, $0) }
    }

    func numbers(_ matrix: UnsafePointer<gsl_matrix>?) -> [Double] {
      let columns = unsafe matrix?.pointee.size2 ?? 0
      return (0..<(unsafe matrix?.pointee.size1 ?? 0)).flatMap { row in
        (0..<columns).map { unsafe gsl_matrix_get(matrix, row, $0) }
      }
    }

    func evaluateResiduals(at x: UnsafePointer<gsl_vector>?, into f: UnsafeMutablePointer<gsl_vector>?)
      -> Int32
    {
      unsafe take(x)
      residuals(position, &values)
      for index in 0..<residualCount { unsafe gsl_vector_set(f, index, values[index]) }
      return Int32(values.allSatisfy(\.isFinite) ? GSL_SUCCESS : GSL_EDOM)
    }

    func evaluateJacobian(at x: UnsafePointer<gsl_vector>?, into j: UnsafeMutablePointer<gsl_matrix>?)
      -> Int32
    {
      unsafe take(x)
      jacobian(position, &slopes)
      for row in 0..<residualCount {
        for column in 0..<parameterCount {
          unsafe gsl_matrix_set(j, row, column, slopes[row * parameterCount + column])
        }
      }
      return Int32(slopes.allSatisfy(\.isFinite) ? GSL_SUCCESS : GSL_EDOM)
    }

    private func take(_ x: UnsafePointer<gsl_vector>?) {
      for index in 0..<parameterCount { position[index] = unsafe gsl_vector_get(x, index) }
    }
  }
}
