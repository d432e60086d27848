import Cohort
import Lesions
import TestSupport
import Testing

@Suite struct DeLongTestTests {
  @Test func `The paired test of two markers is the reference value`() throws {
    let reference = try ReferenceCase("auc-delong")
    let isPositive = reference.inputs["y"].doubles.map { $0 == 1 }
    let first = try #require(ClassScores(reference.inputs["x"].doubles, isPositive: isPositive))
    let second = try #require(ClassScores(reference.inputs["x2"].doubles, isPositive: isPositive))
    let test = PairedDeLongTest(first, second)
    #expect(isClose(second.auc, reference.expected["auc2"].double, relative: 1e-10))
    #expect(isClose(test.z, reference.expected["paired_z"].double, relative: 1e-10))
    #expect(isClose(test.pValue, reference.expected["paired_p"].double, relative: 1e-9))
  }

  @Test func `A marker has the variance of its AUC as covariance with itself`() throws {
    let scores = try #require(ClassScores(positives: [1, 3, 2, 4], negatives: [0, 2, 1]))
    let test = PairedDeLongTest(scores, scores)
    #expect(isClose(test.covariance, scores.delongVariance, relative: 1e-12))
    #expect(test.difference == 0)
    #expect(isClose(test.standardError, 0, absolute: 1e-8))
  }

  @Test func `The unpaired test ignores the covariance and is Welch's in its degrees of freedom`() throws {
    let first = try #require(ClassScores(positives: [1, 3, 2, 4], negatives: [0, 2, 1]))
    let second = try #require(ClassScores(positives: [1, 3, 2, 4], negatives: [0, 2, 3]))
    let test = UnpairedDeLongTest(first, second)
    let (v1, v2) = (first.delongVariance, second.delongVariance)
    #expect(isClose(test.statistic, (first.auc - second.auc) / (v1 + v2).squareRoot(), relative: 1e-12))
    #expect(isClose(UnpairedDeLongTest(first, first).degreesOfFreedom, 12, relative: 1e-12))
    #expect(UnpairedDeLongTest(first, first).pValue == 1)
  }
}
