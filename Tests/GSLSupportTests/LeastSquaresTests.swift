import Foundation
import GSLSupport
import TestSupport
import Testing

struct LeastSquaresTests {
  /// Fits a e^(−k x) to values at 0, 1, 2, 3.
  func decay(_ values: [Double], from start: [Double] = [1, 1]) -> LeastSquares.Fit {
    LeastSquares.minimize(
      from: start, residualCount: values.count,
      residuals: { theta, r in
        for x in values.indices { r[x] = theta[0] * exp(-theta[1] * Double(x)) - values[x] }
      },
      jacobian: { theta, j in
        for x in values.indices {
          j[2 * x] = exp(-theta[1] * Double(x))
          j[2 * x + 1] = -theta[0] * Double(x) * j[2 * x]
        }
      })
  }

  @Test func `exact values give back the parameters`() {
    let fit = decay((0..<4).map { 7 * exp(-0.3 * Double($0)) })
    #expect(fit.converged)
    #expect(isClose(fit.parameters[0], 7, relative: 1e-8) && isClose(fit.parameters[1], 0.3, relative: 1e-8))
    #expect(fit.sumOfSquares < 1e-15)
  }

  @Test func `a linear problem has the normal equations' answer and covariance`() {
    // y = a + b x at x = 0, 1, 2 with y = 1, 2, 4: a = 5/6, b = 3/2, RSS = 1/6.
    let y = [1.0, 2, 4]
    let fit = LeastSquares.minimize(
      from: [0, 0], residualCount: 3, tolerance: 1e-13,
      residuals: { theta, r in for x in 0..<3 { r[x] = theta[0] + theta[1] * Double(x) - y[x] } },
      jacobian: { _, j in for x in 0..<3 { (j[2 * x], j[2 * x + 1]) = (1, Double(x)) } })
    #expect(isClose(fit.parameters[0], 5.0 / 6, relative: 1e-10))
    #expect(isClose(fit.parameters[1], 1.5, relative: 1e-10))
    #expect(isClose(fit.sumOfSquares, 1.0 / 6, relative: 1e-10))
    for (value, exact) in zip(fit.unscaledCovariance, [5.0 / 6, -0.5, -0.5, 0.5]) {
      #expect(isClose(value, exact, relative: 1e-9))
    }
    #expect(fit.jacobian == [1, 0, 1, 1, 1, 2])
  }

  @Test func `a residual that is not finite ends without convergence`() {
    let fit = decay([1, .nan, 0.5, 0.2])
    #expect(!fit.converged)
  }

  @Test func `too few steps are no convergence`() {
    let fit = LeastSquares.minimize(
      from: [-1.2, 1], residualCount: 2, maximumIterations: 2,
      residuals: { t, r in (r[0], r[1]) = (10 * (t[1] - t[0] * t[0]), 1 - t[0]) },
      jacobian: { t, j in (j[0], j[1], j[2], j[3]) = (-20 * t[0], 10, -1, 0) })
    #expect(!fit.converged)
    #expect(fit.iterationCount == 2)
  }

  @Test func `Rosenbrock's valley is followed to its end`() {
    let fit = LeastSquares.minimize(
      from: [-1.2, 1], residualCount: 2,
      residuals: { t, r in (r[0], r[1]) = (10 * (t[1] - t[0] * t[0]), 1 - t[0]) },
      jacobian: { t, j in (j[0], j[1], j[2], j[3]) = (-20 * t[0], 10, -1, 0) })
    #expect(fit.converged && isClose(fit.parameters[0], 1, absolute: 1e-7))
  }
}
