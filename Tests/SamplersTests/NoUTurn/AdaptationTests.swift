import Foundation
import GSLSupport
import Testing

@testable import Samplers

struct AdaptationTests {
  @Test func `windows double, cover what is between start and end, and the last takes the rest`() {
    // Stan's schedule for 1000 steps: the metric changes after steps 100, 150, 250, 450 and 950.
    #expect(WarmupSchedule(count: 1000).windows.map(\.upperBound) == [100, 150, 250, 450, 950])
    #expect(WarmupSchedule(count: 1000).windows.first?.lowerBound == 75)
    #expect(WarmupSchedule(count: 150).windows == [75..<100])
    // Too short for 75 + 25 + 50: 15 %, 75 %, 10 %.
    #expect(WarmupSchedule(count: 100).windows == [15..<90])
    #expect(WarmupSchedule(count: 19).windows.isEmpty && WarmupSchedule(count: 0).windows.isEmpty)
    for count in 20..<400 {
      let windows = WarmupSchedule(count: count).windows
      #expect(zip(windows, windows.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
      #expect(windows.allSatisfy { !$0.isEmpty } && (windows.last?.upperBound ?? 0) <= count)
    }
  }

  @Test func `dual averaging finds the step size of its target`() {
    // An acceptance that falls as e^(−ε): 0.8 at ε = 0.223.
    var averaging = DualAveraging(target: 0.8, stepSize: 1)
    for _ in 0..<2000 { averaging.learn(acceptance: exp(-averaging.stepSize)) }
    #expect(abs(averaging.finalStepSize - 0.2231) < 0.01)
    #expect(DualAveraging(target: 0.8, stepSize: 0.3).finalStepSize == 0.3)
  }

  @Test func `running variances equal those of all draws at once, and are kept from zero`() {
    var random = RandomStream(StreamKey(seed: 4, purpose: .simulation))
    let positions = (0..<50).map { _ in [1e6 + random.normal(), 0.1 * random.normal()] }
    var running = RunningVariance(dimension: 2)
    for position in positions { running.add(position) }
    for axis in 0..<2 {
      let values = positions.map { $0[axis] }
      let mean = values.reduce(0, +) / 50
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 49
      #expect(abs(running.regularised[axis] / ((50 * variance + 5e-3) / 55) - 1) < 1e-9)
    }
    #expect(RunningVariance(dimension: 1).regularised == [1e-3])
    #expect(running.count == 50)
  }

  @Test func `leapfrog steps are reversible, and keep energy to second order`() throws {
    let target = CorrelatedNormal(scales: [1, 2], phi: 0.6)
    let metric = DiagonalMetric(variances: [1, 4])
    var start = try PhasePoint(at: [0.7, -1.2], of: target)
    start.momentum = [0.4, 0.3]
    func error(_ stepSize: Double) throws -> Double {
      var point = start
      for _ in 0..<Int(2 / stepSize) { try point.leap(stepSize, metric: metric, of: target) }
      return abs(point.energy(metric) - start.energy(metric))
    }
    // A quarter of the step: a sixteenth of the error, within a factor of two.
    let ratio = try error(0.1) / error(0.025)
    #expect(ratio > 8 && ratio < 32)
    var back = start
    for _ in 0..<20 { try back.leap(0.2, metric: metric, of: target) }
    for _ in 0..<20 { try back.leap(-0.2, metric: metric, of: target) }
    for (one, other) in zip(back.position, start.position) { #expect(abs(one - other) < 1e-12) }
  }

  @Test func `momenta have the inverse variances of the metric`() {
    let metric = DiagonalMetric(variances: [0.01, 25])
    var random = RandomStream(StreamKey(seed: 14, purpose: .simulation))
    let momenta = (0..<4000).map { _ in metric.momentum(using: &random) }
    for (axis, variance) in metric.variances.enumerated() {
      let square = momenta.reduce(0) { $0 + $1[axis] * $1[axis] } / 4000
      // The relative SE of a mean square of 4000 is 2.2 %: 10 % is 4.5 of them.
      #expect(abs(square * variance - 1) < 0.1)
    }
    // E K = n/2.
    let energy = momenta.reduce(0) { $0 + metric.kineticEnergy(of: $1) } / 4000
    #expect(abs(energy - 1) < 0.08)
  }
}
