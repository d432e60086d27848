internal import GSLSupport
public import InferenceCore
internal import Lesions

/// Draws from the posterior of an ``ErrorsInVariablesLogistic`` model.
public struct LogisticPosterior: Sendable, Equatable {
  /// The features, in the order of every measurement.
  public let features: [String]
  /// True if the cohort has patients with several lesions.
  public let hasWithin: Bool
  /// `intercept`, `slope[…]`, `mu[…]`, `sd_between[…]`, `corr_between[…]`, the same for `within`; reference
  /// units.
  public let draws: Draws

  /// A posterior from stored draws.
  public init(features: [String], hasWithin: Bool, draws: Draws) {
    self.features = features
    self.hasWithin = hasWithin
    self.draws = draws
  }

  /// The probability for one lesion of a new patient; `bayesFactor` and `ifKnown` are NaN, as this model has
  /// none.
  public func predict(lesion: FeatureMeasurement) -> EfficacyPrediction {
    predict([lesion], asPatient: false)
  }

  /// The probability for a new patient from all `lesions` together; nil under the condition of
  /// ``TwoGroupPosterior/predict(patient:seed:)``.
  public func predict(patient lesions: [FeatureMeasurement]) -> EfficacyPrediction? {
    guard !lesions.isEmpty, hasWithin || lesions.count == 1 else { return nil }
    return predict(lesions, asPatient: true)
  }

  private func predict(_ lesions: [FeatureMeasurement], asPatient: Bool) -> EfficacyPrediction {
    moments(lesions, asPatient: asPatient).prediction(ifKnown: .unknown, bayesFactor: .nan)
  }

  /// What every draw says of `lesions`.
  func moments(_ lesions: [FeatureMeasurement], asPatient: Bool) -> PredictiveMoments {
    func run<let count: Int>(_: LogisticState<count>.Type) -> PredictiveMoments {
      let messages = lesions.map { $0.message() as GaussianMessage<count> }
      let size = draws.parameters.count
      let rule = Quadrature.normalRule(order: 31)
      var moments = PredictiveMoments()
      for draw in 0..<draws.chainCount * draws.drawCount {
        let state = LogisticState<count>(
          draws.values, from: draw * size, hasWithin: hasWithin)
        Self.judge(messages, state, asPatient: asPatient, rule: rule, into: &moments)
      }
      return moments
    }
    switch features.count {
    case 1: return run(LogisticState<1>.self)
    case 2: return run(LogisticState<2>.self)
    case 3: return run(LogisticState<3>.self)
    default: return run(LogisticState<4>.self)
    }
  }

  /// What one draw says: ψ = α + βᵀx is normal given the measurement, so E p and E p² are Gauss–Hermite sums.
  private static func judge<let count: Int>(
    _ messages: [GaussianMessage<count>], _ state: LogisticState<count>, asPatient: Bool,
    rule: (nodes: [Double], weights: [Double]), into moments: inout PredictiveMoments
  ) {
    var covariance = state.spread
    var message = messages[0]
    if let within = state.within {
      if asPatient {
        message = .ofPatient(messages, within: within)
      } else {
        covariance += within
      }
    }
    let prior = TriangularFactor(covariance)
    let precision = prior.inverse
    let factor = TriangularFactor(precision + message.precision)
    let center = state.intercept + state.slope.dot(factor.solve(precision * state.mean + message.linear))
    let deviation = state.slope.dot(factor.solve(state.slope)).squareRoot()
    var (mean, second) = (0.0, 0.0)
    for (node, weight) in zip(rule.nodes, rule.weights) {
      let p = SpecialFunctions.logistic(center + deviation * node)
      mean += weight * p
      second += weight * p * p
    }
    let density = message.passed(through: precision, logDeterminant: -prior.logDeterminant).logValue(
      at: state.mean)
    moments.append(logWeight: density, mean: mean, secondMoment: second)
  }
}
