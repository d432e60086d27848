@testable import Cohort
import Diagnostics
import Foundation
import GSLSupport
import TestSupport
import Testing

/// Simulation-based calibration of the two-group model (Talts et al. 2018): parameters from the prior, a
/// cohort from the parameters, and the rank of each parameter among posterior draws is uniform if sampler and
/// model are right.
@Suite(.enabled(if: Optimization.isOn, "hundreds of cohorts; run with -c release"))
struct TwoGroupSimulationBasedCalibrationTests {
  private static let replicates = 200
  private static let draws = 99
  private static let quantities = ["mu₁", "mu₀", "sd₁", "corr", "log-likelihood", "sd within"]

  /// Ranks of each quantity over the replicates; cohorts of 23 patients with two features.
  ///
  /// - `believed`: the standard errors that the model is told, as a multiple of the true ones.
  private func ranks(lesions: Int, believed: Double = 1) -> [[Int]] {
    var ranks = [[Int]](repeating: [], count: Self.quantities.count)
    for replicate in 0..<Self.replicates {
      var stream = RandomStream(StreamKey(seed: 99, unit: replicate, purpose: .prior))
      let truth = TwoGroupState<2>(
        effective: FeatureVector([2 * stream.normal(), 2 * stream.normal()]),
        ineffective: FeatureVector([2 * stream.normal(), 2 * stream.normal()]),
        between: HuangWandCovariance<2>(priorScale: 1, using: &stream).current.covariance,
        within: lesions > 1 ? HuangWandCovariance<2>(priorScale: 1, using: &stream).current.covariance : nil,
        prevalence: stream.uniformPositive())
      let patients = cohort(truth, lesions: lesions, using: &stream)
      let told = patients.map { patient in
        var copy = patient
        for lesion in copy.lesions.indices {
          for entry in 0..<4 { copy.lesions[lesion].covariance[entry] *= believed * believed }
        }
        return copy
      }
      let posterior = TwoGroupModel().fit(
        told, features: ["a", "b"], sampling: CohortSampling(chains: 1, warmup: 300, draws: 20 * Self.draws),
        seed: 17, unit: replicate)
      let states: [TwoGroupState<2>] = posterior.states()
      let kept = stride(from: 0, to: states.count, by: 20).map { quantities(states[$0], told) }
      for (index, value) in quantities(truth, told).enumerated() {
        ranks[index].append(RankStatistic.rank(of: value, among: kept.map { $0[index] }, using: &stream))
      }
    }
    return lesions > 1 ? ranks : Array(ranks.dropLast())
  }

  private func cohort(
    _ truth: TwoGroupState<2>, lesions: Int, using stream: inout RandomStream
  ) -> [CohortPatient] {
    (0..<23).map { index in
      let isEffective = stream.bernoulli(truth.prevalence)
      func noise(_ covariance: FeatureMatrix<2>, _ stream: inout RandomStream) -> FeatureVector<2> {
        TriangularFactor(covariance).times(FeatureVector([stream.normal(), stream.normal()]))
      }
      let effect = (isEffective ? truth.effective : truth.ineffective) + noise(truth.between, &stream)
      let measured = (0..<lesions).map { _ in
        let x = truth.within.map { effect + noise($0, &stream) } ?? effect
        let (first, second) = (0.3 + stream.uniform(), 0.3 + stream.uniform())
        let covariance = FeatureMatrix<2>([
          first * first, 0.3 * first * second, 0.3 * first * second, second * second,
        ])
        return FeatureMeasurement(means: (x + noise(covariance, &stream)).array, covariance: covariance.array)
      }
      return CohortPatient(id: "\(index)", isEffective: isEffective, lesions: measured)
    }
  }

  private func quantities(_ state: TwoGroupState<2>, _ patients: [CohortPatient]) -> [Double] {
    let between = CovarianceDraw(state.between)
    let logLikelihood = patients.reduce(0.0) { sum, patient in
      let lesions = patient.lesions.map { $0.message() as GaussianMessage<2> }
      let message = state.within.map { GaussianMessage.ofPatient(lesions, within: $0) } ?? lesions[0]
      let mean = patient.isEffective ? state.effective : state.ineffective
      return sum
        + message.passed(through: between.precision, logDeterminant: between.logDeterminantOfPrecision)
        .logValue(at: mean)
    }
    let deviations = [state.between[0, 0].squareRoot(), state.between[1, 1].squareRoot()]
    return [
      state.effective[0], state.ineffective[1], deviations[0],
      state.between[0, 1] / (deviations[0] * deviations[1]), logLikelihood, state.within?[0, 0] ?? 0,
    ]
  }

  /// False alarm over five and six quantities together: 1 %.
  private func band(_ count: Int) -> UniformityBand {
    UniformityBand(sampleSize: Self.replicates, points: 20, probability: 1 - 0.01 / Double(count))
  }

  @Test(arguments: [1, 2])
  func `Ranks are uniform with one and with two lesions a patient`(lesions: Int) {
    let ranks = ranks(lesions: lesions)
    let band = band(ranks.count)
    for (index, quantity) in ranks.enumerated() {
      #expect(band.holds(ranks: quantity, maximumRank: Self.draws), "\(Self.quantities[index])")
    }
  }

  @Test func `Measurement error that is ignored shows in the ranks: the twin that must fail`() {
    let ranks = ranks(lesions: 1, believed: 0.05)
    let band = band(ranks.count)
    #expect(!band.holds(ranks: ranks[2], maximumRank: Self.draws))
    #expect(!band.holds(ranks: ranks[4], maximumRank: Self.draws))
  }
}

