@testable import Lesions
import Diagnostics
import Foundation
import GSLSupport
import TestSupport
import Testing

@Suite struct ParameterChangeTests {
  let reference: ReferenceCase
  let key = StreamKey(seed: 1, unit: 7, purpose: .resampling)

  init() throws { reference = try ReferenceCase("delta-probabilities") }

  /// 4,000 quantiles of a log-normal posterior.
  private func logNormal(_ mean: Double, _ sd: Double, count: Int = 4000) -> [Double] {
    (0..<count).map { exp(mean + sd * SpecialFunctions.normalQuantile((Double($0) + 0.5) / Double(count))) }
  }

  private func change(wPhys: Double? = 0.05) throws -> ParameterChange {
    let input = reference.inputs
    return try #require(
      ParameterChange(
        .apparentDiffusion, pre: logNormal(input["pre_mean"].double, input["pre_sd"].double),
        post: logNormal(input["post_mean"].double, input["post_sd"].double),
        variability: wPhys.map { ScanVariability(total: 0.071, physiological: $0, source: "test") },
        equivalence: input["rope"].double, pairing: key))
  }

  @Test func `For a normal posterior the probabilities are the exact ones of the reference`() {
    let expected = reference.expected
    let total = SmoothedDraws(centers: [expected["delta"].double], noise: expected["sd_with_scan"].double)
    let within = SmoothedDraws(centers: [expected["delta"].double], noise: expected["sd_within"].double)
    let rc = expected["RC"].double
    func outside(_ draws: SmoothedDraws, _ limit: Double) -> Double {
      draws.probability(above: limit) + draws.probability(below: -limit)
    }
    #expect(isClose(total.probability(above: 0), expected["P_gt0_with_scan"].double, relative: 1e-10))
    #expect(isClose(within.probability(above: 0), expected["P_gt0_within"].double, relative: 1e-10))
    #expect(isClose(outside(total, 0.1), expected["P_abs_gt_rope_with_scan"].double, relative: 1e-10))
    #expect(isClose(outside(within, rc), expected["P_abs_gt_RC_within"].double, relative: 1e-10))
  }

  @Test func `From draws the same probabilities come out within 0.01, and RC and its flag exactly`() throws {
    let (change, expected) = (try change(), reference.expected)
    #expect(isClose(change.probabilityOfIncrease, expected["P_gt0_with_scan"].double, absolute: 0.003))
    #expect(isClose(change.probabilityOfDecrease, 1 - expected["P_gt0_with_scan"].double, absolute: 0.003))
    #expect(
      isClose(
        change.probabilityOutsideEquivalence, expected["P_abs_gt_rope_with_scan"].double, absolute: 0.01))
    #expect(
      isClose(change.probabilityInEquivalence + change.probabilityOutsideEquivalence, 1, relative: 1e-12))
    #expect(
      isClose(
        change.withinScanProbabilityBeyondRepeatability, expected["P_abs_gt_RC_within"].double, absolute: 0.02
      ))
    #expect(isClose(change.repeatabilityCoefficient, expected["RC"].double, relative: 1e-12))
    #expect(change.isBeyondRepeatability == expected["observed_exceeds_RC"].bool)
    #expect(
      isClose(
        change.percentDraws.sorted().quantile(0.5), expected["pct_change_from_log"].double, absolute: 0.6))
    #expect(change.probability(of: .increase(beyond: 0)) == change.probabilityOfIncrease)
    #expect(change.probability(of: .decrease(beyond: 0)) == change.probabilityOfDecrease)
  }

  @Test func `The variance budget adds up to the variance of the draws`() throws {
    let change = try change()
    #expect(isClose(change.budget.pre, 0.03 * 0.03, relative: 0.01))
    #expect(isClose(change.budget.scanToScan, 2 * 0.05 * 0.05, relative: 1e-12))
    let mean = change.draws.reduce(0, +) / 4000
    let variance = change.draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3999
    // 4,000 draws: the SE of a variance is 2.2 %, false alarm of 9 % about 6e-5.
    #expect(isClose(variance, change.budget.total, relative: 0.09))
  }

  @Test func `Without a figure for scan-to-scan variation there is no RC and no flag, and P is within-scan`()
    throws
  {
    let change = try change(wPhys: nil)
    #expect(change.repeatabilityCoefficient.isNaN)
    #expect(change.isBeyondRepeatability == nil)
    #expect(isClose(change.probabilityOfIncrease, reference.expected["P_gt0_within"].double, absolute: 1e-3))
    #expect(change.draws == change.withinDraws)
  }

  @Test func `The same key gives the same pairing, another one another`() throws {
    let (one, again) = (try change(), try change())
    #expect(one == again)
    let draws = logNormal(0, 0.1, count: 50)
    let other = ParameterChange(
      .t1, pre: draws, post: draws, variability: nil, pairing: StreamKey(seed: 2, purpose: .resampling))
    let keyed = ParameterChange(.t1, pre: draws, post: draws, variability: nil, pairing: key)
    #expect(keyed?.withinDraws != other?.withinDraws)
    #expect(keyed?.withinDraws.sorted() != keyed?.withinDraws)
  }

  @Test func `Visits may have different numbers of draws, each used about equally often`() throws {
    let change = try #require(
      ParameterChange(.t1, pre: [1, 2], post: [2, 2, 2, 2, 2], variability: nil, pairing: key))
    #expect(change.draws.count == 5)
    let unchanged = change.withinDraws.count { $0 == 0 }
    #expect(unchanged == 2 || unchanged == 3)
  }

  @Test func `Fractions change on the logit axis, in percent of themselves, with converted variability`()
    throws
  {
    let f = [Double](repeating: 0.2, count: 100)
    let change = try #require(
      ParameterChange(
        .perfusionFraction, pre: f, post: f.map { $0 + 0.05 },
        variability: ScanVariability(total: 0.45, physiological: 0, source: "test"), pairing: key))
    #expect(isClose(change.draws[0], log(0.25 / 0.75) - log(0.2 / 0.8), relative: 1e-12))
    #expect(isClose(change.percentDraws[0], 25, relative: 1e-10))
    #expect(
      isClose(change.repeatabilityCoefficient, 1.96 * 2.0.squareRoot() * 0.45 / (1 - 0.225), relative: 1e-12))
    #expect(isClose(change.equivalence.upper, 0.25 / (1 - 0.225), relative: 1e-12))
  }

  @Test func `Heterogeneity changes on the log axis without a scan-to-scan figure`() throws {
    let change = try #require(
      ParameterChange(
        .perfusionFraction, .sd, pre: [0.1, 0.1], post: [0.2, 0.2],
        variability: ScanVariability(total: 0.45, source: "test"), pairing: key))
    #expect(isClose(change.draws[0], log(2), relative: 1e-12))
    #expect(change.variability == nil)
  }

  @Test func `Values without a logarithm, or no draws, have no change`() {
    #expect(ParameterChange(.t1, pre: [1, 0], post: [1, 1], variability: nil, pairing: key) == nil)
    #expect(ParameterChange(.t1, pre: [], post: [1], variability: nil, pairing: key) == nil)
    #expect(ParameterChange(.perfusionFraction, pre: [1], post: [0.5], variability: nil, pairing: key) == nil)
    #expect(ParameterChange(.t1, .sd, pre: [0], post: [0.1], variability: nil, pairing: key) == nil)
  }
}

