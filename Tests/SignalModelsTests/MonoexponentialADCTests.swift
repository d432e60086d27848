import Acquisitions
import Foundation
import LaneMath
import SignalModels
import TestSupport
import Testing

@Suite struct MonoexponentialADCTests {
  private let bValues = [0.0, 50, 100, 150, 400, 800]

  @Test func `The signal is the exponential of minus b times the coefficient`() {
    let shape = MonoexponentialADC(bValues: bValues.map { BValue($0) })
    let signal = evaluated(shape, at: [0.3]).signal
    for (b, value) in zip(bValues, signal) {
      #expect(isClose(value, Foundation.exp(-b / 1000 * Foundation.exp(0.3)), relative: 1e-14))
    }
  }

  @Test func `The derivative is that of central differences`() {
    let shape = MonoexponentialADC(bValues: bValues.map { BValue($0) })
    for logADC in stride(from: -3.0, through: 3, by: 0.25) {
      #expect(worstDerivativeError(of: shape, at: [logADC]) < 1e-9)
    }
  }

  @Test func `Biexponential IVIM with a vanishing perfusion fraction is monoexponential`() {
    let settings = bValues.map { BValue($0) }
    let mono = evaluated(MonoexponentialADC(bValues: settings), at: [0.2]).signal
    let biexponential = evaluated(BiexponentialIVIM(bValues: settings), at: [0.2, -40, 3]).signal
    for (a, b) in zip(mono, biexponential) { #expect(isClose(a, b, relative: 1e-15)) }
  }

  @Test func `Eight lanes are bit-identical to one`() {
    expectLanesIdentical(
      MonoexponentialADC(bValues: bValues.map { BValue($0) }), means: [0], deviations: [0.7])
  }
}
