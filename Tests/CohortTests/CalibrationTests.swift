import Cohort
import Foundation
import Lesions
import TestSupport
import Testing

@Suite struct PredictionScoresTests {
  let reference: ReferenceCase
  let scores: PredictionScores

  init() throws {
    reference = try ReferenceCase("calibration-decision")
    scores = try #require(
      PredictionScores(reference.inputs["p"].doubles, outcomes: reference.inputs["y"].doubles.map { $0 == 1 })
    )
  }

  @Test func `Brier, log-loss, skill, calibration errors and O/E are the reference values`() {
    let errors = scores.calibrationError(bins: reference.inputs["bins"].int)
    for (value, key) in [
      (scores.brier, "brier"), (scores.logLoss, "log_loss"), (scores.brierSkill, "brier_skill"),
      (errors.expected, "ece_equal_width"), (errors.largest, "mce"),
      (scores.observedOverExpected, "O_over_E"),
    ] {
      #expect(isClose(value, reference.expected[key].double, relative: 1e-10), "\(key)")
    }
  }

  @Test func `The calibration line is the reference value`() throws {
    let line = try #require(scores.calibrationLine)
    let expected = reference.expected["calibration_intercept_slope_ml"].doubles
    #expect(isClose(line.intercept, expected[0], relative: 1e-9))
    #expect(isClose(line.slope, expected[1], relative: 1e-9))
  }

  @Test func `Net benefits are the reference values`() {
    for threshold in reference.inputs["thresholds"].doubles {
      let expected = reference.expected["net_benefit"]["\(threshold)"]
      #expect(isClose(scores.netBenefit(threshold: threshold), expected["model"].double, relative: 1e-10))
      #expect(
        isClose(
          scores.netBenefitOfActingOnAll(threshold: threshold), expected["treat_all"].double, relative: 1e-10)
      )
    }
  }

  @Test func `An impossible event costs infinitely much, a certain one nothing`() throws {
    #expect(try #require(PredictionScores([0, 1], outcomes: [true, true])).logLoss == .infinity)
    let perfect = try #require(PredictionScores([0, 1], outcomes: [false, true]))
    #expect(perfect.logLoss == 0)
    #expect(perfect.brier == 0)
    #expect(perfect.calibrationLine == nil)
    #expect(perfect.calibrationError(bins: 5).expected == 0)
  }

  @Test func `Numbers that are no probabilities are refused`() {
    #expect(PredictionScores([1.1], outcomes: [true]) == nil)
    #expect(PredictionScores([.nan], outcomes: [true]) == nil)
    #expect(PredictionScores([], outcomes: []) == nil)
  }
}

@Suite struct LogisticRegressionTests {
  @Test func `One binary predictor gives the log odds ratio of its table`() throws {
    // 6 of 10 against 3 of 12: intercept logit(3/12), slope the log odds ratio, Woolf's standard error.
    let predictors = [Double](repeating: 1, count: 10) + [Double](repeating: 0, count: 12)
    let outcomes = (0..<10).map { $0 < 6 } + (0..<12).map { $0 < 3 }
    let fit = try #require(LogisticRegression(predictors: predictors.map { [$0] }, outcomes: outcomes))
    #expect(isClose(fit.coefficients[0], log(3.0 / 9), relative: 1e-10))
    #expect(isClose(fit.coefficients[1], log(6.0 / 4 * 9 / 3), relative: 1e-10))
    #expect(
      isClose(fit.standardErrors[1], (1.0 / 6 + 1 / 4.0 + 1 / 3.0 + 1 / 9.0).squareRoot(), relative: 1e-9))
  }

  @Test func `Classes that separate, one class, and dependent predictors have no finite maximum`() {
    let line = [[-2.0], [-1], [1], [2]]
    #expect(LogisticRegression(predictors: line, outcomes: [false, false, true, true]) == nil)
    #expect(LogisticRegression(predictors: line, outcomes: [true, true, true, true]) == nil)
    let doubled = line.map { [$0[0], 2 * $0[0]] }
    #expect(LogisticRegression(predictors: doubled, outcomes: [true, false, true, false]) == nil)
    #expect(LogisticRegression(predictors: [[.nan], [1]], outcomes: [true, false]) == nil)
  }
}
