import Diagnostics
import GSLSupport
import InferenceCore
import LaneMath
import Samplers

/// Draws of one density: coordinate, chain, draw.
typealias SampledChains = [[[Double]]]

/// `count` draws of each of four chains of the lane sampler, for every lane of `density`.
func sampleLanes<Density: LaneLogDensity & Sendable>(
  _ density: Density, from start: [Double], openAxis: Int, units: [Int], seed: UInt64, count: Int
) -> [SampledChains] where Density.L == Lane8 {
  var sampler = LaneGroupSampler(
    on: density, from: start.map { Lane8($0) }, openAxis: openAxis, units: units, seed: seed)
  var lanes = units.map { _ in start.map { _ in [[Double]](repeating: [], count: 4) } }
  sampler.draw(count) { chain, position, _ in
    for lane in units.indices {
      for k in start.indices { lanes[lane][k][chain].append(position[k][lane]) }
    }
  }
  return lanes
}

/// `count` kept draws, one of every `thinning`, of each of four chains of random-walk Metropolis.
func sampleWalk<Density: LaneLogDensity<Double>>(
  _ density: Density, from start: [Double], unit: Int, seed: UInt64, count: Int, thinning: Int
) -> SampledChains {
  var density = density
  let mode = LaneMode(of: &density, from: start)
  var chains = start.map { _ in [[Double]](repeating: [], count: 4) }
  for chain in 0..<4 {
    let key = StreamKey(seed: seed, chain: chain, unit: unit, purpose: .sampling)
    var walk = RandomWalkMetropolis(on: density, about: mode, random: RandomStream(key))
    walk.warmUp(2000)
    for _ in 0..<count {
      for _ in 0..<thinning { walk.step() }
      for k in start.indices { chains[k][chain].append(walk.position[k]) }
    }
  }
  return chains
}
