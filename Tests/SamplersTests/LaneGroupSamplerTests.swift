import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import Samplers
import SignalModels
import TestSupport
import Testing
import VoxelTestSupport

@Suite struct LaneGroupSamplerTests {
  private let voxels = SimulatedVoxels.w1(count: 16, seed: 41)

  /// `chain → draw → (position, byproducts)` in every lane.
  private func draws<L: Lane>(_ group: [Int], _ counts: [Int], seed: UInt64 = 7, lanes: L.Type = Lane8.self)
    -> [[[L]]]
  {
    let posterior = voxels.posterior(of: group, lanes: L.self)
    var sampler = LaneGroupSampler(
      on: posterior, from: posterior.prior.mean, openAxis: BiexponentialIVIM.openAxis, units: group,
      seed: seed)
    var chains = [[[L]]](repeating: [], count: 4)
    for count in counts {
      sampler.draw(count) { chain, position, byproducts in chains[chain].append(position + byproducts) }
    }
    return chains
  }

  @Test func `A voxel alone has, bit by bit, the draws that it has among eight`() {
    let together = draws(Array(0..<8), [60])
    for voxel in [0, 3, 7] {
      let alone = draws([voxel], [60], lanes: Double.self)
      for chain in 0..<4 {
        #expect(together[chain].map { $0.map { $0[voxel] } } == alone[chain])
      }
    }
  }

  @Test func `The draws of a voxel do not depend on its lane or its neighbours`() {
    let one = draws([5, 1, 2, 3, 4, 0, 6, 7], [40])
    let other = draws([8, 9, 10, 11, 12, 13, 14, 5], [40])
    for chain in 0..<4 {
      #expect(one[chain].map { $0.map { $0[0] } } == other[chain].map { $0.map { $0[7] } })
    }
  }

  @Test func `Instalments continue where the last one ended`() {
    #expect(draws(Array(0..<8), [30, 20]) == draws(Array(0..<8), [50]))
  }

  @Test func `Another seed, and every other chain, gives other draws`() {
    let group = Array(0..<8)
    let chains = draws(group, [20])
    #expect(chains != draws(group, [20], seed: 8))
    #expect(Set(chains.map { $0[0][0][0] }).count == 4)
  }

  @Test func `Byproducts are those of the density at the position`() {
    var density = voxels.posterior(of: Array(0..<8), lanes: Lane8.self)
    for state in draws(Array(0..<8), [40]).flatMap({ $0 }) {
      _ = density.logDensity(at: Array(state.prefix(3)))
      #expect(density.byproducts == Array(state.dropFirst(3)))
    }
  }

  @Test func `Most independence proposals are accepted at SNR 40`() {
    let posterior = voxels.posterior(of: Array(0..<8), lanes: Lane8.self)
    var sampler = LaneGroupSampler(
      on: posterior, from: posterior.prior.mean, openAxis: BiexponentialIVIM.openAxis, units: Array(0..<8),
      seed: 1)
    sampler.draw(100) { _, _, _ in }
    let acceptance = sampler.acceptance.array
    #expect(acceptance.allSatisfy { $0 > 0.3 && $0 <= 1 })
    #expect(acceptance.reduce(0, +) / 8 > 0.6)
  }

  @Test func `A lane without a finite density does not disturb its neighbours`() {
    var broken = voxels.posterior(of: Array(0..<8), lanes: Lane8.self)
    for setting in broken.signals.indices { broken.signals[setting][2] = .nan }
    let start = broken.prior.mean
    var sampler = LaneGroupSampler(
      on: broken, from: start, openAxis: BiexponentialIVIM.openAxis, units: Array(0..<8), seed: 7)
    let whole = draws(Array(0..<8), [20])
    var place = 0
    sampler.draw(20) { chain, position, _ in
      for lane in 0..<8 where lane != 2 {
        #expect(position.map { $0[lane] } == whole[chain][place % 20].prefix(3).map { $0[lane] })
      }
      place += 1
    }
  }
}
