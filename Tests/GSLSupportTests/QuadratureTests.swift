import Foundation
import GSLSupport
import TestSupport
import Testing

@Suite struct QuadratureTests {
  @Test func `The integral of a Gaussian over the line is the root of pi`() {
    #expect(isClose(Quadrature.integralOverLine { exp(-$0 * $0) }, Double.pi.squareRoot(), relative: 1e-11))
  }

  @Test func `An integral that does not exist is NaN, not a number nor an abort`() {
    #expect(Quadrature.integralOverLine { $0 * $0 }.isNaN)
  }

  @Test func `A rule of n points has the normal moments up to degree 2n - 1`() {
    let rule = Quadrature.normalRule(order: 5)
    func moment(_ power: Int) -> Double {
      zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(power)) }
    }
    for (power, expected) in [(0, 1.0), (1, 0), (2, 1), (4, 3), (6, 15), (8, 105), (9, 0)] {
      #expect(isClose(moment(power), expected, relative: 1e-12, absolute: 1e-12))
    }
    #expect(abs(moment(10) - 945) > 1)
  }
}
