import Acquisitions
import Foundation
import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import SignalModels
import TestSupport
import Testing

/// Checks that draws have the reference's means to 0.05 SD and SDs to 3 %, from at least 10,000 effective draws.
private func expectMoments(
  _ draws: ReplicatedDraws, _ k: Int, are expected: JSONValue, shift: Double = 0, _ name: String
) {
  let (mean, deviation) = (expected["mean"].double + shift, expected["sd"].double)
  #expect(draws.ess[k] >= 10_000, "\(name): ESS \(draws.ess[k])")
  #expect(abs(draws.mean(k) - mean) < 0.05 * deviation, "\(name): mean \(draws.mean(k)), not \(mean)")
  #expect(
    abs(draws.deviation(k) / deviation - 1) < 0.03, "\(name): SD \(draws.deviation(k)), not \(deviation)")
}

private let millisecond = Double.log(0.001)

// With 10,000 effective draws the mean has a standard error of 0.01 SD and the SD one of 0.7 %: the bounds are 5 and 4
// standard errors away, so that fewer than one run in 10,000 with another seed fails by chance.
@Suite struct ReferencePosteriorTests {
  @Test func `Rician IVIM is that of quadrature`() throws {
    let reference = try ReferenceCase("voxel-posterior-rician")
    let (inputs, expected) = (reference.inputs, reference.expected)
    let posterior = MagnitudePosterior(
      BiexponentialIVIM(bValues: inputs["b"].doubles.map { BValue($0) }),
      signals: inputs["y"].doubles.map { Lane8($0) }, averages: inputs["b"].doubles.map { _ in 1 },
      sigma: .known(Lane8(inputs["sigma"].double)),
      prior: NormalPrior(
        means: inputs["prior_mean"].doubles + [Double.log(inputs["S0_prior_median"].double)],
        standardDeviations: inputs["prior_sd"].doubles + [inputs["S0_prior_sdlog"].double]))
    let start = posterior.completed(Array(posterior.prior.mean.prefix(3)))
    let draws = ReplicatedDraws(of: posterior, from: start, openAxis: 1, count: 1500) { eta, byproducts in
      Array(eta.prefix(3)) + [Lane8.log(byproducts[0])]
    }
    for (k, name) in ["logD", "logitf", "logDelta", "logS0"].enumerated() {
      expectMoments(draws, k, are: expected[name], name)
    }
  }

  @Test func `Rician inversion recovery is that of quadrature`() throws {
    let reference = try ReferenceCase("ir-magnitude-rician-posterior")
    let (inputs, expected) = (reference.inputs, reference.expected)
    var posterior = MagnitudePosterior(
      MagnetizationRecovery(inversionTimes: inputs["TI"].doubles.map { InversionTime(seconds: $0 / 1000) }),
      signals: inputs["y"].doubles.map { Lane8($0) }, averages: inputs["TI"].doubles.map { _ in 1 },
      sigma: .known(Lane8(inputs["sigma"].double)),
      prior: NormalPrior(
        means: [inputs["prior_mean_logT1"].double + millisecond, inputs["prior_mean_k"].double, 0],
        standardDeviations: [inputs["prior_sd_logT1"].double, inputs["prior_sd_k"].double, .infinity]))
    let start = posterior.start(
      among: posterior.prior.line(along: 0, from: -3, to: 2.5, count: 34, dimension: 2))
    let draws = ReplicatedDraws(of: posterior, from: start, openAxis: 0, count: 1500) { eta, byproducts in
      Array(eta.prefix(2)) + [Lane8.log(byproducts[0])]
    }
    expectMoments(draws, 0, are: expected["logT1"], shift: millisecond, "logT1")
    expectMoments(draws, 1, are: expected["k"], "k")
    expectMoments(draws, 2, are: expected["logA"], "logA")
  }

