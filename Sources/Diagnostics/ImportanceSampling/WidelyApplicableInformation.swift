/// The widely applicable information criterion: a second opinion beside ``LeaveOneOut``.
///
/// Watanabe 2010; Vehtari, Gelman and Gabry 2017, equations 13 and 14 (doi:10.1007/s11222-016-9696-4).
public struct WidelyApplicableInformation: Sendable, Equatable {
  /// log mean_s p(y_i | θ_s) − Var_s log p(y_i | θ_s), one for each observation.
  public let pointwise: [Double]
  /// Σ_i log mean_s p(y_i | θ_s).
  public let logPointwiseDensity: Double
  /// p_waic = Σ_i Var_s log p(y_i | θ_s), with S − 1 as in R loo.
  public let effectiveParameterCount: Double

  /// The criterion of `logLikelihood`, draws × observations.
  public init(logLikelihood: [[Double]]) {
    let columns = transposed(logLikelihood)
    let densities = columns.map { logMeanExp($0) }
    let penalties = columns.map(\.sampleVariance)
    pointwise = zip(densities, penalties).map { $0 - $1 }
    logPointwiseDensity = densities.reduce(0, +)
    effectiveParameterCount = penalties.reduce(0, +)
  }

  /// elpd = lppd − p_waic (not multiplied by −2).
  public var elpd: Double { pointwise.reduce(0, +) }

  /// √(N Var_i) of the pointwise terms, with the population variance.
  public var standardError: Double { standardErrorOfSum(pointwise) }
}
