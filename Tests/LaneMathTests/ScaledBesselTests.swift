import Foundation
import GSLSupport
import LaneMath
import TestSupport
import Testing

/// 2,000 arguments from 10⁻¹² to 10⁹, and 0.
private let arguments = [0] + (0..<2000).map { Foundation.pow(10, -12 + 21 * Double($0) / 1999) }

@Suite struct ScaledBesselTests {
  @Test func `log I0 scaled reproduces the reference values to a relative 1e-13 or an absolute 1e-15`() throws
  {
    let reference = try ReferenceCase("log-i0e")
    for (x, exact) in zip(reference.inputs["x"].doubles, reference.expected["values"].doubles) {
      #expect(isClose(Double.logBesselI0Scaled(x), exact, relative: 1e-13, absolute: 1e-15), "x = \(x)")
    }
  }

  @Test func `log I0 scaled agrees with GSL over 21 decades`() {
    for x in arguments {
      // GSL's own value is good to a few ulp.
      let exact = Foundation.log(SpecialFunctions.besselI0Scaled(x))
      #expect(isClose(Double.logBesselI0Scaled(x), exact, relative: 2e-13, absolute: 1.5e-15), "x = \(x)")
    }
  }

  @Test func `I1 over I0 agrees with GSL to 1e-12`() {
    for x in arguments {
      let exact = SpecialFunctions.besselI1Scaled(x) / SpecialFunctions.besselI0Scaled(x)
      #expect(abs(Double.besselI1OverI0(x) - exact) < 1e-12, "x = \(x)")
    }
  }

  @Test(arguments: [1, 2, 3, 5, 7, 11, 15, 23, 31])
  func `higher orders agree with GSL up to 500`(order: Int) {
    let bessel = ScaledBessel(order: order)
    let v = Double(order)
    for x in arguments where x > 1e-3 && x < 500 {
      let value = SpecialFunctions.besselInScaled(order, x)
      guard value > 1e-290 else { continue }
      let exact =
        Foundation.log(value) + v * Foundation.log(2 / x) + SpecialFunctions.logGamma(v + 1)
      #expect(isClose(bessel.logarithm(x), exact, relative: 1e-12, absolute: 1e-12), "x = \(x)")
      let ratio = SpecialFunctions.besselInScaled(order + 1, x) / value
      #expect(abs(bessel.ratio(x) - ratio) < 1e-10, "x = \(x)")
    }
    #expect(abs(bessel.logarithm(0.0)) < 1e-12)
    #expect(abs(bessel.ratio(0.0)) < 1e-10)
  }

  // GSL's I_n of large arguments loses eight digits; Hankel's expansion (DLMF 10.40.1) converges there.
  @Test(arguments: [0, 1, 4, 31])
  func `large arguments agree with Hankel's expansion`(order: Int) {
    let bessel = order == 0 ? ScaledBessel.zero : ScaledBessel(order: order)
    let v = Double(order)
    for x in arguments where x > 30 * (v * v + 1) {
      var (term, sum) = (1.0, 1.0)
      for k in 1...12 {
        let odd = Double(2 * k - 1)
        term *= -(4 * v * v - odd * odd) / (Double(8 * k) * x)
        sum += term
      }
      let exact =
        Foundation.log(sum) - 0.5 * Foundation.log(2 * .pi * x) + v * Foundation.log(2 / x)
        + SpecialFunctions.logGamma(v + 1)
      #expect(isClose(bessel.logarithm(x), exact, relative: 1e-12), "x = \(x)")
    }
  }

  @Test
  func `the interpolation made at run time agrees with the constants of order 0 through the recurrence`() {
    // I₀ = I₂ + (2/x) I₁.
    let (one, two) = (ScaledBessel(order: 1), ScaledBessel(order: 2))
    for x in [0.01, 0.5, 3, 8, 40, 1000] {
      let i1 = Foundation.exp(one.logarithm(x)) * x / 2
      let i2 = Foundation.exp(two.logarithm(x)) * x * x / 8
      #expect(isClose(i2 + 2 / x * i1, Foundation.exp(Double.logBesselI0Scaled(x)), relative: 1e-12))
    }
  }

  @Test func `eight lanes are bit-identical to one`() {
    let bessel = ScaledBessel(order: 3)
    for start in stride(from: 0, to: 2000, by: 8) {
      let eight = Lane8(arguments[start..<start + 8])
      for lane in 0..<8 {
        let x = arguments[start + lane]
        #expect(Lane8.logBesselI0Scaled(eight)[lane].bitPattern == Double.logBesselI0Scaled(x).bitPattern)
        #expect(Lane8.besselI1OverI0(eight)[lane].bitPattern == Double.besselI1OverI0(x).bitPattern)
        #expect(bessel.logarithm(eight)[lane].bitPattern == bessel.logarithm(x).bitPattern)
      }
    }
  }
}
