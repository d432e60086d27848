import Acquisitions
import GSLSupport
import LaneMath
import SignalModels
import TestSupport
import Testing

@Suite struct BiexponentialIVIMTests {
  @Test func `The signal is that of the reference`() throws {
    let reference = try ReferenceCase("ivim-signal")
    let inputs = reference.inputs
    let (d, dStar, f) = (inputs["D"].double * 1000, inputs["Dstar"].double * 1000, inputs["f"].double)
    let shape = BiexponentialIVIM(bValues: inputs["b"].doubles.map { BValue($0) })
    let signal = evaluated(shape, at: [Double.log(d), Double.log(f / (1 - f)), Double.log(dStar - d)]).signal
    for (value, expected) in zip(signal, reference.expected["signal"].doubles) {
      #expect(isClose(inputs["S0"].double * value, expected, relative: 1e-13))
    }
  }

  @Test func `The Jacobian is that of the reference`() throws {
    let reference = try ReferenceCase("ivim-jacobian")
    let shape = BiexponentialIVIM(bValues: reference.inputs["b"].doubles.map { BValue($0) })
    let derivatives = evaluated(shape, at: reference.inputs["eta"].doubles).derivatives
    for (setting, row) in reference.expected["jacobian"].matrix.enumerated() {
      for (k, expected) in row.enumerated() {
        #expect(isClose(derivatives[k * shape.settingCount + setting], expected, absolute: 1e-12))
      }
    }
  }

  @Test func `The Jacobian is that of central differences at 100 prior draws`() {
    let shape = BiexponentialIVIM(bValues: [0, 7, 20, 50, 70, 200, 333, 800].map { BValue($0) })
    var random = RandomStream(StreamKey(seed: 11, purpose: .prior))
    for _ in 0..<100 {
      let eta = [(0.1, 0.4), (-1.4, 1), (3, 0.8)].map {
        random.normal(mean: $0, standardDeviation: $1)
      }
      #expect(worstDerivativeError(of: shape, at: eta) < 1e-9)
    }
  }

  @Test func `Both evaluations give the same signal, and one at b = 0`() {
    let shape = BiexponentialIVIM(bValues: [0, 10, 20, 30, 100, 1000].map { BValue($0) })
    let eta = [0.2, -1.3, 2.7]
    let (plain, withDerivatives, _) = evaluated(shape, at: eta)
    #expect(plain == withDerivatives)
    #expect(plain[0] == 1)
  }

  @Test func `Coordinates at the ends of the range give finite signals`() {
    let shape = BiexponentialIVIM(bValues: [0, 10, 1000].map { BValue($0) })
    for eta in [[-700.0, -700, -700], [-50, 700, 50], [5, -40, 12], [3, 40, -30]] {
      #expect(evaluated(shape, at: eta).signal.allSatisfy { $0.isFinite && $0 >= 0 && $0 <= 1 })
    }
  }

  @Test func `Eight lanes are bit-identical to one`() {
    let shape = BiexponentialIVIM(bValues: [0, 10, 20, 50, 80, 333, 800].map { BValue($0) })
    expectLanesIdentical(shape, means: [0.1, -1.4, 3], deviations: [0.4, 1, 0.8])
  }
}
