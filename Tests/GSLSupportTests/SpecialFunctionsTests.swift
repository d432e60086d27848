import Foundation
import GSLSupport
import TestSupport
import Testing

@Suite struct SpecialFunctionsTests {
  @Test func `The normal distribution is that of the C library's error function`() {
    for x in stride(from: -8.0, through: 8, by: 0.37) {
      #expect(isClose(SpecialFunctions.normalCDF(x), 0.5 * erfc(-x / 2.squareRoot()), relative: 1e-13))
      #expect(isClose(SpecialFunctions.normalUpperTail(x), 0.5 * erfc(x / 2.squareRoot()), relative: 1e-13))
    }
    #expect(isClose(SpecialFunctions.normalQuantile(0.975), 1.959963984540054, relative: 1e-14))
    #expect(SpecialFunctions.normalQuantile(0) == -.infinity)
    #expect(SpecialFunctions.normalQuantile(1) == .infinity)
  }

  @Test func `Quantiles invert their distribution functions`() {
    for p in [1e-6, 0.025, 0.5, 0.9, 0.999] {
      let t = SpecialFunctions.studentTQuantile(p, degreesOfFreedom: 5)
      #expect(isClose(SpecialFunctions.studentTCDF(t, degreesOfFreedom: 5), p, relative: 1e-9))
      let x = SpecialFunctions.chiSquaredQuantile(p, degreesOfFreedom: 3)
      #expect(isClose(SpecialFunctions.chiSquaredCDF(x, degreesOfFreedom: 3), p, relative: 1e-9))
    }
    // Beta(2, 1) has distribution function x².
    #expect(isClose(SpecialFunctions.betaQuantile(0.25, 2, 1), 0.5, relative: 1e-12))
  }

  @Test func `log Γ and scaled Bessel functions have their known values`() throws {
    #expect(isClose(SpecialFunctions.logGamma(0.5), 0.5 * log(Double.pi), relative: 1e-14))
    #expect(isClose(SpecialFunctions.logGamma(171), Foundation.lgamma(171), relative: 1e-13))
    let reference = try ReferenceCase("log-i0e")
    for (x, expected) in zip(reference.inputs["x"].doubles, reference.expected["values"].doubles) {
      let value = log(SpecialFunctions.besselI0Scaled(x))
      #expect(isClose(value, expected, relative: 1e-13, absolute: 1e-15))
    }
    // I₀(2) − I₂(2) = I₁(2) · 2/2.
    let scaled = (0...2).map { SpecialFunctions.besselInScaled($0, 2) }
    #expect(isClose(scaled[0] - scaled[2], scaled[1], relative: 1e-14))
    #expect(isClose(SpecialFunctions.besselI1Scaled(2), scaled[1], relative: 1e-14))
  }

  @Test func `The sine integral is odd, has its known value at π and goes to π/2`() {
    #expect(isClose(SpecialFunctions.sineIntegral(.pi), 1.851937051982466, relative: 1e-14))
    #expect(SpecialFunctions.sineIntegral(-2) == -SpecialFunctions.sineIntegral(2))
    #expect(isClose(SpecialFunctions.sineIntegral(1e6), .pi / 2, absolute: 2e-6))
  }
}
