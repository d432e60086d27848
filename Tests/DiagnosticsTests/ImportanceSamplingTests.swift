import Diagnostics
import Foundation
import GSLSupport
import TestSupport
import Testing

struct ImportanceSamplingTests {
  @Test func `smoothed weights and their shape equal the reference`() throws {
    let reference = try ReferenceCase("psis")
    let smoothing = ParetoSmoothing(logRatios: reference.inputs["log_ratios"].doubles)
    let expected = reference.expected
    #expect(isClose(smoothing.shape, expected["khat"].double, relative: 1e-6))
    let largest = smoothing.logWeights.max() ?? .nan
    #expect(isClose(largest, expected["smoothed_log_weights_max"].double, relative: 1e-6))
    #expect(isClose(smoothing.effectiveSampleSize, expected["ess_kish"].double, relative: 1e-6))
    let mean = zip(smoothing.weights, reference.inputs["x"].doubles).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(isClose(mean, expected["estimate_mean_x"].double, relative: 1e-6))
    #expect(isClose(smoothing.weights.reduce(0, +), 1, absolute: 1e-12))
  }

  @Test func `a constant added to the ratios changes nothing, even 1e5`() {
    let ratios = SyntheticChains.independent(chains: 1, draws: 500, seed: 4)[0]
    let smoothing = ParetoSmoothing(logRatios: ratios)
    let moved = ParetoSmoothing(logRatios: ratios.map { $0 + 1e5 })
    #expect(isClose(smoothing.shape, moved.shape, absolute: 1e-6))
    #expect(isClose(smoothing.effectiveSampleSize, moved.effectiveSampleSize, relative: 1e-6))
  }

  @Test func `the shape of Pareto weights is found, and tells usable weights from useless ones`() {
    // log w = k · Exp(1) makes w exactly Pareto of shape k. A tail of 190 draws gives k̂ an SE near (1 + k)/14.
    func shape(_ k: Double) -> Double {
      var random = RandomStream(StreamKey(seed: 15, purpose: .simulation))
      return ParetoSmoothing(logRatios: (0..<4000).map { _ in k * random.exponential(rate: 1) }).shape
    }
    let limit = ParetoSmoothing.trustworthyShape(drawCount: 4000)
    #expect(isClose(limit, 0.7, absolute: 1e-12))
    #expect(isClose(ParetoSmoothing.trustworthyShape(drawCount: 100), 0.5, absolute: 1e-12))
    #expect(isClose(shape(0.3), 0.3, absolute: 0.3) && shape(0.3) < limit)
    #expect(isClose(shape(1.2), 1.2, absolute: 0.45) && shape(1.2) > limit)
  }

  @Test func `equal ratios, too few, and broken ones have their own shapes`() {
    let equal = ParetoSmoothing(logRatios: [Double](repeating: -7, count: 100))
    #expect(equal.shape == -.infinity)
    #expect(isClose(equal.effectiveSampleSize, 100, relative: 1e-12))
    #expect(ParetoSmoothing(logRatios: [1, 2, 3]).shape == .infinity)
    #expect(ParetoSmoothing(logRatios: [1, .nan, 3]).shape.isNaN)
    #expect(ParetoSmoothing(logRatios: [.infinity, 1]).shape.isNaN)
    #expect(ParetoSmoothing(logRatios: []).shape.isNaN)
    let impossible = ParetoSmoothing(
      logRatios: SyntheticChains.independent(chains: 1, draws: 200, seed: 6)[0] + [-.infinity])
    #expect(impossible.weights.last == 0 && impossible.shape.isFinite)
  }

  @Test func `leave-one-out and WAIC equal the reference`() throws {
    let reference = try ReferenceCase("loo-waic")
    let expected = reference.expected
    let logLikelihood = reference.inputs["log_lik"].matrix
    let loo = LeaveOneOut(logLikelihood: logLikelihood)
    #expect(isClose(loo.elpd, expected["elpd_loo"].double, relative: 1e-5))
    #expect(isClose(loo.standardError, expected["se_loo"].double, relative: 1e-5))
    #expect(isClose(loo.effectiveParameterCount, expected["p_loo"].double, relative: 1e-5))
    for (shape, value) in zip(loo.shapes, expected["khat"].doubles) {
      #expect(isClose(shape, value, absolute: 0.02))
    }
    let waic = WidelyApplicableInformation(logLikelihood: logLikelihood)
    #expect(isClose(waic.logPointwiseDensity, expected["lppd"].double, relative: 1e-5))
    #expect(isClose(waic.effectiveParameterCount, expected["p_waic_ddof1"].double, relative: 1e-5))
    // The case's elpd uses S instead of S − 1: the same number of draws leads from one to the other.
    let count = Double(logLikelihood.count)
    let populationPenalty = waic.effectiveParameterCount * (count - 1) / count
    #expect(isClose(populationPenalty, expected["p_waic_arviz_ddof0"].double, relative: 1e-5))
    #expect(
      isClose(waic.logPointwiseDensity - populationPenalty, expected["elpd_waic"].double, relative: 1e-5))
  }

  @Test func `leave-one-out of a normal mean is near its closed form`() {
    // y ~ N(μ, 1), flat μ, n = 20: y_i | y_−i ~ N(ȳ_−i, 1 + 1/(n − 1)).
    let n = 20
    let y = SyntheticChains.independent(chains: 1, draws: n, seed: 31)[0]
    let mean = y.reduce(0, +) / Double(n)
    let posterior = SyntheticChains.independent(chains: 1, draws: 4000, seed: 32)[0].map {
      mean + $0 / Double(n).squareRoot()
    }
    func logNormal(_ x: Double, _ variance: Double) -> Double {
      -x * x / (2 * variance) - log(2 * .pi * variance) / 2
    }
    let loo = LeaveOneOut(logLikelihood: posterior.map { mu in y.map { logNormal($0 - mu, 1) } })
    let exact = y.reduce(0) { sum, value in
      let others = (mean * Double(n) - value) / Double(n - 1)
      return sum + logNormal(value - others, 1 + 1 / Double(n - 1))
    }
    #expect(isClose(loo.elpd, exact, absolute: 0.05))
    // The planted fault: the density of the data that were fitted is larger.
    #expect(!isClose(loo.logPointwiseDensity, exact, absolute: 0.05))
    let same = loo.difference(from: loo)
    #expect(same.elpd == 0 && same.standardError == 0)
  }
}