@Suite struct ScanVariabilityTests {
  @Test func `Only ADC has figures from lung tumours, the others are borrowed and say so`() {
    for parameter in LesionParameter.allCases {
      guard let figure = ScanVariability.builtIn(parameter) else {
        #expect(parameter == .perfusionProduct)
        continue
      }
      #expect(figure.isBorrowed == (parameter != .apparentDiffusion))
      #expect(figure.label.contains("borrowed") == figure.isBorrowed)
      #expect(figure.isConservative && figure.physiological == figure.total)
    }
  }

  @Test func `The figure of ADC gives the published limits of agreement`() {
    let figure = ScanVariability.builtIn(.apparentDiffusion)
    #expect(isClose(100 * (exp(figure?.repeatabilityCoefficient ?? .nan) - 1), 21.9, absolute: 0.2))
    #expect(isClose(100 * (exp(-(figure?.repeatabilityCoefficient ?? .nan)) - 1), -18.0, absolute: 0.2))
    #expect(ScanVariability.builtIn(.apparentDiffusion, diameter: 45)?.total == 0.039)
    #expect(ScanVariability.builtIn(.apparentDiffusion, diameter: 20)?.total == 0.096)
    #expect(ScanVariability.builtIn(.t1, t1Method: .variableFlipAngle)?.total == 0.10)
  }
}
