import Foundation
import GSLSupport
import TestSupport
import Testing

@Suite struct DistributionFunctionsTests {
  @Test func `Densities, tails and quantiles agree with SciPy 1.17`() {
    #expect(
      isClose(
        SpecialFunctions.fisherQuantile(0.975, numerator: 22, denominator: 17.3), 2.5676015738536524,
        relative: 1e-10))
    #expect(
      isClose(
        SpecialFunctions.fisherQuantile(0.025, numerator: 5, denominator: 9), 0.14967697434308713,
        relative: 1e-10))
    #expect(
      isClose(
        SpecialFunctions.studentTDensity(0.7, degreesOfFreedom: 4.5), 0.2841376145220879, relative: 1e-12))
    #expect(
      isClose(
        SpecialFunctions.studentTUpperTail(40, degreesOfFreedom: 7), 7.951089992425182e-10, relative: 1e-10))
    #expect(
      isClose(SpecialFunctions.normalDensity(1), exp(-0.5) / (2 * Double.pi).squareRoot(), relative: 1e-14))
  }

  @Test func `The logistic function keeps relative precision in both tails`() {
    #expect(isClose(SpecialFunctions.logistic(-700), exp(-700), relative: 1e-14))
    #expect(SpecialFunctions.logistic(0) == 0.5)
    #expect(SpecialFunctions.logistic(800) == 1)
    for p in [1e-300, 1e-9, 0.3, 0.999] {
      #expect(isClose(SpecialFunctions.logistic(SpecialFunctions.logit(p)), p, relative: 1e-12))
    }
    #expect(SpecialFunctions.softplus(1000) == 1000)
    #expect(isClose(SpecialFunctions.softplus(-50), exp(-50), relative: 1e-12))
  }
}

@Suite struct GSLErrorTests {
  @Test func `A distribution function of nonsense is NaN and does not end the process`() {
    #expect(SpecialFunctions.studentTUpperTail(.nan, degreesOfFreedom: .nan).isNaN)
    #expect(SpecialFunctions.betaQuantile(.nan, 1, 2).isNaN)
    #expect(SpecialFunctions.studentTQuantile(0.975, degreesOfFreedom: .nan).isNaN)
    #expect(SpecialFunctions.fisherQuantile(0.9, numerator: .nan, denominator: 3).isNaN)
  }
}
