import Cohort
import Lesions
import TestSupport
import Testing

@Suite struct IntraclassCorrelationTests {
  @Test func `Mean squares, correlations and McGraw-Wong intervals are the reference values`() throws {
    let reference = try ReferenceCase("icc-two-readers")
    let icc = IntraclassCorrelation(ratings: reference.inputs["ratings"].matrix)
    let expected = reference.expected
    for (value, key) in [
      (icc.subjectMeanSquare, "MSR"), (icc.readerMeanSquare, "MSC"), (icc.errorMeanSquare, "MSE"),
      (icc.absoluteAgreement, "ICC2_1"), (icc.consistency, "ICC3_1"), (icc.meanAbsoluteAgreement, "ICC2_k"),
    ] {
      #expect(isClose(value, expected[key].double, relative: 1e-10), "\(key)")
    }
    for (interval, key) in [
      (icc.absoluteAgreementInterval(), "ICC2_1_ci95"), (icc.consistencyInterval(), "ICC3_1_ci95"),
    ] {
      #expect(isClose(interval.lower, expected[key][0].double, relative: 1e-9), "\(key)")
      #expect(isClose(interval.upper, expected[key][1].double, relative: 1e-9), "\(key)")
    }
  }

  @Test func `A constant difference of readers lowers agreement and leaves consistency alone`() {
    let icc = IntraclassCorrelation(ratings: [[1, 2], [3, 4], [5, 6.01], [7, 8]])
    #expect(icc.consistency > 0.999)
    #expect(icc.absoluteAgreement < 0.95)
  }
}
