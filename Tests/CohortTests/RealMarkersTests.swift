import Cohort
import Foundation
import Tables
import Lesions
import TestSupport
import Testing

/// 113 patients with subarachnoid haemorrhage (Turck et al. 2010): real markers with ties, and the figures
/// that pROC and R give for them. Positive = poor outcome.
@Suite(.enabled(if: Folders.scans != nil, "the folder of real data is absent"))
struct RealMarkersTests {
  let isPoor: [Bool]
  let table: TabSeparatedTable

  init() throws {
    let folder = try #require(Folders.scans)
    table = try TabSeparatedTable.read(folder.appending(path: "roc-asah/aSAH.csv"))
    isPoor = try table.strings("outcome").map { $0 == "Poor" }
  }

  private func scores(_ marker: String) throws -> ClassScores {
    try #require(ClassScores(try table.numbers(marker), isPositive: isPoor))
  }

  @Test(arguments: [
    ("s100b", 0.731368563685637, 0.00266868245717244, 0.630118211761623, 0.832618915609651),
    ("ndka", 0.611957994579946, 0.0031908105493913, 0.501244999271703, 0.722670989888189),
    ("wfns", 0.823678861788618, 0.00146991470882363, 0.748534887819453, 0.898822835757783),
    ("age", 0.615006775067751, 0.0029722072589657, 0.508153549604572, 0.721860000530929),
  ])
  func `AUC, DeLong variance and interval`(
    marker: String, auc: Double, variance: Double, lower: Double, upper: Double
  ) throws {
    let scores = try scores(marker)
    #expect(isClose(scores.auc, auc, relative: 1e-13))
    #expect(isClose(scores.delongVariance, variance, relative: 1e-12))
    #expect(isClose(scores.delongInterval().lower, lower, relative: 1e-12))
    #expect(isClose(scores.delongInterval().upper, upper, relative: 1e-12))
  }

  @Test(arguments: [
    ("s100b", 0.205, 0.634146341463415, 0.805555555555556),
    ("ndka", 11.08, 0.707317073170732, 0.513888888888889),
    ("wfns", 3.5, 0.634146341463415, 0.833333333333333), ("age", 50.5, 0.634146341463415, 0.569444444444444),
  ])
  func `Youden's cut-off`(marker: String, threshold: Double, sensitivity: Double, specificity: Double) throws
  {
    let cutoff = YoudenCutoff(try scores(marker))
    let printed = try #require(cutoff.candidates.first { isClose($0.threshold, threshold, relative: 1e-9) })
    #expect(isClose(printed.sensitivity, sensitivity, relative: 1e-13))
    #expect(isClose(printed.specificity, specificity, relative: 1e-13))
  }

  @Test(arguments: [
    (
      "wfns", "s100b", 2.20898359144091, 0.0271757822291882, 0.00119615567376754, 0.0104061769564846,
      0.174214419249478
    ),
    (
      "wfns", "ndka", 2.79777591868904, 0.00514557970691098, -0.000532967856762438, 0.0634011709339876,
      0.360040563483357
    ),
    (
      "ndka", "s100b", -1.39077002573558, 0.164295175223054, -0.000756164938056579, -0.287691744634191,
      0.0488706064228094
    ),
  ])
  func `Paired DeLong test`(
    first: String, second: String, z: Double, p: Double, covariance: Double, lower: Double, upper: Double
  ) throws {
    let test = PairedDeLongTest(try scores(first), try scores(second))
    #expect(isClose(test.z, z, relative: 1e-12))
    #expect(isClose(test.pValue, p, relative: 1e-11))
    #expect(isClose(test.covariance, covariance, relative: 1e-11))
    #expect(isClose(test.interval().lower, lower, relative: 1e-11))
    #expect(isClose(test.interval().upper, upper, relative: 1e-11))
  }

  @Test(arguments: [
    ("wfns", "s100b", 1.43490640926908, 206.661063787782, 0.152825378808796),
    ("wfns", "ndka", 3.10125096778969, 197.125250631218, 0.00220950791756457),
    ("ndka", "s100b", -1.55995743389685, 222.235395951271, 0.120192832430845),
  ])
  func `Unpaired DeLong test`(
    first: String, second: String, statistic: Double, freedom: Double, p: Double
  ) throws {
    let test = UnpairedDeLongTest(try scores(first), try scores(second))
    #expect(isClose(test.statistic, statistic, relative: 1e-12))
    #expect(isClose(test.degreesOfFreedom, freedom, relative: 1e-12))
    #expect(isClose(test.pValue, p, relative: 1e-9))
  }

  @Test func `Logistic regression on three markers agrees with R's glm`() throws {
    let columns = try ["s100b", "ndka", "wfns"].map { try table.numbers($0) }
    let rows = isPoor.indices.map { row in columns.map { $0[row] } }
    let fit = try #require(LogisticRegression(predictors: rows, outcomes: isPoor))
    let coefficients = [-3.88916869904944, 1.93542193737763, 0.0441081408626904, 0.769167208899324]
    let errors = [0.728273495514665, 1.51684466351087, 0.0179543042454165, 0.210378144975487]
    for (value, expected) in zip(fit.coefficients, coefficients) {
      #expect(isClose(value, expected, relative: 1e-8))
    }
    // R stops a step earlier and takes its standard errors from there.
    for (value, expected) in zip(fit.standardErrors, errors) {
      #expect(isClose(value, expected, relative: 1e-5))
    }
    #expect(isClose(fit.deviance, 104.253460105999, relative: 1e-12))
    let fitted = try #require(ClassScores(rows.map(fit.linearPredictor), isPositive: isPoor))
    #expect(isClose(fitted.auc, 0.860433604336043, relative: 1e-13))
    #expect(isClose(fitted.delongInterval().lower, 0.795018121085987, relative: 1e-12))
    #expect(isClose(fitted.delongInterval().upper, 0.9258490875861, relative: 1e-12))
  }

  @Test func `Wilcoxon's test of one marker and Welch's of another agree with R`() throws {
    let s100b = try scores("s100b")
    let rank = MannWhitneyTest(s100b.negatives, s100b.positives)
    #expect(rank.statistic == 793)
    #expect(rank.method == .normal)
    #expect(isClose(rank.pValue, 4.50920257632946e-05, relative: 1e-12))
    let age = try scores("age")
    let welch = TTest.welch(age.negatives, age.positives)
    #expect(isClose(welch.statistic, -2.29090467381429, relative: 1e-13))
    #expect(isClose(welch.degreesOfFreedom, 85.6448495903879, relative: 1e-13))
    #expect(isClose(welch.pValue, 0.0244247102159435, relative: 1e-11))
  }
}
