import Diagnostics
import GSLSupport
import LaneMath
import Samplers
import TestSupport
import Testing

@Suite struct RandomWalkMetropolisTests {
  private func walk(seed: UInt64, steps: Int) -> (positions: [[Double]], acceptance: Double) {
    var density = GaussianDensity(dimension: 2, correlation: 0.9)
    let mode = LaneMode(of: &density, from: [0, 0], iterations: 40)
    let stream = RandomStream(StreamKey(seed: seed, purpose: .sampling))
    var walk = RandomWalkMetropolis(on: density, about: mode, random: stream)
    walk.warmUp(1000)
    var (positions, accepted): ([[Double]], Int) = ([], 0)
    for _ in 0..<steps {
      accepted += walk.step() ? 1 : 0
      positions.append(walk.position)
    }
    return (positions, Double(accepted) / Double(steps))
  }

  @Test func `A correlated Gaussian is sampled with its moments, at the acceptance it was tuned to`() {
    let density = GaussianDensity(dimension: 2, correlation: 0.9)
    let (positions, acceptance) = walk(seed: 1, steps: 20_000)
    // Four z-scores at 5 by the chain's own Monte Carlo errors: a false alarm in 400,000 seeds.
    for k in 0..<2 {
      let diagnostics = ChainDiagnostics([positions.map { $0[k] }])
      #expect(abs(diagnostics.mean - density.centre[k]) < 5 * diagnostics.meanMCSE)
      let excess = diagnostics.standardDeviation - density.deviations[k]
      #expect(abs(excess) < 5 * diagnostics.standardDeviationMCSE)
      #expect(diagnostics.meanMCSE < 0.1 * density.deviations[k])
    }
    #expect((0.22...0.38).contains(acceptance))
  }

  @Test func `The same stream walks the same way`() {
    #expect(walk(seed: 2, steps: 50).positions == walk(seed: 2, steps: 50).positions)
    #expect(walk(seed: 2, steps: 50).positions != walk(seed: 3, steps: 50).positions)
  }
}
