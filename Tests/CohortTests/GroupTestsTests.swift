import Cohort
import Foundation
import Lesions
import TestSupport
import Testing

/// The reference case `group-tests`, computed with SciPy.
private struct GroupReference {
  let a, b, pre, post: [Double]
  let expected: JSONValue

  init() throws {
    let reference = try ReferenceCase("group-tests")
    (a, b) = (reference.inputs["a"].doubles, reference.inputs["b"].doubles)
    (pre, post) = (reference.inputs["pre"].doubles, reference.inputs["post"].doubles)
    expected = reference.expected
  }
}

@Suite struct MannWhitneyTestTests {
  @Test func `U, exact and corrected normal p-values are the reference values`() throws {
    let reference = try GroupReference()
    let exact = MannWhitneyTest(reference.a, reference.b)
    #expect(exact.method == .exact)
    #expect(exact.statistic == reference.expected["mwu_U"].double)
    #expect(isClose(exact.pValue, reference.expected["mwu_p_exact"].double, relative: 1e-10))
    let normal = MannWhitneyTest(reference.a, reference.b, method: .normal)
    #expect(isClose(normal.pValue, reference.expected["mwu_p_asymptotic_cc_ties"].double, relative: 1e-10))
  }

  @Test func `Ties take the normal approximation, corrected as SciPy 1.17 corrects it`() {
    let test = MannWhitneyTest([1, 2, 2, 3, 5], [2, 4, 4, 5, 6, 7])
    #expect(test.method == .normal)
    #expect(test.statistic == 5.5)
    #expect(isClose(test.pValue, 0.09570475117488142, relative: 1e-10))
  }

  @Test func `Complete separation of three and four has two of 35 assignments`() {
    #expect(isClose(MannWhitneyTest([1, 2, 3], [4, 5, 6, 7]).pValue, 2.0 / 35, relative: 1e-14))
    #expect(isClose(MannWhitneyTest([4, 5, 6, 7], [1, 2, 3]).pValue, 2.0 / 35, relative: 1e-14))
  }

  @Test func `Equal values everywhere, or an empty group, have no p-value`() {
    #expect(MannWhitneyTest([1, 1], [1, 1, 1]).pValue.isNaN)
    #expect(MannWhitneyTest([], [1, 2]).pValue.isNaN)
  }
}

@Suite struct WilcoxonSignedRankTestTests {
  @Test func `V, exact and corrected normal p-values are the reference values`() throws {
    let reference = try GroupReference()
    let differences = zip(reference.post, reference.pre).map { $0 - $1 }
    let exact = WilcoxonSignedRankTest(differences: differences)
    #expect(exact.method == .exact)
    #expect(exact.statistic == reference.expected["wilcoxon"]["V_pos"].double)
    #expect(isClose(exact.pValue, reference.expected["wilcoxon"]["p_exact"].double, relative: 1e-12))
    let normal = WilcoxonSignedRankTest(differences: differences, method: .normal)
    #expect(isClose(normal.pValue, reference.expected["wilcoxon"]["p_normal_cc"].double, relative: 1e-10))
  }

  @Test func `Zeros are dropped or ranked as Pratt does, both as in SciPy 1.17`() {
    let differences: [Double] = [1, 0, -2, 3, 0, 4, -1, 5, 2, 2]
    let dropped = WilcoxonSignedRankTest(differences: differences)
    #expect(dropped.method == .normal)
    #expect(isClose(dropped.pValue, 0.09088878524572709, relative: 1e-10))
    let pratt = WilcoxonSignedRankTest(differences: differences, zeros: .pratt)
    #expect(isClose(pratt.pValue, 0.09955968187174137, relative: 1e-10))
  }

  @Test func `Nothing but zeros has no p-value under either rule`() {
    #expect(WilcoxonSignedRankTest(differences: [0, 0]).pValue.isNaN)
    #expect(WilcoxonSignedRankTest(differences: [0, 0], zeros: .pratt).pValue.isNaN)
  }
}

