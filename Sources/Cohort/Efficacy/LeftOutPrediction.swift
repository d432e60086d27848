internal import Diagnostics
internal import Foundation
internal import GSLSupport

/// A patient judged as by the other patients, from the draws of the model of all: Pareto-smoothed importance sampling.
///
/// The posterior without patient p is the posterior with it, divided by what p adds to the likelihood, its features and its
/// outcome together. So draw θ has the weight
///
///     w(θ) ∝ 1 / p(m_p, y_p | θ)
///
/// with the largest weights smoothed (Vehtari, Gelman and Gabry 2017, doi:10.1007/s11222-016-9696-4). k̂ says whether the
/// weights can be trusted.
struct LeftOutPrediction: Equatable {
  /// P(effective).
  var probability: Double
  /// k̂.
  var shape: Double

  /// The largest k̂ at which `drawCount` weighted draws stand for a refit.
  static func largestShape(drawCount: Int) -> Double {
    ParetoSmoothing.trustworthyShape(drawCount: drawCount)
  }

  /// From the log densities of the measurement and the outcome: of both outcomes, and of the one that was observed.
  ///
  /// P = E_w[p(m, effective)] / E_w[p(m)].
  fileprivate init(effective: [Double], ineffective: [Double], observed: [Double]) {
    let smoothing = ParetoSmoothing(logRatios: observed.map(-))
    func logMean(_ logs: [Double]) -> Double { LogSum.of(zip(smoothing.logWeights, logs).map { $0 + $1 }) }
    probability = SpecialFunctions.logistic(logMean(effective) - logMean(ineffective))
    shape = smoothing.shape
  }
}

extension TwoGroupPosterior {
  /// Each patient of the cohort that the draws are of, judged as by the others; `step` is called after each.
  ///
  /// π is independent of all else given the outcomes, so that its mean without the patient is known:
  /// (1 + n₁) / (2 + n) under the uniform prior, n₁ and n counted without it.
  func leavingOut(_ patients: [CohortPatient], prevalence: Prevalence, step: () -> Void)
    -> [LeftOutPrediction]
  {
    func run<let count: Int>(_ states: [TwoGroupState<count>]) -> [LeftOutPrediction] {
      let judges = states.map { LeftOutJudge($0) }
      let effectiveCount = patients.count { $0.isEffective }
      return patients.map { patient in
        let messages = patient.lesions.map { $0.message() as GaussianMessage<count> }
        var logs = (effective: [Double](), ineffective: [Double]())
        logs.effective.reserveCapacity(judges.count)
        logs.ineffective.reserveCapacity(judges.count)
        for judge in judges {
          let pair = judge.logDensities(messages)
          logs.effective.append(pair.effective)
          logs.ineffective.append(pair.ineffective)
        }
        let share: Double =
          switch prevalence {
          case .fixed(let value): value
          case .learned:
            Double(1 + effectiveCount - (patient.isEffective ? 1 : 0)) / Double(1 + patients.count)
          }
        step()
        return LeftOutPrediction(
          effective: logs.effective.map { $0 + log(share) },
          ineffective: logs.ineffective.map { $0 + log1p(-share) },
          observed: patient.isEffective ? logs.effective : logs.ineffective)
      }
    }
    switch features.count {
    case 1: return run(states() as [TwoGroupState<1>])
    case 2: return run(states() as [TwoGroupState<2>])
    case 3: return run(states() as [TwoGroupState<3>])
    default: return run(states() as [TwoGroupState<4>])
    }
  }
}

/// One draw of the two-group model, ready to judge patient after patient.
private struct LeftOutJudge<let count: Int> {
  private let state: TwoGroupState<count>
  private let precision: FeatureMatrix<count>
  private let logDeterminant: Double

  init(_ state: TwoGroupState<count>) {
    self.state = state
    let factor = TriangularFactor(state.between)
    precision = factor.inverse
    logDeterminant = -factor.logDeterminant
  }

  /// log p(m | effective) and log p(m | ineffective) of the lesions of a patient.
  func logDensities(_ lesions: [GaussianMessage<count>]) -> (effective: Double, ineffective: Double) {
    let message = state.within.map { .ofPatient(lesions, within: $0) } ?? lesions[0]
    let passed = message.passed(through: precision, logDeterminant: logDeterminant)
    return (passed.logValue(at: state.effective), passed.logValue(at: state.ineffective))
  }
}

extension LogisticPosterior {
  /// Each patient of the cohort that the draws are of, judged as by the others.
  func leavingOut(_ patients: [CohortPatient]) -> [LeftOutPrediction] {
    patients.map { patient in
      let moments = moments(patient.lesions, asPatient: true)
      let effective = zip(moments.logWeights, moments.means).map { $0 + log($1) }
      let ineffective = zip(moments.logWeights, moments.means).map { $0 + log1p(-$1) }
      return LeftOutPrediction(
        effective: effective, ineffective: ineffective,
        observed: patient.isEffective ? effective : ineffective)
    }
  }
}
