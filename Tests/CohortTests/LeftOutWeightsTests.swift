import Cohort
import Foundation
import GSLSupport
import Lesions
import TestSupport
import Testing

/// Weighted draws of the model of all patients stand for refits without one.
@Suite(.enabled(if: Optimization.isOn, "hundreds of refits; run with -c release"))
struct LeftOutWeightsTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let size: Int
    let lesions: Int
    var separation: [Double] = [1.5, 0.8]
    var testDescription: String { "\(size) patients, \(lesions) lesions" }
  }

  static let cases = [Case(size: 24, lesions: 1), Case(size: 40, lesions: 2), Case(size: 60, lesions: 1)]

  /// Logits of the two-group and of the logistic model, patient by patient.
  private struct Logits {
    var groups: [Double] = []
    var logistic: [Double] = []

    init(_ left: LeaveOnePatientOut) {
      groups = left.folds.map { log($0.probability / (1 - $0.probability)) }
      logistic = left.folds.map { log($0.logistic / (1 - $0.logistic)) }
    }
  }

  /// Differences over their Monte Carlo errors, which come from four repeats of either way with other seeds.
  private func deviates(_ one: [[Double]], _ other: [[Double]]) -> [Double] {
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func variance(_ values: [Double]) -> Double {
      let center = mean(values)
      return values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)
        / Double(values.count)
    }
    let patients = one[0].indices
    // Errors of single patients have three degrees of freedom: their mean over the patients is used.
    let error =
      (patients.map { p in variance(one.map { $0[p] }) + variance(other.map { $0[p] }) }.reduce(0, +)
      / Double(patients.count)).squareRoot()
    return patients.map { p in (mean(one.map { $0[p] }) - mean(other.map { $0[p] })) / error }
  }

  private func rootMeanSquare(_ deviates: [Double]) -> Double {
    (deviates.reduce(0) { $0 + $1 * $1 } / Double(deviates.count)).squareRoot()
  }

  /// Root mean square of the deviates: about 1 if both ways estimate the same; above 1.8 in fewer than one run of 10⁴ of
  /// 24 patients. Seeds are fixed.
  @Test(arguments: cases) func `weights agree with refits within their Monte Carlo error`(example: Case)
    throws
  {
    let patients = SimulatedCohort(
      effective: example.size / 2, ineffective: example.size - example.size / 2,
      separation: example.separation,
      lesions: example.lesions, errorSD: 0.4, errorSpread: 2, seed: 11
    ).patients
    let names = ["a", "b"]
    let (model, logistic) = (TwoGroupModel(), ErrorsInVariablesLogistic())
    var (weighted, refitted, kept) = ([Logits](), [Logits](), [Logits]())
    for seed in 1...4 as ClosedRange<UInt64> {
      let posteriors = (
        groups: model.fit(patients, features: names, seed: seed),
        logistic: logistic.fit(patients, features: names, seed: seed)
      )
      let left = LeaveOnePatientOut(
        patients, features: names, model: model, logistic: logistic, posteriors: posteriors, seed: seed,
        method: .weights)
      #expect(left.folds.count == patients.count)
      #expect(left.folds.count { $0.shape != nil } > patients.count * 3 / 4)
      weighted.append(Logits(left))
      refitted.append(
        Logits(
          LeaveOnePatientOut(
            patients, features: names, model: model, logistic: logistic, seed: seed, method: .refits)))
      // The twin: the patient is not left out at all.
      let groups = posteriors.groups
      var twin = Logits(left)
      twin.groups = patients.map { patient in
        let p = groups.probability(patient: patient.lesions) ?? .nan
        return log(p / (1 - p))
      }
      kept.append(twin)
    }
    #expect(rootMeanSquare(deviates(weighted.map(\.groups), refitted.map(\.groups))) < 1.8)
    #expect(rootMeanSquare(deviates(weighted.map(\.logistic), refitted.map(\.logistic))) < 1.8)
    #expect(rootMeanSquare(deviates(kept.map(\.groups), refitted.map(\.groups))) > 3)
  }

  @Test func `small cohorts are refitted, larger ones weighted`() throws {
    func shapes(_ size: Int) throws -> [Double?] {
      let patients = SimulatedCohort(
        effective: size / 2, ineffective: size - size / 2, separation: [1.5], errorSD: 0.4, seed: 3
      ).patients
      let short = CohortSampling(chains: 2, warmup: 50, draws: 200)
      let plan = EfficacyModel.Plan(
        features: [CohortFeature(.delta, .apparentDiffusion)], sampling: short, foldSampling: short)
      return try EfficacyModel.trainLeavingOut(patients, cohort: "c", plan: plan).leftOut.folds.map(\.shape)
    }
    #expect(try shapes(LeaveOnePatientOut.mostRefits).allSatisfy { $0 == nil })
    #expect(try shapes(LeaveOnePatientOut.mostRefits + 1).contains { $0 != nil })
  }
}
