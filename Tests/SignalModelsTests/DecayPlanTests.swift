import Foundation
import GSLSupport
import LaneMath
import TestSupport
import Testing

@testable import SignalModels

@Suite struct DecayPlanTests {
  /// The largest relative error of the plan's decays against the C library's exponential, for D from 0.02 to 200.
  private func worstError(_ weightings: [Double]) -> Double {
    let plan = DecayPlan(weightings: weightings)
    var worst = 0.0
    for rate in [0.02, 0.1, 0.9, 1.1, 3, 22, 200] {
      var decays = [Double](repeating: .nan, count: plan.nodeCount + 3)
      plan.evaluate(rate: rate, into: &decays, at: 3)
      for (i, weighting) in weightings.enumerated() {
        let exact = Foundation.exp(-weighting * rate)
        // An exponent x is only known to x ulp: the plan is asked for 2 + x/8 times 10⁻¹⁴ less.
        let allowance = 1 + weighting * rate / 8
        worst = max(worst, abs(decays[3 + i] - exact) / exact / allowance)
      }
    }
    return worst
  }

  @Test func `Clinical protocols agree with direct exponentials to 1e-14 and cost few of them`() {
    let protocols: [[Double]] = [
      [0, 10, 20, 30, 50, 80, 100, 150, 200, 300, 400, 500, 600, 800, 1000],
      [0, 0, 15, 40, 80, 150, 300, 500, 800],
      [0, 50, 100, 200, 400, 800],
      [0, 5, 7, 12, 19, 800, 800, 800],
    ]
    for b in protocols {
      #expect(worstError(b.map { $0 / 1000 }) < 1e-14)
    }
    let w1 = DecayPlan(weightings: protocols[0].map { $0 / 1000 })
    #expect(w1.exponentialCount == 1)
    #expect(w1.settingCount == 15)
  }

  @Test func `Unsorted, repeated and zero weightings keep their places`() {
    #expect(worstError([0.8, 0, 0.05, 0.8, 0.01, 0, 0.4, 0.05]) < 1e-14)
    #expect(worstError([0.3]) < 1e-14)
    #expect(worstError([0, 0, 0]) == 0)
    #expect(DecayPlan(weightings: []).nodeCount == 0)
  }

  @Test func `Two hundred random protocols on and off a lattice agree with direct exponentials`() {
    var random = RandomStream(StreamKey(seed: 5, purpose: .simulation))
    for index in 0..<200 {
      let count = 1 + random.uniformInteger(below: 24)
      let step = [0.001, 0.005, 0.01][index % 3]
      let onLattice = index % 2 == 0
      let weightings = (0..<count).map { _ in
        onLattice ? step * Double(random.uniformInteger(below: 200)) : 1.2 * random.uniform()
      }
      #expect(worstError(weightings) < 1e-14)
    }
  }

  @Test func `Weightings that nearly agree are not taken for one another`() {
    let plan = DecayPlan(weightings: [0.1, 0.1 + 1e-9])
    var decays = [Double](repeating: 0, count: plan.nodeCount)
    plan.evaluate(rate: 1, into: &decays)
    #expect(plan.exponentialCount == 2)
    #expect(decays[0] != decays[1])
  }
}
