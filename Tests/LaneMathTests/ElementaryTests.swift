import Foundation
import LaneMath
import Testing

/// The largest error of `approximate` against `exact`, in units in the last place of the exact value.
private func worstUlps(_ arguments: [Double], _ approximate: (Double) -> Double, _ exact: (Double) -> Double)
  -> Double
{
  arguments.map { abs(approximate($0) - exact($0)) / exact($0).ulp }.max() ?? .nan
}

/// `count` numbers from `range`, evenly spread with an irrational step so that mantissas vary.
private func spread(_ range: ClosedRange<Double>, count: Int = 20_000) -> [Double] {
  (0..<count).map { index in
    let golden = (Double(index) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
    return range.lowerBound + (range.upperBound - range.lowerBound) * golden
  }
}

@Suite struct ElementaryTests {
  @Test func `exp is within 1.5 ulp of the C library over its whole range`() {
    #expect(worstUlps(spread(-707...709), Double.exp, Foundation.exp) < 1.5)
    #expect(worstUlps(spread(-1...1), Double.exp, Foundation.exp) < 1.5)
  }

  @Test func `exp at its ends gives zero, infinity and NaN`() {
    #expect(Double.exp(0) == 1)
    #expect(Double.exp(-1e9) == 0)
    #expect(Double.exp(-.infinity) == 0)
    #expect(Double.exp(710) == .infinity)
    #expect(Double.exp(.infinity) == .infinity)
    #expect(Double.exp(.nan).isNaN)
  }

  @Test func `log is within 1.5 ulp of the C library`() {
    #expect(worstUlps(spread(1e-3...1e3), Double.log, Foundation.log) < 1.5)
    #expect(worstUlps(spread(0.6...1.6), Double.log, Foundation.log) < 1.5)
    #expect(worstUlps(spread(-600...600).map(Foundation.exp), Double.log, Foundation.log) < 1.5)
  }

  @Test func `log at its ends gives infinities and NaN`() {
    #expect(Double.log(1) == 0)
    #expect(Double.log(0) == -.infinity)
    #expect(Double.log(-1).isNaN)
    #expect(Double.log(.infinity) == .infinity)
    #expect(Double.log(.nan).isNaN)
  }

  @Test func `cosine and sine of turns are within 4 ulp of one`() {
    for u in spread(0...0.999_999_9) {
      let (cosine, sine) = Double.cosineAndSine(turns: u)
      #expect(abs(cosine - Foundation.cos(2 * .pi * u)) < 1e-15)
      #expect(abs(sine - Foundation.sin(2 * .pi * u)) < 1e-15)
    }
  }

  @Test func `eight lanes are bit-identical to one`() {
    let arguments =
      spread(-20...20, count: 800) + [
        0, -0.0, 1e300, -1e300, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
      ]
    for start in stride(from: 0, to: arguments.count, by: 8) {
      let eight = Lane8(arguments[start..<start + 8])
      for lane in 0..<8 {
        let x = arguments[start + lane]
        #expect(Lane8.exp(eight)[lane].bitPattern == Double.exp(x).bitPattern || Double.exp(x).isNaN)
        #expect(Lane8.log(eight)[lane].bitPattern == Double.log(x).bitPattern || Double.log(x).isNaN)
        #expect(Lane8.logistic(eight)[lane].bitPattern == Double.logistic(x).bitPattern || x.isNaN)
      }
    }
  }
}
