import Diagnostics
import TestSupport
import Testing

struct PriorComparisonTests {
  @Test func `overlap, contraction, shift and divergence equal the reference`() throws {
    let reference = try ReferenceCase("overlap-contraction")
    let (inputs, expected) = (reference.inputs, reference.expected)
    let comparison = NormalPriorComparison(
      priorMean: inputs["prior_mean"].double, priorSD: inputs["prior_sd"].double,
      posteriorMean: inputs["post_mean"].double, posteriorSD: inputs["post_sd"].double)
    #expect(isClose(comparison.overlap, expected["overlap"].double, absolute: 1e-9))
    #expect(isClose(comparison.contraction, expected["contraction"].double, absolute: 1e-9))
    #expect(isClose(comparison.shift, expected["zscore"].double, absolute: 1e-9))
    #expect(isClose(comparison.divergence, expected["KL_post_prior"].double, absolute: 1e-9))
  }

  @Test func `overlap is the same whichever is called prior, and is continuous where the SDs meet`() {
    func overlap(_ m0: Double, _ s0: Double, _ m1: Double, _ s1: Double) -> Double {
      NormalPriorComparison(priorMean: m0, priorSD: s0, posteriorMean: m1, posteriorSD: s1).overlap
    }
    #expect(isClose(overlap(0, 1, 0.7, 0.4), overlap(0.7, 0.4, 0, 1), absolute: 1e-12))
    #expect(isClose(overlap(0, 1, 0.7, 1), overlap(0, 1, 0.7, 1 - 1e-6), absolute: 1e-5))
    #expect(isClose(overlap(0, 2, 0, 2), 1, absolute: 1e-12))
    #expect(overlap(0, 1, 100, 0.1) < 1e-12)
  }

  @Test func `a posterior wider than its prior contracts by less than nothing`() {
    // 2.4 of the design: SD 0.95 of log δ under a prior of 0.80.
    let ridge = NormalPriorComparison(priorMean: 3, priorSD: 0.80, posteriorMean: 3, posteriorSD: 0.95)
    #expect(isClose(ridge.contraction, -0.41, absolute: 0.005))
    #expect(Grade(contraction: ridge.contraction) == .priorDominated)
    let improper = NormalPriorComparison(priorMean: 0, priorSD: 0, posteriorMean: 0, posteriorSD: 1)
    #expect(
      improper.contraction.isNaN && improper.overlap.isNaN && improper.divergence.isNaN
        && improper.shift.isNaN)
  }

  @Test func `the histogram agrees with the crossing formula on normal draws`() {
    let prior = SyntheticChains.independent(chains: 4, draws: 10000, seed: 1).flatMap { $0 }
    let posterior = SyntheticChains.independent(chains: 4, draws: 10000, seed: 2).flatMap { $0 }.map {
      0.8 + 0.5 * $0
    }
    let exact = NormalPriorComparison(priorMean: 0, priorSD: 1, posteriorMean: 0.8, posteriorSD: 0.5).overlap
    #expect(isClose(HistogramOverlap.overlap(prior, posterior), exact, absolute: 0.02))
    // The planted fault: a posterior that was not moved.
    #expect(!isClose(HistogramOverlap.overlap(prior, posterior.map { $0 - 0.8 }), exact, absolute: 0.02))
  }

  @Test func `the histogram is 1 for the same draws, 0 for disjoint ones, NaN for none`() {
    #expect(isClose(HistogramOverlap.overlap([1, 2, 3], [3, 2, 1]), 1, absolute: 1e-12))
    #expect(HistogramOverlap.overlap([1, 2, 3], [11, 12, 13]) == 0)
    #expect(HistogramOverlap.overlap([4, 4], [4]) == 1)
    #expect(HistogramOverlap.overlap([], [1]).isNaN)
    #expect(HistogramOverlap.overlap([.nan], [1]).isNaN)
  }

  @Test func `grades change at 0.75 and 0.25 and print as 0 to 3`() {
    let expected: [(Double, Grade)] = [
      (1, .dataDominated), (0.75, .dataDominated), (0.7499, .mixed), (0.25, .mixed),
      (0.2499, .priorDominated),
      (-3, .priorDominated), (.nan, .outside),
    ]
    for (contraction, grade) in expected { #expect(Grade(contraction: contraction) == grade) }
    #expect(Grade.allCases.map(\.rawValue) == [0, 1, 2, 3])
    #expect(Grade.allCases.map(\.word) == ["", "data-dominated", "mixed", "prior-dominated"])
  }
}
