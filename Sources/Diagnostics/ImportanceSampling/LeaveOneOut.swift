internal import Foundation

/// The expected log predictive density of a model, each observation predicted from the others by
/// Pareto-smoothed importance sampling.
///
/// Vehtari, Gelman and Gabry 2017 (doi:10.1007/s11222-016-9696-4), equations 10 to 12.
public struct LeaveOneOut: Sendable, Equatable {
  /// log p(y_i | y_−i), one for each observation.
  public let pointwise: [Double]
  /// k̂ of each observation: 0.7 and above, and its term cannot be trusted.
  public let shapes: [Double]
  /// Σ_i log mean_s p(y_i | θ_s): the log density of the same data that were fitted.
  public let logPointwiseDensity: Double

  /// Leave-one-out of `logLikelihood`, draws × observations.
  public init(logLikelihood: [[Double]], relativeEfficiency: Double = 1) {
    let columns = transposed(logLikelihood)
    let smoothed = columns.map { column in
      ParetoSmoothing(logRatios: column.map { -$0 }, relativeEfficiency: relativeEfficiency)
    }
    pointwise = zip(smoothed, columns).map { smoothing, column in
      logSumExp(zip(smoothing.logWeights, column).map { $0 + $1 })
    }
    shapes = smoothed.map(\.shape)
    logPointwiseDensity = columns.reduce(0) { $0 + logMeanExp($1) }
  }

  /// elpd = Σ_i log p(y_i | y_−i).
  public var elpd: Double { pointwise.reduce(0, +) }

  /// √(N Var_i) of the pointwise terms, with the population variance as ArviZ has it.
  public var standardError: Double { standardErrorOfSum(pointwise) }

  /// p_loo = lppd − elpd, the effective number of parameters.
  public var effectiveParameterCount: Double { logPointwiseDensity - elpd }

  /// This model's elpd minus that of `other` on the same observations, with the standard error of the difference.
  public func difference(from other: LeaveOneOut) -> (elpd: Double, standardError: Double) {
    precondition(pointwise.count == other.pointwise.count, "models are compared on the same observations")
    let differences = zip(pointwise, other.pointwise).map { $0 - $1 }
    return (differences.reduce(0, +), standardErrorOfSum(differences))
  }
}

/// √(N Var_i), the standard error of a sum over N observations, with the population variance.
func standardErrorOfSum(_ terms: [Double]) -> Double {
  (terms.sampleVariance * Double(terms.count - 1)).squareRoot()
}

/// log of the mean of e^x.
func logMeanExp(_ values: [Double]) -> Double { logSumExp(values) - log(Double(values.count)) }

/// One array for each column of `rows`, which have one common length.
func transposed(_ rows: [[Double]]) -> [[Double]] {
  let columns = rows.first?.count ?? 0
  precondition(rows.allSatisfy { $0.count == columns }, "every draw has the same observations")
  return (0..<columns).map { column in rows.map { $0[column] } }
}
