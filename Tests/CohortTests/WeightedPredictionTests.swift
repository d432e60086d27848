import Foundation
import GSLSupport
import InferenceCore
import Lesions
import TestSupport
import Testing

@testable import Cohort

/// Draws of unequal weight, and what is averaged over them.
@Suite struct WeightedPredictionTests {
  @Test func `A weighted quantile is the smallest draw with enough weight below it`() {
    let (values, weights) = ([3.0, 1, 2, 5], [0.1, 0.4, 0.2, 0.3])
    let draws = WeightedDraws(values, weights: weights)
    for step in 1...20 {
      let p = Double(step) / 20 - 0.001
      let expected = values.sorted().first { place in
        zip(values, weights).reduce(0) { $1.0 <= place ? $0 + $1.1 : $0 } >= p
      }
      #expect(draws.quantile(p) == expected)
    }
    #expect(draws.quantile(0) == 1 && draws.quantile(1) == 5)
    #expect(draws.index(at: 0.65) == 0 && draws.index(at: 0.3) == 1)
  }

  @Test func `Equal weights give the draws themselves, whatever they add up to`() {
    let values = (0..<9).map { Double($0 * 5 % 9) }
    let (ones, tenths) = (
      WeightedDraws(values, weights: values.map { _ in 1 }),
      WeightedDraws(values, weights: values.map { _ in 0.1 })
    )
    for p in [0.05, 0.3, 0.5, 0.77, 1] { #expect(ones.quantile(p) == tenths.quantile(p)) }
    #expect(ones.quantile(0.5) == 4)
  }

  /// Two draws of the cohort, one four times as likely as the other to show this measurement.
  @Test func `The shares of imaging and cohort are those of the law of total variance`() {
    var moments = PredictiveMoments()
    moments.append(logWeight: 100 + log(4.0), mean: 0.6, secondMoment: 0.4)
    moments.append(logWeight: 100, mean: 0.9, secondMoment: 0.82)
    let prediction = moments.prediction(ifKnown: Interval(lower: 0.1, upper: 0.9), bayesFactor: 2)
    #expect(isClose(moments.weights[0], 0.8, relative: 1e-12))
    let mean = 0.8 * 0.6 + 0.2 * 0.9
    let within = 0.8 * (0.4 - 0.36) + 0.2 * (0.82 - 0.81)
    let between = 0.8 * (0.6 - mean) * (0.6 - mean) + 0.2 * (0.9 - mean) * (0.9 - mean)
    #expect(isClose(prediction.probability, mean, relative: 1e-12))
    #expect(isClose(prediction.imagingShare, within / (within + between), relative: 1e-9))
    #expect(isClose(prediction.imagingShare + prediction.cohortShare, 1, relative: 1e-12))
    #expect(isClose(prediction.standardDeviation, (within + between).squareRoot(), relative: 1e-9))
    #expect(prediction.modelInterval == Interval(lower: 0.6, upper: 0.9) && prediction.bayesFactor == 2)
  }

  @Test func `A second moment that rounding takes out of its range is put back`() {
    var moments = PredictiveMoments()
    moments.append(logWeight: 0, mean: 0.5, secondMoment: 0.2)
    moments.append(logWeight: 0, mean: 0.5, secondMoment: 0.7)
    #expect(moments.secondMoments == [0.25, 0.5])
  }

  @Test func `An evaluation holds the figures of its scores, and needs both classes`() throws {
    let (p, y) = ([0.9, 0.8, 0.4, 0.35, 0.2, 0.6], [true, true, true, false, false, false])
    let scores = try #require(PredictionScores(p, outcomes: y))
    let evaluation = try #require(ModelEvaluation(scores))
    #expect(
      evaluation.effective == 3 && evaluation.ineffective == 3
        && isClose(evaluation.auc, 8.0 / 9, relative: 1e-12))
    let brier = zip(p, y).reduce(0) { $0 + pow($1.0 - ($1.1 ? 1 : 0), 2) } / 6
    #expect(isClose(evaluation.brier, brier, relative: 1e-12))
    #expect(isClose(evaluation.brierSkill, 1 - brier / 0.25, relative: 1e-12))
    #expect(evaluation.calibrationSlope != nil && evaluation.aucInterval.contains(evaluation.auc))
    let separated = try #require(PredictionScores([0.9, 0.8, 0.1], outcomes: [true, true, false]))
    #expect(ModelEvaluation(separated)?.calibrationSlope == nil)
    let one = try #require(PredictionScores([0.9, 0.8], outcomes: [true, true]))
    #expect(ModelEvaluation(one) == nil)
  }

  @Test func `Small matrices are those of their arrays`() {
    let a = FeatureMatrix<2>([1, 2, 3, 4]), b = FeatureMatrix<2>([0, 1, -1, 2])
    #expect((a * b).array == [-2, 5, -4, 11] && (a + b).array == [1, 3, 2, 6])
    #expect(a.transposed.array == [1, 3, 2, 4] && a.symmetrised.array == [1, 2.5, 2.5, 4])
    #expect(
      (a * FeatureVector([1, -1])).array == [-1, -1] && FeatureMatrix<2>(diagonal: 3).array == [3, 0, 0, 3])
    #expect(a.quadraticForm(FeatureVector([1, 2])) == 27)
    var sum = FeatureMatrix<2>()
    sum.addOuterProduct(FeatureVector([1, 2]), weight: 0.5)
    #expect(sum.array == [0.5, 1, 1, 2])
    let v = FeatureVector<2>([9, 1, 2, 3], from: 1)
    #expect(v.array == [1, 2] && (2 * v - FeatureVector([1, 1])).array == [1, 3] && v.dot(v) == 5)
    var list = [0.0]
    v.append(to: &list)
    #expect(list == [0, 1, 2])
  }

  @Test func `A covariance comes back from its standard deviations and correlations`() {
    let matrix = FeatureMatrix<3>([4, 1, -0.5, 1, 9, 2, -0.5, 2, 1])
    var values = [99.0]
    SpreadCoordinates<3>.append(matrix, to: &values)
    #expect(values.count == 1 + SpreadCoordinates<3>.size && Array(values[1...3]) == [2, 3, 1])
    #expect(isClose(values[4], 1.0 / 6, relative: 1e-12))
    for (one, other) in zip(SpreadCoordinates<3>.covariance(values, from: 1).array, matrix.array) {
      #expect(isClose(one, other, relative: 1e-12))
    }
    let names = SpreadCoordinates<2>.parameters("patient", features: ["a", "b"]).map(\.name)
    #expect(names == ["sd_patient[a]", "sd_patient[b]", "corr_patient[b,a]"])
  }

  @Test(arguments: [0.1, 0.3, 0.5, 0.9])
  func `The prevalence shifts the log odds of a summary model, nothing else`(prevalence: Double) throws {
    func model(_ prevalence: Double) throws -> GroupSummaryModel {
      try GroupSummaryModel(
        name: "study", feature: "delta_adc", effective: .init(n: 14, mean: 0.25, sd: 0.15),
        ineffective: .init(n: 11, mean: 0.02, sd: 0.18), prevalence: prevalence)
    }
    let (even, shifted) = (try model(0.5), try model(prevalence))
    #expect(isClose(even.separation, shifted.separation, relative: 1e-12) && even.separation > 0)
    #expect(shifted.prevalence == prevalence)
  }
}
