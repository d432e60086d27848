import Cohort
import Diagnostics
import Foundation
import InferenceCore
import Lesions
import TestSupport
import Testing

/// The gold standard of the default model: one feature, 23 patients, exact by quadrature.
@Suite(.enabled(if: Optimization.isOn, "23 refits; run with -c release"))
struct TwoGroupModelTests {
  let reference: ReferenceCase
  let patients: [CohortPatient]

  init() throws {
    reference = try ReferenceCase("two-group-measurement-error")
    let input = reference.inputs
    patients = zip(zip(input["m"].doubles, input["s"].doubles), input["y"].doubles).enumerated().map {
      CohortPatient(
        id: "P\($0.offset)", isEffective: $0.element.1 == 1,
        lesions: [FeatureMeasurement(mean: $0.element.0.0, standardError: $0.element.0.1)])
    }
  }

  private func fit(_ patients: [CohortPatient], sampling: CohortSampling = .standard, unit: Int = 0)
    -> TwoGroupPosterior
  {
    TwoGroupModel().fit(patients, features: ["delta_adc"], sampling: sampling, seed: 20, unit: unit)
  }

  @Test func `Means and spread are those of the exact posterior, and the chains agree`() throws {
    let draws = fit(patients, sampling: CohortSampling(chains: 4, warmup: 300, draws: 4000)).draws
    for (name, key) in [
      ("sd_between[delta_adc]", "sigma"), ("mu_effective[delta_adc]", "mu_effective"),
      ("mu_ineffective[delta_adc]", "mu_ineffective"),
    ] {
      let index = try #require(draws.parameters.firstIndex { $0.name == name })
      let summary = draws.summary()[index]
      let (mean, sd) = (reference.expected[key]["mean"].double, reference.expected[key]["sd"].double)
      #expect(summary.rHat < 1.01, "\(name)")
      #expect(abs(summary.mean - mean) < max(4 * summary.mcseMean, 0.05 * sd), "\(name)")
      #expect(isClose(summary.sd, sd, relative: 0.05), "\(name)")
    }
  }

  @Test func `Predictions of new measurements are exact to 0.01`() {
    let posterior = fit(patients, sampling: CohortSampling(chains: 4, warmup: 300, draws: 2000))
    for (new, expected) in zip(reference.inputs["new"].matrix, reference.expected["pred"].doubles) {
      let prediction = posterior.predict(lesion: FeatureMeasurement(mean: new[0], standardError: new[1]))
      #expect(isClose(prediction.probability, expected, absolute: 0.01))
      // A patient with this one lesion is the same question.
      let asPatient = posterior.predict(patient: [FeatureMeasurement(mean: new[0], standardError: new[1])])
      #expect(asPatient == prediction)
    }
  }

  @Test func `Leave-one-patient-out predictions and scores are exact to 0.02`() throws {
    let predictions = patients.indices.map { left in
      var rest = patients
      rest.remove(at: left)
      let posterior = fit(rest, sampling: .fold, unit: left + 1)
      return posterior.predict(lesion: patients[left].lesions[0]).probability
    }
    for (probability, expected) in zip(predictions, reference.expected["loo_P"].doubles) {
      #expect(isClose(probability, expected, absolute: 0.02))
    }
    let scores = try #require(PredictionScores(predictions, outcomes: patients.map(\.isEffective)))
    #expect(isClose(scores.brier, reference.expected["loo_brier"].double, absolute: 0.005))
    #expect(isClose(scores.logLoss, reference.expected["loo_log_loss"].double, absolute: 0.01))
    #expect(
      isClose(try #require(scores.classScores).auc, reference.expected["loo_auc"].double, absolute: 0.02))
  }

  @Test func `Measurement error ignored moves the predictions: the twin that must fail`() {
    let blind = patients.map {
      CohortPatient(
        id: $0.id, isEffective: $0.isEffective,
        lesions: [FeatureMeasurement(mean: $0.lesions[0].means[0], standardError: 1e-3)])
    }
    let posterior = fit(blind)
    let misses = zip(reference.inputs["new"].matrix, reference.expected["pred"].doubles).count {
      new, expected in
      let prediction = posterior.predict(lesion: FeatureMeasurement(mean: new[0], standardError: 1e-3))
      return !isClose(prediction.probability, expected, absolute: 0.01)
    }
    #expect(misses >= 2)
  }

  @Test func `The same seed gives the same draws, another seed or unit others`() {
    let plan = CohortSampling(chains: 2, warmup: 10, draws: 20)
    #expect(fit(patients, sampling: plan) == fit(patients, sampling: plan))
    #expect(fit(patients, sampling: plan).draws != fit(patients, sampling: plan, unit: 1).draws)
  }

  @Test func `A fixed prevalence stays fixed and no patients at all give back the prior`() throws {
    let model = TwoGroupModel(prevalence: .fixed(0.3))
    let posterior = model.fit(
      [], features: ["a"], sampling: CohortSampling(chains: 4, warmup: 200, draws: 5000), seed: 3)
    let prevalence = try #require(posterior.draws.parameters.firstIndex { $0.name == "prevalence" })
    #expect(Set(posterior.draws.pooled(prevalence)) == [0.3])
    let mean = posterior.draws.summary()[0]
    #expect(isClose(mean.sd, 2, relative: 0.05))
    // Half-t with 2 degrees of freedom and scale 1: median √(2/3) = 0.8165.
    #expect(isClose(posterior.draws.summary()[2].median, (2.0 / 3).squareRoot(), relative: 0.05))
  }
}
