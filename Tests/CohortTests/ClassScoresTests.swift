import Cohort
import Foundation
import GSLSupport
import Lesions
import TestSupport
import Testing

@Suite struct ClassScoresTests {
  let reference: ReferenceCase
  let scores: ClassScores

  init() throws {
    reference = try ReferenceCase("auc-delong")
    let isPositive = reference.inputs["y"].doubles.map { $0 == 1 }
    scores = try #require(ClassScores(reference.inputs["x"].doubles, isPositive: isPositive))
  }

  @Test func `AUC with ties, its DeLong variance and both intervals are those of pROC`() {
    let expected = reference.expected
    #expect(isClose(scores.auc, expected["auc"].double, relative: 1e-10))
    #expect(isClose(scores.delongVariance, expected["delong_var"].double, relative: 1e-10))
    let (plain, logit) = (scores.delongInterval(), scores.logitInterval())
    #expect(isClose(plain.lower, expected["ci95"][0].double, relative: 1e-10))
    #expect(isClose(plain.upper, expected["ci95"][1].double, relative: 1e-10))
    #expect(isClose(logit.lower, expected["ci95_logit"][0].double, relative: 1e-10))
    #expect(isClose(logit.upper, expected["ci95_logit"][1].double, relative: 1e-10))
  }

  @Test func `Hanley and McNeil's standard error is the reference value`() {
    let error = ClassScores.hanleyMcNeilError(auc: scores.auc, positives: 12, negatives: 11)
    #expect(isClose(error, reference.expected["hanley_mcneil_se"].double, relative: 1e-10))
  }

  @Test func `Turning the scores round gives 1 - AUC with the same variance, and says so`() {
    let turned = scores.negated.oriented()
    #expect(turned.direction == .lower)
    #expect(isClose(turned.scores.auc, scores.auc, relative: 1e-14))
    #expect(isClose(scores.negated.auc, 1 - scores.auc, relative: 1e-14))
    #expect(isClose(scores.negated.delongVariance, scores.delongVariance, relative: 1e-12))
    #expect(scores.oriented().direction == .higher)
  }

  @Test func `Complete separation is reported with Hanley and McNeil's width, not with none`() throws {
    let separated = try #require(ClassScores(positives: [3, 4, 5, 6], negatives: [0, 1, 2]))
    #expect(separated.auc == 1)
    #expect(separated.delongVariance == 0)
    let (interval, method) = separated.reportedInterval()
    #expect(method == .hanleyMcNeil)
    // (U + 1/2)/(mn + 1) = 12.5/13, by hand from the formula: SE 0.0803.
    #expect(interval.upper == 1)
    #expect(isClose(interval.lower, 12.5 / 13 - 1.959964 * 0.08028, absolute: 2e-4))
    let mirrored = separated.negated.reportedInterval().interval
    #expect(isClose(mirrored.upper, 1 - interval.lower, relative: 1e-12))
    #expect(mirrored.lower == 0)
  }

  @Test func `Scores that tell nothing have an AUC of one half exactly, mirrored or not`() throws {
    // Shares summed one by one round below one half for (6, 7) or (2, 12), mirrored or not.
    func centred(_ count: Int, step: Double) -> [Double] {
      (0..<count).map { step * (Double($0) - Double(count - 1) / 2) }
    }
    for pair in 0..<196 {
      let (m, n) = (2 + pair / 14, 2 + pair % 14)
      let scores = try #require(
        ClassScores(positives: centred(m, step: 1), negatives: centred(n, step: 1.1)))
      #expect(scores.auc == 0.5)
      #expect(scores.negated.auc == 0.5)
      #expect(scores.reportedInterval().interval.lower < 0.5)
    }
  }

  @Test func `The reported interval moves to the logit axis above 0.9 and stays below one there`() throws {
    let high = try #require(ClassScores(positives: [2, 3, 4, 5, 6], negatives: [0, 0.5, 1, 2.5, 1.5]))
    #expect(high.auc > 0.9)
    let (interval, method) = high.reportedInterval()
    #expect(method == .logit)
    #expect(interval.upper < 1)
    #expect(high.delongInterval().upper == 1)
    #expect(scores.reportedInterval().method == .delong)
  }

  @Test func `Scores of one class, or with a NaN, are no ROC analysis`() {
    #expect(ClassScores([1, 2], isPositive: [true, true]) == nil)
    #expect(ClassScores(positives: [.nan], negatives: [1]) == nil)
    #expect(ClassScores(positives: [1], negatives: [0])?.delongVariance.isNaN == true)
  }
}

@Suite struct BayesianBootstrapTests {
  @Test func `Its mean is the AUC and its variance has the closed form of the reference`() throws {
    let reference = try ReferenceCase("auc-delong")
    let isPositive = reference.inputs["y"].doubles.map { $0 == 1 }
    let scores = try #require(ClassScores(reference.inputs["x"].doubles, isPositive: isPositive))
    let sd = reference.expected["bayesian_bootstrap_sd"].double
    #expect(isClose(scores.bootstrapVariance.squareRoot(), sd, relative: 1e-10))

    // 20,000 draws, fixed seed: mean within 4 SE (false alarm 6e-5), SD within 3 % (its SE is 0.5 %).
    var stream = RandomStream(StreamKey(seed: 11, purpose: .resampling))
    let draws = scores.bootstrapAUCs(20_000, using: &stream)
    let mean = draws.reduce(0, +) / 20_000
    let spread = (draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19_999).squareRoot()
    #expect(abs(mean - reference.expected["bayesian_bootstrap_mean"].double) < 4 * sd / 20_000.0.squareRoot())
    #expect(isClose(spread, sd, relative: 0.03))
    // The twin: weights of a classical bootstrap of the whole sample are not Dirichlet(1, …, 1) in each
    // class.
    let wrong = (0..<5000).map { _ in
      scores.auc(
        positiveWeights: stream.uniformDirichlet(count: 24).prefix(12).map { $0 * 2 },
        negativeWeights: stream.uniformDirichlet(count: 22).prefix(11).map { $0 * 2 })
    }
    let wrongMean = wrong.reduce(0, +) / 5000
    let wrongSD = (wrong.reduce(0) { $0 + ($1 - wrongMean) * ($1 - wrongMean) } / 4999).squareRoot()
    #expect(!isClose(wrongSD, sd, relative: 0.03))
  }
}

@Suite struct BinormalTests {
  @Test func `The AUC at a separation and the separation at an AUC undo each other`() throws {
    let reference = try ReferenceCase("auc-delong").expected
    let separation = Binormal.separation(auc: reference["auc"].double)
    #expect(isClose(separation, reference["binormal_dprime"].double, relative: 1e-10))
    #expect(
      isClose(
        Binormal.auc(squaredDistance: separation * separation), reference["auc"].double, relative: 1e-12))
  }

  @Test func `The two AUCs of the motivating study are separations of 1.6 and 1.7`() {
    #expect(isClose(Binormal.separation(auc: 0.871), 1.6, absolute: 0.005))
    #expect(isClose(Binormal.separation(auc: 0.886), 1.705, absolute: 0.005))
  }
}
