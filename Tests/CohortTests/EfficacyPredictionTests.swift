import Cohort
import Foundation
import InferenceCore
import Lesions
import TestSupport
import Testing

@Suite struct EfficacyPredictionTests {
  /// A posterior of one draw: the two-feature model with known parameters.
  private func known(_ inputs: JSONValue) -> TwoGroupPosterior {
    let (mu1, mu0, sigma) = (inputs["mu1"].doubles, inputs["mu0"].doubles, inputs["Sigma"].matrix)
    let deviations = [sigma[0][0].squareRoot(), sigma[1][1].squareRoot()]
    let correlation = sigma[0][1] / (deviations[0] * deviations[1])
    let names = [
      "mu_effective[a]", "mu_effective[b]", "mu_ineffective[a]", "mu_ineffective[b]", "sd_between[a]",
      "sd_between[b]", "corr_between[b,a]", "prevalence",
    ]
    return TwoGroupPosterior(
      features: ["a", "b"], hasWithin: false,
      draws: Draws(
        parameters: names.map { Parameter($0) },
        chains: [[mu1 + mu0 + deviations + [correlation, inputs["prior"].double]]]))
  }

  @Test
  func
    `With known parameters the probability is Fisher's discriminant, and ratios of averages not averages of ratios`()
    throws
  {
    let reference = try ReferenceCase("two-group-mv")
    let posterior = known(reference.inputs)
    for (case_, expected) in zip(reference.inputs["x_V"].array, reference.expected["P"].doubles) {
      let measured = FeatureMeasurement(
        means: case_[0].doubles, covariance: case_[1].matrix.flatMap { $0 })
      let prediction = posterior.predict(lesion: measured)
      #expect(isClose(prediction.probability, expected, relative: 1e-10))
      #expect(isClose(prediction.imagingShare, 1, absolute: 1e-12))
    }
    let fromDraws = posterior.predict(draws: reference.inputs["draws"].matrix, scanCovariance: [0, 0, 0, 0])
    #expect(
      isClose(
        fromDraws.probability, reference.expected["P_from_draws_ratio_of_averages"].double, relative: 1e-9))
    #expect(
      !isClose(
        fromDraws.probability, reference.expected["P_from_draws_average_of_ratios"].double, absolute: 0.02))
  }

  @Test func `A missing feature leaves the discriminant of the other one`() throws {
    let reference = try ReferenceCase("two-group-mv")
    let posterior = known(reference.inputs)
    let measured = FeatureMeasurement(means: [0.6, .nan], covariance: [0.2, .nan, .nan, .nan])
    // One feature, by hand: N(0.6; 1, 1.2) against N(0.6; −0.2, 1.2), prevalence 0.45.
    let odds = log(0.45 / 0.55) + (0.8 * 0.8 - 0.4 * 0.4) / (2 * 1.2)
    #expect(isClose(posterior.predict(lesion: measured).probability, 1 / (1 + exp(-odds)), relative: 1e-12))
  }

  @Test func `Nothing measured gives the prevalence and a Bayes factor of one`() throws {
    let posterior = known(try ReferenceCase("two-group-mv").inputs)
    let nothing = FeatureMeasurement(means: [.nan, .nan], covariance: [0, 0, 0, 0])
    let prediction = posterior.predict(lesion: nothing)
    #expect(isClose(prediction.probability, 0.45, relative: 1e-12))
    #expect(isClose(prediction.bayesFactor, 1, relative: 1e-12))
    #expect(prediction.ifKnown.lower < 0.2 && prediction.ifKnown.upper > 0.7)
  }

  /// A cohort of two features with several lesions a patient, drawn from the model.
  private func fitted() -> TwoGroupPosterior {
    let patients = SimulatedCohort(
      effective: 12, ineffective: 11, separation: [1.2, -0.9], lesions: 2, errorSD: 0.4, seed: 8
    ).patients
    return TwoGroupModel().fit(patients, features: ["a", "b"], seed: 4)
  }

  @Test(.enabled(if: Optimization.isOn, "two chains of a thousand steps; run with -c release"))
  func `The printed probability is the mean of what the shares split, whatever the measurement`() {
    let posterior = fitted()
    for (mean, error) in [(1.0, 0.3), (0.2, 1.5), (-2, 0.5)] {
      let measured = FeatureMeasurement(
        means: [mean, -mean], covariance: [error * error, 0, 0, error * error])
      let prediction = posterior.predict(lesion: measured)
      #expect(isClose(prediction.imagingShare + prediction.cohortShare, 1, relative: 1e-12))
      #expect(prediction.modelInterval.contains(prediction.probability))
      #expect(
        prediction.ifKnown.lower < prediction.probability && prediction.probability < prediction.ifKnown.upper
      )
      // The Bayes factor turns the prevalence (learned, mean 13/25) into the probability.
      let odds = prediction.bayesFactor * 13 / 12
      #expect(isClose(odds / (1 + odds), prediction.probability, absolute: 0.01))
    }
  }

  @Test(.enabled(if: Optimization.isOn, "run with -c release"))
  func `A better image moves variance from imaging to cohort and narrows the range if known`() {
    let posterior = fitted()
    func predict(_ error: Double) -> EfficacyPrediction {
      posterior.predict(
        lesion: FeatureMeasurement(means: [0.5, -0.3], covariance: [error * error, 0, 0, error * error]))
    }
    let (sharp, blurred) = (predict(0.05), predict(1))
    #expect(sharp.imagingShare < 0.2)
    #expect(blurred.imagingShare > 0.5)
    #expect(sharp.ifKnown.upper - sharp.ifKnown.lower < 0.3 * (blurred.ifKnown.upper - blurred.ifKnown.lower))
  }

  @Test(.enabled(if: Optimization.isOn, "run with -c release"))
  func `Two agreeing lesions say more than one, but not as much as two patients would`() throws {
    let posterior = fitted()
    let lesion = FeatureMeasurement(means: [1.2, -1], covariance: [0.16, 0, 0, 0.16])
    let one = posterior.predict(lesion: lesion)
    let two = try #require(posterior.predict(patient: [lesion, lesion]))
    #expect(two.bayesFactor > one.bayesFactor)
    #expect(two.bayesFactor < one.bayesFactor * one.bayesFactor)
  }

  @Test func `A cohort with one lesion a patient refuses to judge several lesions together`() throws {
    let posterior = known(try ReferenceCase("two-group-mv").inputs)
    let lesion = FeatureMeasurement(means: [0, 0], covariance: [1, 0, 0, 1])
    #expect(posterior.predict(patient: [lesion, lesion]) == nil)
    #expect(posterior.predict(patient: []) == nil)
  }

  @Test func `A measurement with missing values survives JSON`() throws {
    let measured = FeatureMeasurement(means: [0.5, .nan], covariance: [0.1, .nan, .nan, .nan])
    let copy = try JSONDecoder().decode(FeatureMeasurement.self, from: JSONEncoder().encode(measured))
    #expect(copy.means[0] == 0.5 && copy.means[1].isNaN && copy.covariance[0] == 0.1)
  }
}
