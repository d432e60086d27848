import Diagnostics
import Foundation
import GSLSupport
import Lesions
import TestSupport
import Testing

/// What must hold of every change, whatever the parameter.
@Suite struct ChangePropertyTests {
  private let key = StreamKey(seed: 4, unit: 2, purpose: .resampling)

  /// 2,000 quantiles of a normal law on the axis of the parameter, in its own unit.
  private func draws(_ parameter: LesionParameter, _ mean: Double, _ sd: Double) -> [Double] {
    (0..<2000).map { index in
      parameter.scale.value(mean + sd * SpecialFunctions.normalQuantile((Double(index) + 0.5) / 2000))
    }
  }

  private func change(
    _ parameter: LesionParameter, by step: Double, sd: Double = 0.05, variability: Double? = 0.05
  ) throws -> ParameterChange {
    let centre = parameter.scale == .logit ? -1.2 : -6.0
    return try #require(
      ParameterChange(
        parameter, pre: draws(parameter, centre, sd), post: draws(parameter, centre + step, sd),
        variability: variability.map { ScanVariability(total: $0, physiological: $0, source: "test") },
        pairing: key))
  }

  @Test(arguments: LesionParameter.allCases)
  func `The way back is as probable as the way there`(parameter: LesionParameter) throws {
    let (rise, fall) = (try change(parameter, by: 0.15), try change(parameter, by: -0.15))
    // Pairs of 2,000 draws and their smoothing agree to a few hundredths.
    #expect(isClose(rise.probabilityOfIncrease, fall.probabilityOfDecrease, absolute: 0.03))
    #expect(isClose(rise.probabilityOfIncrease + rise.probabilityOfDecrease, 1, relative: 1e-9))
    #expect(isClose(rise.probabilityInEquivalence + rise.probabilityOutsideEquivalence, 1, relative: 1e-9))
  }

  @Test(arguments: LesionParameter.allCases)
  func `No change is a toss-up, a large one is certain, and more of it is more probable`(
    parameter: LesionParameter
  ) throws {
    #expect(isClose(try change(parameter, by: 0).probabilityOfIncrease, 0.5, absolute: 0.04))
    #expect(try change(parameter, by: 3).probabilityOfIncrease > 0.999)
    let steps = try [-0.2, -0.1, 0, 0.1, 0.2].map { try change(parameter, by: $0).probabilityOfIncrease }
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test(arguments: [LesionParameter.apparentDiffusion, .t1, .perfusionFraction])
  func `Variation between scans widens a change, raises the coefficient, and never sharpens a probability`(
    parameter: LesionParameter
  ) throws {
    let sizes = [0.02, 0.1, 0.3]
    let changes = try sizes.map { try change(parameter, by: 0.2, variability: $0) }
    let coefficients = changes.map(\.repeatabilityCoefficient)
    #expect(zip(coefficients, coefficients.dropFirst()).allSatisfy { $0 < $1 })
    let totals = changes.map(\.budget.total)
    #expect(zip(totals, totals.dropFirst()).allSatisfy { $0 < $1 })
    let sure = changes.map(\.probabilityOfIncrease)
    #expect(zip(sure, sure.dropFirst()).allSatisfy { $0 > $1 } && (sure.last ?? 0) > 0.5)
    // What the images alone say stays the same.
    let alone = changes.map { $0.withinDraws }
    #expect(alone[0] == alone[1] && alone[1] == alone[2])
  }

  @Test func `The unit of a parameter on the log axis makes no difference to its change`() throws {
    let (pre, post) = (draws(.t1, 0.3, 0.04), draws(.t1, 0.2, 0.05))
    let seconds = try #require(ParameterChange(.t1, pre: pre, post: post, variability: nil, pairing: key))
    let milliseconds = try #require(
      ParameterChange(
        .t1, pre: pre.map { 1024 * $0 }, post: post.map { 1024 * $0 }, variability: nil, pairing: key))
    for (one, other) in zip(seconds.draws, milliseconds.draws) {
      #expect(isClose(one, other, absolute: 1e-12))
    }
    #expect(isClose(milliseconds.preMedian, 1024 * seconds.preMedian, relative: 1e-12))
  }

  @Test func `Changes in per cent are those of the values, not of the axis`() throws {
    let change = try #require(
      ParameterChange(.t1, pre: [2, 2, 2], post: [1, 1, 1], variability: nil, pairing: key))
    #expect(change.percentDraws.allSatisfy { isClose($0, -50, absolute: 1e-10) })
    #expect(change.draws.allSatisfy { isClose($0, -log(2), absolute: 1e-12) })
  }
}

/// Protocols compared setting by setting.
@Suite struct FingerprintPropertyTests {
  private func fingerprint(_ modality: String, _ settings: [Double], isTriggered: Bool = false)
    -> ProtocolFingerprint
  {
    ProtocolFingerprint([
      modality: .init(
        model: "m", settings: settings, noise: "gaussian", prior: "spatial", priorHash: "h",
        hasTriggeredTimes: isTriggered)
    ])
  }

  private func isSame(_ modality: String, _ one: [Double], _ two: [Double], isTriggered: Bool = false) -> Bool
  {
    let (a, b) = (
      fingerprint(modality, one, isTriggered: isTriggered),
      fingerprint(modality, two, isTriggered: isTriggered)
    )
    let there = a.differences(from: b).isEmpty
    #expect(there == b.differences(from: a).isEmpty, "which is compared with which must not matter")
    return there
  }

  @Test func `b-values may be off by five or by a per cent, repeats do not count, a new one does`() {
    #expect(isSame("ivim", [0, 50, 800], [0, 0, 0, 54, 807]))
    #expect(!isSame("ivim", [0, 50, 800], [0, 50, 810]) && !isSame("ivim", [0, 50], [0, 50, 100]))
    #expect(!isSame("ivim", [0, 50], [0, 56]))
  }

  @Test func `Times of T1 may be off by a per cent, and of a triggered scan only their number counts`() {
    #expect(isSame("t1", [0.1, 1], [0.1005, 1.009]) && !isSame("t1", [0.1, 1], [0.12, 1]))
    #expect(isSame("t1", [0.1, 1.05, 2.1], [0.12, 0.9, 1.8], isTriggered: true))
    #expect(!isSame("t1", [0.1, 1.05], [0.12, 0.9, 1.8], isTriggered: true))
    #expect(isSame("t1", [0.1, .infinity], [0.1, .infinity]))
  }

  @Test func `A difference names the modality, what, and both sides`() {
    let texts = fingerprint("ivim", [0, 800, 800]).differences(from: fingerprint("ivim", [0, 400]))
    #expect(texts == ["ivim settings 0, 800 against 0, 400"])
  }
}