/// Is a probability of 70 % right in 70 % of patients? Pooled leave-one-patient-out predictions of simulated
/// cohorts the size of the motivating study: 23 patients, 12/11 and 8/15, each feature as measured separating
/// the groups by d′ = 1.6 to 1.7 (AUC 0.871 and 0.886), measurement variances over a factor of 16.
///
/// Leaving a patient out lowers the prevalence of its own class, which costs about 0.1 of the slope at this
/// size.
///
/// Every day 40 cohorts are simulated; `IVIMBAYES_COHORTS` asks for more (Tests/Long/efficacy.sh: 400, with the limits that
/// 9,200 predictions can be held to).
@Suite(.enabled(if: Optimization.isOn, "thousands of refits; run with -c release"))
struct EfficacyCalibrationTests {
  /// One way to simulate cohorts.
  struct Design: Sendable, CustomTestStringConvertible {
    var separation: [Double]
    var tailFreedom: Double?
    var testDescription: String {
      "\(separation.count) features, \(tailFreedom == nil ? "normal" : "t₄") patient effects"
    }
  }

  private static let cohorts =
    ProcessInfo.processInfo.environment["IVIMBAYES_COHORTS"].flatMap { Int($0) } ?? 40
  private static let isLong = cohorts >= 400
  /// Error SDs lie log-uniformly between 0.3 and 1.2 of the spread between patients: √(mean variance) = 0.70.
  private static let measuredSpread = (1 + 0.696 * 0.696).squareRoot()

  /// Predictions for every patient, by the model and by the same model blind to measurement error.
  private func pooled(_ design: Design) throws -> (model: PredictionScores, blind: PredictionScores) {
    let plan = CohortSampling(chains: 1, warmup: 100, draws: 400)
    let size = design.separation.count
    let features = Array(["a", "b"].prefix(size))
    let exact = (0..<(size * size)).map { $0 % (size + 1) == 0 ? 1e-6 : 0 }
    var (probabilities, blind, outcomes) = ([Double](), [Double](), [Bool]())
    for cohort in 0..<Self.cohorts {
      let effective = cohort % 2 == 0 ? 12 : 8
      let patients = SimulatedCohort(
        effective: effective, ineffective: 23 - effective,
        separation: design.separation.map { $0 * Self.measuredSpread }, errorSD: 0.6, errorSpread: 2,
        tailFreedom: design.tailFreedom, seed: 2026, unit: cohort
      ).patients
      let sharpened = patients.map { patient in
        CohortPatient(
          id: patient.id, isEffective: patient.isEffective,
          lesions: patient.lesions.map { FeatureMeasurement(means: $0.means, covariance: exact) })
      }
      for left in patients.indices {
        for (all, isBlind) in [(patients, false), (sharpened, true)] {
          var rest = all
          let patient = rest.remove(at: left)
          let posterior = TwoGroupModel().fit(
            rest, features: features, sampling: plan, seed: UInt64(cohort), unit: left)
          let probability = try #require(posterior.probability(patient: patient.lesions))
          if isBlind { blind.append(probability) } else { probabilities.append(probability) }
        }
        outcomes.append(patients[left].isEffective)
      }
    }
    return (
      try #require(PredictionScores(probabilities, outcomes: outcomes)),
      try #require(PredictionScores(blind, outcomes: outcomes))
    )
  }

  @Test(arguments: [
    Design(separation: [1.7, -1.6]), Design(separation: [1.7, -1.6], tailFreedom: 4),
    Design(separation: [1.65]), Design(separation: [1.65], tailFreedom: 4),
  ])
  func `Pooled probabilities are calibrated and better than without measurement error`(design: Design) throws
  {
    let (model, blind) = try pooled(design)
    let found = model.calibrationLine
    let line = try #require(found)
    let (error, loss, blindLoss) = (model.calibrationError().expected, model.logLoss, blind.logLoss)
    func three(_ value: Double) -> String { String(format: "%.3f", value) }
    print(
      "efficacy: \(design.testDescription), \(Self.cohorts) cohorts: slope \(three(line.slope)), ECE \(three(error)), "
        + "log-loss \(three(loss)); without measurement error: slope \(three(blind.calibrationLine?.slope ?? .nan)), "
        + "ECE \(three(blind.calibrationError().expected)), log-loss \(three(blindLoss))")
    // 920 predictions: the slope has a standard error of 0.07, and an ECE of 0.02 comes of chance alone.
    let slopeIsNearOne = (Self.isLong ? 0.85...1.15 : 0.7...1.25).contains(line.slope)
    #expect(slopeIsNearOne, "slope \(line.slope)")
    #expect(error < (Self.isLong ? 0.03 : 0.06))
    #expect(loss < blindLoss)
    // The twin: the same probabilities made too sure, their logits doubled, are found out.
    let odds = model.probabilities.map { min(max($0, 1e-6), 1 - 1e-6) }.map { pow($0 / (1 - $0), 2) }
    let sure = try #require(PredictionScores(odds.map { $0 / (1 + $0) }, outcomes: model.outcomes))
    let foundLine = sure.calibrationLine
    let sureSlope = try #require(foundLine).slope
    #expect(sureSlope < 0.7)
    #expect(sure.logLoss > loss)
  }
}