@Suite struct TTestTests {
  @Test func `Welch's test and its interval are the reference values`() throws {
    let reference = try GroupReference()
    let test = TTest.welch(reference.a, reference.b)
    let expected = reference.expected["welch"]
    #expect(isClose(test.statistic, expected["t"].double, relative: 1e-12))
    #expect(isClose(test.degreesOfFreedom, expected["df"].double, relative: 1e-12))
    #expect(isClose(test.pValue, expected["p"].double, relative: 1e-10))
    #expect(isClose(test.interval().lower, expected["ci95"][0].double, relative: 1e-9))
    #expect(isClose(test.interval().upper, expected["ci95"][1].double, relative: 1e-9))
  }

  @Test func `The paired test is the reference value, follow-up minus baseline`() throws {
    let reference = try GroupReference()
    let test = TTest.paired(pre: reference.pre, post: reference.post)
    #expect(isClose(test.statistic, reference.expected["paired"]["t"].double, relative: 1e-12))
    #expect(test.degreesOfFreedom == 11)
    #expect(isClose(test.pValue, reference.expected["paired"]["p"].double, relative: 1e-10))
  }

  @Test func `One value in a group leaves everything unknown`() {
    #expect(TTest.welch([1], [1, 2]).pValue.isNaN)
    #expect(TTest.paired(pre: [1], post: [2]).pValue.isNaN)
  }
}

@Suite struct EffectSizeTests {
  @Test func `Cohen's d and Hedges' g are the reference values`() throws {
    let reference = try GroupReference()
    let effect = EffectSize(reference.a, reference.b)
    #expect(isClose(effect.cohenD, reference.expected["cohen_d"].double, relative: 1e-12))
    #expect(isClose(effect.hedgesG, reference.expected["hedges_g"].double, relative: 1e-12))
  }
}

@Suite struct BehrensFisherDifferenceTests {
  @Test func `Probability and quantiles are the reference values`() throws {
    let reference = try GroupReference()
    let posterior = try #require(BehrensFisherDifference(reference.a, reference.b))
    let expected = reference.expected["behrens_fisher"]
    #expect(isClose(posterior.probabilityOfIncrease, expected["P_a_gt_b"].double, relative: 1e-9))
    #expect(isClose(posterior.interval().lower, expected["q025"].double, relative: 1e-7))
    #expect(isClose(posterior.interval().upper, expected["q975"].double, relative: 1e-7))
  }

  @Test func `The median is the difference of the means and a wide band holds everything`() throws {
    let posterior = try #require(BehrensFisherDifference([1, 2, 4, 3], [0, 1, 1.5]))
    #expect(isClose(posterior.quantile(0.5), posterior.difference, absolute: 1e-8))
    #expect(isClose(posterior.probability(within: 1e6), 1, absolute: 1e-6))
    #expect(posterior.probability(within: 0.1) < 0.2)
  }

  @Test func `Two values a group have tails so heavy that the bracket must grow`() throws {
    let posterior = try #require(BehrensFisherDifference([0, 1], [0, 1]))
    let interval = posterior.interval(level: 0.99)
    #expect(isClose(posterior.cumulativeProbability(interval.upper), 0.995, absolute: 1e-8))
    #expect(isClose(interval.lower, -interval.upper, relative: 1e-6))
  }

  @Test func `A group without spread has no posterior`() {
    #expect(BehrensFisherDifference([1, 1], [1, 2]) == nil)
    #expect(BehrensFisherDifference([1], [1, 2]) == nil)
  }
}

@Suite struct MultiplicityAdjustmentTests {
  @Test func `Holm and Benjamini-Hochberg are the reference values`() throws {
    let reference = try ReferenceCase("group-tests")
    let raw = reference.inputs["pvals"].doubles
    for (adjusted, expected) in [
      (MultiplicityAdjustment.holm(raw), reference.expected["holm"].doubles),
      (MultiplicityAdjustment.benjaminiHochberg(raw), reference.expected["bh"].doubles),
    ] {
      for (value, wanted) in zip(adjusted, expected) { #expect(isClose(value, wanted, relative: 1e-12)) }
    }
  }

  @Test func `A missing p-value stays missing and is not counted`() {
    let adjusted = MultiplicityAdjustment.holm([0.01, .nan, 0.04])
    #expect(adjusted[0] == 0.02)
    #expect(adjusted[1].isNaN)
    #expect(adjusted[2] == 0.04)
    #expect(MultiplicityAdjustment.benjaminiHochberg([]).isEmpty)
  }
}
