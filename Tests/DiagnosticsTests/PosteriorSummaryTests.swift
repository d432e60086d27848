import Diagnostics
import InferenceCore
import TestSupport
import Testing

struct PosteriorSummaryTests {
  @Test func `quantiles are of type 7`() {
    // R: quantile(c(1, 2, 4, 8, 16), c(0, .05, .3, .5, .95, 1))
    let sorted: [Double] = [1, 2, 4, 8, 16]
    let expected = [(0, 1.0), (0.05, 1.2), (0.3, 2.4), (0.5, 4), (0.95, 14.4), (1, 16)]
    for (probability, value) in expected {
      #expect(isClose(sorted.quantile(probability), value, relative: 1e-14))
    }
    #expect([Double]().quantile(0.5).isNaN)
    #expect([3.0].quantile(0.9) == 3)
  }

  @Test func `the interval is the narrowest with its share of the draws`() {
    let sorted: [Double] = [0, 5, 6, 7, 8, 9, 20, 30, 40, 50]
    let half = HighestDensityInterval(ofSorted: sorted, probability: 0.4)
    #expect(half.lower == 5 && half.upper == 9)
    let all = HighestDensityInterval(ofSorted: sorted, probability: 1)
    #expect(all.lower == 0 && all.upper == 50)
    #expect(HighestDensityInterval(ofSorted: []).lower.isNaN)
    #expect(HighestDensityInterval(ofSorted: [2]) == HighestDensityInterval(ofSorted: [2, 2]))
  }

  @Test func `the 94 % interval of a normal sample is near ±1.88`() {
    // 40,000 draws: the ends have an SE near 0.03.
    let sorted = SyntheticChains.independent(chains: 4, draws: 10000, seed: 77).flatMap { $0 }.sorted()
    let interval = HighestDensityInterval(ofSorted: sorted)
    #expect(isClose(interval.lower, -1.881, absolute: 0.15) && isClose(interval.upper, 1.881, absolute: 0.15))
  }

  @Test func `a summary holds the figures of the reference case`() throws {
    let reference = try ReferenceCase("convergence-good")
    let parameter = Parameter("d", unit: "mm²/s")
    let summary = PosteriorSummary(parameter, chains: reference.inputs["chains"].matrix)
    #expect(summary.parameter == parameter)
    #expect(isClose(summary.mean, reference.expected["mean"].double, relative: 1e-12))
    #expect(isClose(summary.sd, reference.expected["sd_ddof1"].double, relative: 1e-12))
    #expect(isClose(summary.mcseMean, reference.expected["mcse_mean"].double, relative: 1e-6))
    #expect(isClose(summary.rHat, reference.expected["rhat_rank"].double, relative: 1e-6))
    #expect(isClose(summary.bulkESS, reference.expected["ess_bulk"].double, relative: 1e-6))
    #expect(isClose(summary.tailESS, reference.expected["ess_tail"].double, relative: 1e-6))
    #expect(summary.q05 < summary.median && summary.median < summary.q95)
    #expect(summary.hdi.lower < summary.q05 && summary.hdi.upper > summary.q95)
  }

  @Test func `constant draws have a value and no sampling figures, draws with a NaN have neither`() {
    let constant = PosteriorSummary(Parameter("x"), chains: [[2, 2, 2, 2, 2], [2, 2, 2, 2, 2]])
    #expect(constant.mean == 2 && constant.median == 2 && constant.sd == 0 && constant.hdi.upper == 2)
    #expect(
      constant.rHat.isNaN && constant.bulkESS.isNaN && constant.tailESS.isNaN && constant.mcseMean.isNaN)
    let broken = PosteriorSummary(Parameter("x"), chains: [[2, .nan, 2, 3, 2], [2, 2, 2, 2, 2]])
    #expect(broken.mean.isNaN && broken.median.isNaN && broken.rHat.isNaN)
  }
}
