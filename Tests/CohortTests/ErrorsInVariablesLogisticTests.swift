@testable import Cohort
import Diagnostics
import GSLSupport
import InferenceCore
import TestSupport
import Testing

@Suite struct PolyaGammaTests {
  /// 40,000 draws for each of five c; |z| < 4.5 for mean and variance: false alarm 7e-5 in all.
  @Test func `Draws have the exact mean and variance`() throws {
    let reference = try ReferenceCase("polya-gamma-moments")
    for (index, c) in reference.inputs["c"].doubles.enumerated() {
      let expected = reference.expected["mean_var"][index].doubles
      #expect(isClose(PolyaGamma.mean(c), expected[0], relative: 1e-9))
      let (mean, variance, kurtosis) = moments(Self.draws(40_000, c))
      #expect(abs(mean - expected[0]) < 4.5 * (expected[1] / 40_000).squareRoot())
      #expect(abs(variance - expected[1]) < 4.5 * expected[1] * ((kurtosis - 1) / 40_000).squareRoot())
    }
  }

  @Test func `Draws at c = 1 used for c = 3.5 are caught: the twin that must fail`() throws {
    let expected = try ReferenceCase("polya-gamma-moments").expected["mean_var"][3].doubles
    let mean = moments(Self.draws(40_000, 1)).mean
    #expect(abs(mean - expected[0]) > 4.5 * (expected[1] / 40_000).squareRoot())
  }

  @Test func `The sign of c does not matter, and a huge c neither hangs nor overflows`() {
    #expect(Self.draws(100, -2) == Self.draws(100, 2))
    let huge = Self.draws(1000, 2000)
    #expect(isClose(moments(huge).mean, 1.0 / 4000, relative: 0.02))
    #expect(Self.draws(1, .nan)[0].isNaN && Self.draws(1, .infinity) == [0])
  }

  private static func draws(_ count: Int, _ c: Double) -> [Double] {
    var stream = RandomStream(StreamKey(seed: 77, purpose: .sampling))
    return (0..<count).map { _ in PolyaGamma.draw(c, using: &stream) }
  }

  private func moments(_ draws: [Double]) -> (mean: Double, variance: Double, kurtosis: Double) {
    let n = Double(draws.count)
    let mean = draws.reduce(0, +) / n
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    let fourth = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) * ($1 - mean) } / n
    return (mean, variance, fourth / (variance * variance))
  }
}

@Suite(.enabled(if: Optimization.isOn, "long chains; run with -c release"))
struct ErrorsInVariablesLogisticTests {
  private let plan = CohortSampling(chains: 4, warmup: 500, draws: 6000)

  private func check(_ posterior: LogisticPosterior, _ name: String, _ expected: JSONValue) throws {
    let index = try #require(posterior.draws.parameters.firstIndex { $0.name == name })
    let summary = posterior.draws.summary()[index]
    let (mean, sd) = (expected["mean"].double, expected["sd"].double)
    #expect(summary.rHat < 1.01, "\(name)")
    #expect(
      abs(summary.mean - mean) < max(4 * summary.mcseMean, 0.05 * sd), "\(name): \(summary.mean) ≠ \(mean)")
    #expect(isClose(summary.sd, sd, relative: 0.05), "\(name): \(summary.sd) ≠ \(sd)")
  }

  @Test func `Coefficients and predictions with measurement error are exact, plugged-in means are not`()
    throws
  {
    let reference = try ReferenceCase("logistic-eiv")
    let input = reference.inputs
    let patients = zip(zip(input["m"].doubles, input["s"].doubles), input["y"].doubles).enumerated().map {
      CohortPatient(
        id: "\($0.offset)", isEffective: $0.element.1 == 1,
        lesions: [FeatureMeasurement(mean: $0.element.0.0, standardError: $0.element.0.1)])
    }
    let posterior = ErrorsInVariablesLogistic(structure: .fixed(mean: [0], covariance: [1]))
      .fit(patients, features: ["x"], sampling: plan, seed: 31)
    let expected = reference.expected["eiv"]
    try check(posterior, "intercept", expected["alpha"])
    try check(posterior, "slope[x]", expected["beta"])
    let isPositive = posterior.draws.pooled(1).map { $0 > 0 ? 1.0 : 0 }.reduce(0, +) / 24_000
    #expect(isClose(isPositive, expected["P_beta_gt0"].double, absolute: 0.005))
    var misses = 0
    for (index, new) in input["new"].matrix.enumerated() {
      let prediction = posterior.predict(lesion: FeatureMeasurement(mean: new[0], standardError: new[1]))
      #expect(isClose(prediction.probability, expected["pred"][index]["P"].double, absolute: 0.01))
      #expect(
        isClose(prediction.standardDeviation, expected["pred"][index]["sd_of_p"].double, absolute: 0.01))
      let plugged = reference.expected["naive_plugin"]["pred"][index]["P"].double
      if !isClose(prediction.probability, plugged, absolute: 0.01) { misses += 1 }
    }
    #expect(misses >= 2)
  }

  @Test func `Complete separation has a finite posterior, the exact one`() throws {
    let reference = try ReferenceCase("logistic-separation")
    let input = reference.inputs
    let patients = zip(input["x"].doubles, input["y"].doubles).enumerated().map {
      CohortPatient(
        id: "\($0.offset)", isEffective: $0.element.1 == 1,
        lesions: [FeatureMeasurement(mean: $0.element.0, standardError: 1e-4)])
    }
    let posterior = ErrorsInVariablesLogistic().fit(patients, features: ["x"], sampling: plan, seed: 32)
    try check(posterior, "intercept", reference.expected["alpha"])
    try check(posterior, "slope[x]", reference.expected["beta"])
    for x in [-1, 0, 0.5, 2] {
      let name = x == x.rounded() ? "\(Int(x))" : "\(x)"
      let prediction = posterior.predict(lesion: FeatureMeasurement(mean: x, standardError: 1e-4))
      #expect(isClose(prediction.probability, reference.expected["pred"][name].double, absolute: 0.01))
    }
  }

  @Test func `On a cohort with patient effects it agrees with the two-group model within 0.1`() throws {
    let patients = SimulatedCohort(
      effective: 20, ineffective: 20, separation: [1.5, -1], lesions: 2, errorSD: 0.4, seed: 3
    ).patients
    let logistic = ErrorsInVariablesLogistic().fit(patients, features: ["a", "b"], seed: 1)
    let groups = TwoGroupModel().fit(patients, features: ["a", "b"], seed: 1)
    for mean in [-1.0, 0, 1] {
      let lesion = FeatureMeasurement(means: [mean, -mean], covariance: [0.16, 0, 0, 0.16])
      let (first, second) = (logistic.predict(lesion: lesion), groups.predict(lesion: lesion))
      #expect(isClose(first.probability, second.probability, absolute: 0.1))
      #expect(first.bayesFactor.isNaN)
      let pair = try #require(logistic.predict(patient: [lesion, lesion]))
      #expect(
        isClose(
          pair.probability, try #require(groups.predict(patient: [lesion, lesion])).probability, absolute: 0.1
        ))
    }
    #expect(logistic.predict(patient: []) == nil)
  }
}
