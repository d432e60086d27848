internal import Foundation
internal import GSLSupport

/// The linear discriminant of one draw θ, and what one measurement looks like to it.
///
/// Both groups have covariance C, so the log odds of an exactly known x are linear:
/// u(x) = logit π + cᵀ(x − (μ₁ + μ₀)/2), c = C⁻¹(μ₁ − μ₀).
struct Discriminant<let count: Int> {
  private let state: TwoGroupState<count>
  /// C⁻¹ and log det C⁻¹.
  private let precision: FeatureMatrix<count>
  private let logDeterminant: Double
  private let slope: FeatureVector<count>
  /// log π and log(1 − π).
  private let logShares: (effective: Double, ineffective: Double)
  /// The measurement as a mixture of messages about x.
  private let messages: [GaussianMessage<count>]

  init(_ state: TwoGroupState<count>, _ evidence: TwoGroupPredictor<count>.Evidence) {
    self.state = state
    logShares = (log(state.prevalence), log1p(-state.prevalence))
    let spread: FeatureMatrix<count>
    switch evidence {
    case .lesion(let mixture):
      spread = state.within.map { state.between + $0 } ?? state.between
      messages = mixture
    case .patient(let lesions):
      spread = state.between
      precondition(
        state.within != nil || lesions.count == 1,
        "a cohort with one lesion for each patient knows no spread within patients")
      messages = state.within.map { [.ofPatient(lesions, within: $0)] } ?? lesions
    }
    let factor = TriangularFactor(spread)
    precision = factor.inverse
    logDeterminant = -factor.logDeterminant
    slope = precision * (state.effective - state.ineffective)
  }

  /// What one draw says of the measurement.
  struct Judgement {
    /// log p(m, effective | θ) and log p(m, ineffective | θ), without the prevalence.
    var logEffective = -Double.infinity
    var logIneffective = -Double.infinity
    /// log p(m | θ).
    var logWeight = -Double.infinity
    /// E p and E p² over x given m and θ.
    var mean = 0.0
    var secondMoment = 0.0
  }

  /// The densities of the measurement, and the moments of p(effective | x, θ) over x given it: given the
  /// group and one message, the log odds of x are normal, so E p² is a one-dimensional Gauss–Hermite sum.
  func judge(nodes: [Double], weights: [Double]) -> Judgement {
    var judgement = Judgement()
    let parts = components
    let largest = parts.reduce(-Double.infinity) { max($0, $1.effective.logWeight, $1.ineffective.logWeight) }
    guard largest.isFinite else { return judgement }
    var (effective, ineffective, second) = (0.0, 0.0, 0.0)
    for part in parts {
      for (isEffective, component) in [(true, part.effective), (false, part.ineffective)] {
        let weight = exp(component.logWeight - largest)
        if isEffective { effective += weight } else { ineffective += weight }
        for (node, share) in zip(nodes, weights) {
          let p = SpecialFunctions.logistic(component.logOddsMean + component.logOddsSD * node)
          second += weight * share * p * p
        }
      }
    }
    let total = effective + ineffective
    judgement.mean = effective / total
    judgement.secondMoment = second / total
    judgement.logWeight = largest + log(total)
    judgement.logEffective = largest + log(effective) - logShares.effective
    judgement.logIneffective = largest + log(ineffective) - logShares.ineffective
    return judgement
  }

  /// log(π N(x; μ₁, C)) and log((1 − π) N(x; μ₀, C)), without their common constant.
  func logDensities(at x: FeatureVector<count>) -> (effective: Double, ineffective: Double) {
    (
      logShares.effective + 0.5 * (logDeterminant - precision.quadraticForm(x - state.effective)),
      logShares.ineffective + 0.5 * (logDeterminant - precision.quadraticForm(x - state.ineffective))
    )
  }

  /// log(π L₁) and log((1 − π) L₀) of the measurement.
  var logLikelihoods: (effective: Double, ineffective: Double) {
    if messages.count == 1 {
      let passed = messages[0].passed(through: precision, logDeterminant: logDeterminant)
      return (
        logShares.effective + passed.logValue(at: state.effective),
        logShares.ineffective + passed.logValue(at: state.ineffective)
      )
    }
    var logs = (effective: [Double](), ineffective: [Double]())
    for message in messages {
      let passed = message.passed(through: precision, logDeterminant: logDeterminant)
      logs.effective.append(passed.logValue(at: state.effective))
      logs.ineffective.append(passed.logValue(at: state.ineffective))
    }
    return (
      logShares.effective + LogSum.of(logs.effective), logShares.ineffective + LogSum.of(logs.ineffective)
    )
  }

  /// A draw of x given the measurement and θ.
  func drawFeatures(using stream: inout RandomStream) -> FeatureVector<count> {
    let parts = components
    let logs = parts.flatMap { [$0.effective.logWeight, $0.ineffective.logWeight] }
    let largest = logs.max() ?? 0
    var left = stream.uniform() * logs.reduce(0) { $0 + exp($1 - largest) }
    var chosen = 0
    for (index, value) in logs.enumerated() {
      chosen = index
      left -= exp(value - largest)
      if left < 0 { break }
    }
    let message = messages[chosen / 2]
    let mean = chosen % 2 == 0 ? state.effective : state.ineffective
    return TriangularFactor(precision + message.precision)
      .drawNormal(linear: precision * mean + message.linear, using: &stream)
  }

  /// One group under one message: its share of p(m | θ), and the normal distribution of the log odds of x.
  private struct Component {
    var logWeight: Double
    var logOddsMean: Double
    var logOddsSD: Double
  }

  private var components: [(effective: Component, ineffective: Component)] {
    messages.map { message in
      let passed = message.passed(through: precision, logDeterminant: logDeterminant)
      let factor = TriangularFactor(precision + message.precision)
      let deviation = slope.dot(factor.solve(slope)).squareRoot()
      func component(_ mean: FeatureVector<count>, _ share: Double) -> Component {
        Component(
          logWeight: share + passed.logValue(at: mean),
          logOddsMean: logOdds(factor.solve(precision * mean + message.linear)), logOddsSD: deviation)
      }
      return (
        component(state.effective, logShares.effective), component(state.ineffective, logShares.ineffective)
      )
    }
  }

  /// u(x).
  private func logOdds(_ x: FeatureVector<count>) -> Double {
    SpecialFunctions.logit(state.prevalence) + slope.dot(x - 0.5 * (state.effective + state.ineffective))
  }
}