  @Test func `Variable flip angles with an uncertain B1 are those of quadrature, and with a fixed one`()
    throws
  {
    let reference = try ReferenceCase("vfa-posterior")
    let (inputs, expected) = (reference.inputs, reference.expected)
    let angles = inputs["FA"].doubles.map { FlipAngle(degrees: $0) }
    func posterior(fixedB1: Double?) -> AmplitudeMarginalPosterior<SpoiledGradientEcho, Lane8> {
      let means = [inputs["prior_mean_logT1"].double + millisecond, inputs["B1_mean"].double]
      let deviations = [inputs["prior_sd_logT1"].double, inputs["B1_sd"].double]
      let count = fixedB1 == nil ? 2 : 1
      return AmplitudeMarginalPosterior(
        SpoiledGradientEcho(
          flipAngles: angles, repetitionTime: inputs["TR"].double / 1000, fixedB1: fixedB1),
        signals: inputs["y"].doubles.map { Lane8($0) }, averages: angles.map { _ in 1 },
        noise: .pooled(pseudoObservations: 0, variance: 1),
        prior: NormalPrior(
          means: Array(means.prefix(count)), standardDeviations: Array(deviations.prefix(count))))
    }
    var density = posterior(fixedB1: nil)
    let start = density.best(
      of: density.prior.line(along: 0, from: -3, to: 2.5, count: 34, dimension: 2))
    let draws = ReplicatedDraws(of: density, from: start, openAxis: 1, count: 1500)
    expectMoments(draws, 0, are: expected["logT1"], shift: millisecond, "logT1")
    expectMoments(draws, 1, are: expected["B1"], "B1")
    var fixed = posterior(fixedB1: inputs["B1_mean"].double)
    let fixedStart = fixed.best(
      of: fixed.prior.line(along: 0, from: -3, to: 2.5, count: 34, dimension: 1))
    let fixedDraws = ReplicatedDraws(of: fixed, from: fixedStart, openAxis: 0, count: 50_000)
    let t1 = fixedDraws.values[0].map { 1000 * Foundation.exp($0) }
    let mean = t1.reduce(0, +) / Double(t1.count)
    let (exactMean, exactDeviation) = (
      expected["T1_B1_fixed"]["mean"].double, expected["T1_B1_fixed"]["sd"].double
    )
    #expect(abs(mean - exactMean) < 0.05 * exactDeviation)
    // Five angles leave a t of three degrees of freedom: with a kurtosis of 43 the SD of 48,000 independent draws
    // scatters by 1.5 %. Of 1.6 million it scatters by 0.3 to 0.4 %.
    #expect(abs(variance(t1).squareRoot() / exactDeviation - 1) < 0.03)
  }

  @Test func `Signed MOLLI is that of quadrature, and its corrected T1 has the exact quantiles`() throws {
    let reference = try ReferenceCase("molli-signed-posterior")
    let (inputs, expected) = (reference.inputs, reference.expected)
    let averages = inputs["TI"].doubles.map { _ in 1.0 }
    let signals = inputs["y"].doubles.map { Lane8($0) }
    let shape = OffsetShape(
      MagnetizationRecovery(
        inversionTimes: inputs["TI"].doubles.map { InversionTime(seconds: $0 / 1000) }, fixedInversion: 1),
      averages: averages)
    var posterior = AmplitudeMarginalPosterior(
      shape, signals: signals, averages: averages, noise: .pooled(pseudoObservations: 0, variance: 1),
      prior: NormalPrior(
        means: [inputs["prior_mean_logT1"].double + millisecond],
        standardDeviations: [inputs["prior_sd_logT1"].double]))
    let start = posterior.best(
      of: posterior.prior.line(along: 0, from: -3, to: 2.5, count: 34, dimension: 1))
    var random = LaneRandom<Lane8>((0..<8).map { .init(seed: 9, unit: $0, purpose: .nuisance) })
    let mean = shape.weightedMean(signals)
    var corrected: [Double] = []
    let draws = ReplicatedDraws(of: posterior, from: start, openAxis: 0, count: 1500) { eta, byproducts in
      let (offset, amplitude, _) = posterior.drawLinearParameters(
        at: eta, from: byproducts, signalMean: mean, using: &random)
      // β₀ + β₁ (1 − e) = A − B e.
      let t1 = LookLockerRecovery.correctedT1(
        amplitude: offset + amplitude, depth: amplitude, apparent: 1000 * Lane8.exp(eta[0]))
      corrected += t1.array
      return eta
    }
    expectMoments(draws, 0, are: expected["logT"], shift: millisecond, "log T1*")
    let spread =
      expected["T1_corrected_quantiles"]["0.95"].double - expected["T1_corrected_quantiles"]["0.05"].double
    for level in expected["T1_corrected_quantiles"].keys {
      let exact = expected["T1_corrected_quantiles"][level].double
      let bound = (level == "0.025" || level == "0.975" ? 0.04 : 0.02) * spread
      #expect(abs(quantile(corrected, Double(level) ?? .nan) - exact) < bound, "quantile \(level)")
    }
  }

  @Test func `Polarity probabilities are those of the reference`() throws {
    let reference = try ReferenceCase("ir-polarity")
    let (inputs, expected) = (reference.inputs, reference.expected)
    let polarity = InversionPolarity(
      magnitudes: inputs["y"].doubles, times: inputs["TI"].doubles.map { InversionTime(seconds: $0 / 1000) },
      priorMean: inputs["prior_mean_logT1"].double + millisecond,
      priorDeviation: inputs["prior_sd_logT1"].double, nodeCount: 4000)
    for (value, exact) in zip(polarity.logMarginals, expected["log_marginal_unnorm"].doubles) {
      #expect(isClose(value, exact, absolute: 1e-5))
    }
    for (value, exact) in zip(polarity.probabilities, expected["P_k"].doubles) {
      #expect(isClose(value, exact, absolute: 1e-5))
    }
    #expect(polarity.negativeCount == expected["k_best"].int)
  }
}
