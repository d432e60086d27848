import Diagnostics
import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import Samplers
import SignalModels
import TestSupport
import Testing
import VoxelTestSupport

/// The quick engine against the Markov chains, on 64 simulated voxels at SNR 40.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct LaplaceGroupSamplerTests {
  private typealias Posterior = AmplitudeMarginalPosterior<BiexponentialIVIM, Lane8>
  private static let voxels = SimulatedVoxels.w1(count: 64, seed: 3)
  private static let groups = stride(from: 0, to: 64, by: 8).map { Array($0..<$0 + 8) }

  private static func quick(_ group: [Int]) -> LaplaceGroupSampler<Posterior> {
    LaplaceGroupSampler(
      on: voxels.posterior(of: group, lanes: Lane8.self), from: voxels.prior.means.map { Lane8($0) },
      openAxis: BiexponentialIVIM.openAxis, units: group, seed: 5)
  }

  /// `lane → coordinate → draws`, all chains together.
  private static func drawn(_ count: Int, by draw: (Int, (Int, [Lane8], [Lane8]) -> Void) -> Void)
    -> [[[Double]]]
  {
    var lanes = (0..<8).map { _ in [[Double]](repeating: [], count: 3) }
    draw(count) { _, position, _ in
      for lane in 0..<8 {
        for k in 0..<3 { lanes[lane][k].append(position[k][lane]) }
      }
    }
    return lanes
  }

  /// Draws of the Markov chains, voxel after voxel.
  private static let chains: [[[Double]]] = groups.flatMap { group in
    var sampler = LaneGroupSampler(
      on: voxels.posterior(of: group, lanes: Lane8.self), from: voxels.prior.means.map { Lane8($0) },
      openAxis: BiexponentialIVIM.openAxis, units: group, seed: 5)
    return drawn(2000) { sampler.draw($0, $1) }
  }

  /// Over voxels that were not rejected, the average of |difference in mean|/SD and of |log ratio of SDs|.
  private func distance(_ draws: [[[Double]]], _ verdicts: [LaplaceVerdict]) -> (mean: Double, spread: Double)
  {
    var (means, spreads): ([Double], [Double]) = ([], [])
    for voxel in draws.indices where verdicts[voxel] != .rejected {
      for k in 0..<3 {
        let (ours, exact) = (ChainDiagnostics([draws[voxel][k]]), ChainDiagnostics([Self.chains[voxel][k]]))
        means.append(abs(ours.mean - exact.mean) / exact.standardDeviation)
        spreads.append(abs(Double.log(ours.standardDeviation / exact.standardDeviation)))
      }
    }
    let count = Double(means.count)
    let result = (mean: means.reduce(0, +) / count, spread: spreads.reduce(0, +) / count)
    print("\(means.count / 3) voxels: means off by \(result.mean) SD, SDs by \(result.spread)")
    return result
  }

  @Test func `Where the approximation is not rejected its draws are those of the chains`() {
    var (draws, verdicts): ([[[Double]]], [LaplaceVerdict]) = ([], [])
    for group in Self.groups {
      var sampler = Self.quick(group)
      verdicts += sampler.verdicts
      draws += Self.drawn(2000) { sampler.draw($0, $1) }
    }
    let (mean, spread) = distance(draws, verdicts)
    // An ESS of 4,000 on both sides leaves 0.018 SD on average; the twin below is six times as far off.
    #expect(mean < 0.04 && spread < 0.04)
    #expect(Set(verdicts) == [.accepted, .weighted, .rejected])
  }

  @Test func `Twin: the proposals themselves are not those of the chains`() {
    var (draws, verdicts): ([[[Double]]], [LaplaceVerdict]) = ([], [])
    for group in Self.groups {
      var density = Self.voxels.posterior(of: group, lanes: Lane8.self)
      let start = Self.voxels.prior.means.map { Lane8($0) }
      let approximation = LaplaceApproximation(about: LaneMode(of: &density, from: start))
      var random = LaneRandom<Lane8>(group.map { StreamKey(seed: 5, unit: $0, purpose: .sampling) })
      var position = start
      verdicts += Self.quick(group).verdicts
      draws += Self.drawn(8000) { count, receive in
        for _ in 0..<count {
          _ = approximation.draw(of: &density, into: &position, using: &random)
          receive(0, position, [])
        }
      }
    }
    let (mean, spread) = distance(draws, verdicts)
    #expect(mean > 0.06 && spread > 0.06)
  }

  @Test func `Rejected voxels have the draws of the chains, bit by bit`() {
    var rejected = 0
    for (number, group) in Self.groups.enumerated() {
      var sampler = Self.quick(group)
      let draws = Self.drawn(2000) { sampler.draw($0, $1) }
      for lane in 0..<8 where sampler.verdicts[lane] == .rejected {
        rejected += 1
        #expect(draws[lane] == Self.chains[8 * number + lane])
      }
    }
    #expect(rejected > 3)
  }

  @Test func `Byproducts belong to the positions they come with, and instalments are new draws`() {
    var sampler = Self.quick(Self.groups[0])
    var density = sampler.density
    var seen: [Double] = []
    for _ in 0..<2 {
      sampler.draw(50) { chain, position, byproducts in
        _ = density.logDensity(at: position)
        #expect(byproducts == density.byproducts)
        #expect((0..<4).contains(chain))
        seen.append(position[0][0])
      }
    }
    #expect(seen.count == 400)
    #expect(seen.prefix(200) != seen.suffix(200))
    var again = Self.quick(Self.groups[0])
    var repeated: [Double] = []
    for _ in 0..<2 { again.draw(50) { _, position, _ in repeated.append(position[0][0]) } }
    #expect(repeated == seen)
  }
}
