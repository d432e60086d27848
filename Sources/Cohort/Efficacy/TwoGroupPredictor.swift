internal import Diagnostics
internal import Foundation
internal import GSLSupport
internal import Lesions

/// What the two-group model says of one new lesion or patient.
///
///     P = E_θ[π L₁] / E_θ[π L₁ + (1 − π) L₀],   L_r = ∫ p(m | x) N(x; μ_r, C) dx
///
/// A ratio of averages: averaging the ratio of every draw answers another question (0.578 instead of 0.522 in
/// the reference case). C is Σ_b + Σ_w for one lesion of a new patient and Σ_b for a patient.
struct TwoGroupPredictor<let count: Int> {
  /// What is measured: of one lesion, a mixture of messages with equal weights (one, if the posterior of the
  /// images is taken as normal); of a patient, one message for each lesion.
  enum Evidence {
    case lesion([GaussianMessage<count>])
    case patient([GaussianMessage<count>])
  }

  let states: [TwoGroupState<count>]
  /// Points of the Gauss–Hermite rule over the log odds of x.
  private static var rule: (nodes: [Double], weights: [Double]) { Quadrature.normalRule(order: 31) }
  /// x* drawn for the range `ifKnown`, and draws of θ that judge each of them.
  private static var knownDraws: Int { 400 }

  /// P alone, without what qualifies it: for folds, where thousands of refits predict one patient each.
  func probability(_ evidence: Evidence) -> Double {
    var logs = (effective: [Double](), ineffective: [Double]())
    for state in states {
      let pair = Discriminant(state, evidence).logLikelihoods
      logs.effective.append(pair.effective)
      logs.ineffective.append(pair.ineffective)
    }
    return SpecialFunctions.logistic(LogSum.of(logs.effective) - LogSum.of(logs.ineffective))
  }

  func predict(_ evidence: Evidence, seed: UInt64) -> EfficacyPrediction {
    let rule = Self.rule
    var moments = PredictiveMoments()
    var contexts: [Discriminant<count>] = []
    contexts.reserveCapacity(states.count)
    var logLikelihoods = (effective: [Double](), ineffective: [Double]())
    for state in states {
      let context = Discriminant(state, evidence)
      let judged = context.judge(nodes: rule.nodes, weights: rule.weights)
      moments.append(logWeight: judged.logWeight, mean: judged.mean, secondMoment: judged.secondMoment)
      logLikelihoods.effective.append(judged.logEffective)
      logLikelihoods.ineffective.append(judged.logIneffective)
      contexts.append(context)
    }
    return moments.prediction(
      ifKnown: rangeIfKnown(contexts, moments, seed: seed),
      bayesFactor: exp(LogSum.of(logLikelihoods.effective) - LogSum.of(logLikelihoods.ineffective)))
  }

  /// 5–95 % of p(effective | x*, cohort) over the true features x* given the measurement.
  private func rangeIfKnown(
    _ contexts: [Discriminant<count>], _ moments: PredictiveMoments, seed: UInt64
  ) -> Interval {
    var stream = RandomStream(StreamKey(seed: seed, purpose: .resampling))
    let byWeight = WeightedDraws(contexts.indices.map(Double.init), weights: moments.weights)
    let stride = max(1, contexts.count / Self.knownDraws)
    let judges = Swift.stride(from: 0, to: contexts.count, by: stride).map { contexts[$0] }
    var logs = (effective: [Double](), ineffective: [Double]())
    let known = (0..<Self.knownDraws).map { _ in
      let x = contexts[byWeight.index(at: stream.uniform())].drawFeatures(using: &stream)
      logs.effective.removeAll(keepingCapacity: true)
      logs.ineffective.removeAll(keepingCapacity: true)
      for judge in judges {
        let pair = judge.logDensities(at: x)
        logs.effective.append(pair.effective)
        logs.ineffective.append(pair.ineffective)
      }
      return SpecialFunctions.logistic(LogSum.of(logs.effective) - LogSum.of(logs.ineffective))
    }.sorted()
    return Interval(lower: known.quantile(0.05), upper: known.quantile(0.95))
  }
}
