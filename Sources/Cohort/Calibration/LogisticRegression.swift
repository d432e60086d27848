internal import Foundation
internal import GSLSupport

/// Logistic regression by maximum likelihood: P(y = 1) = 1/(1 + exp(−xᵀβ)).
///
/// For the classic tables and for calibration lines; it takes its predictors as exactly known, which the
/// efficacy models do not.
public struct LogisticRegression: Sendable, Equatable {
  /// β: the intercept, then one coefficient for each predictor.
  public let coefficients: [Double]
  /// The standard errors of β, from the inverse information at the maximum.
  public let standardErrors: [Double]
  /// −2 log likelihood at the maximum.
  public let deviance: Double

  /// The fit of `outcomes` on `predictors`, one array of values for each observation.
  ///
  /// Newton's method from zero, steps halved while the likelihood falls. Nil if there is no finite maximum:
  /// classes that separate, one class only, predictors that depend on each other, or a predictor that is not
  /// finite.
  public init?(predictors: [[Double]], outcomes: [Bool]) {
    precondition(
      predictors.count == outcomes.count, "\(predictors.count) rows for \(outcomes.count) outcomes")
    guard let first = predictors.first, predictors.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      return nil
    }
    let design = predictors.map { [1] + $0 }
    let order = first.count + 1
    var beta = [Double](repeating: 0, count: order)
    var deviance = Self.deviance(design, outcomes, beta)
    for _ in 0..<100 {
      let (gradient, information) = Self.derivatives(design, outcomes, beta)
      guard let factor = CholeskyFactor(information, order: order) else { return nil }
      let step = factor.solve(gradient)
      var length = 1.0
      var (next, nextDeviance) = (beta, deviance)
      repeat {
        next = zip(beta, step).map { $0 + length * $1 }
        nextDeviance = Self.deviance(design, outcomes, next)
        length /= 2
      } while !(nextDeviance <= deviance * (1 + 1e-12)) && length > 1e-10
      (beta, deviance) = (next, nextDeviance)
      let decrement = zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 }
      guard decrement < 1e-18 else { continue }
      self.coefficients = beta
      self.standardErrors = (0..<order).map { factor.inverse[$0 * order + $0].squareRoot() }
      self.deviance = deviance
      // Under separation the steps also shrink in the end, on coefficients that leave no doubt about anybody.
      guard deviance > 1e-6 else { return nil }
      return
    }
    return nil
  }

  /// xᵀβ of one observation: its fitted log odds.
  public func linearPredictor(_ predictors: [Double]) -> Double {
    zip(coefficients, [1] + predictors).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func deviance(_ design: [[Double]], _ outcomes: [Bool], _ beta: [Double]) -> Double {
    zip(design, outcomes).reduce(0) { sum, row in
      let odds = zip(beta, row.0).reduce(0) { $0 + $1.0 * $1.1 }
      return sum + 2 * SpecialFunctions.softplus(row.1 ? -odds : odds)
    }
  }

  /// Σ (y − p) x and Σ p(1 − p) x xᵀ, row-major.
  private static func derivatives(
    _ design: [[Double]], _ outcomes: [Bool], _ beta: [Double]
  ) -> (gradient: [Double], information: [Double]) {
    let order = beta.count
    var gradient = [Double](repeating: 0, count: order)
    var information = [Double](repeating: 0, count: order * order)
    for (row, outcome) in zip(design, outcomes) {
      let p = SpecialFunctions.logistic(zip(beta, row).reduce(0) { $0 + $1.0 * $1.1 })
      for i in 0..<order {
        gradient[i] += ((outcome ? 1 : 0) - p) * row[i]
        for j in 0..<order { information[i * order + j] += p * (1 - p) * row[i] * row[j] }
      }
    }
    return (gradient, information)
  }
}
