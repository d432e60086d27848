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

/// The fast sampler held equal in distribution to the slow one, on 64 simulated voxels at SNR 15.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct SamplerAgreementTests {
  private typealias Posterior<L: Lane> = AmplitudeMarginalPosterior<BiexponentialIVIM, L>
  private static let voxels = SimulatedVoxels.w1(count: 64, seed: 15, sigma: 1000 / 15)

  /// The walk of every voxel, which both tests need.
  private static let walks: [[ChainDiagnostics]] = (0..<64).map { voxel in
    let posterior = voxels.posterior(of: [voxel], lanes: Double.self)
    let chains = sampleWalk(
      posterior, from: posterior.prior.mean, unit: voxel, seed: 3, count: 2000, thinning: 10)
    return chains.map { ChainDiagnostics($0) }
  }

  /// z-scores of the differences in means and standard deviations by their Monte Carlo errors: 64 voxels × 3 × 2.
  private func zScores(_ sample: (Posterior<Lane8>, [Int]) -> [SampledChains]) -> [[Double]] {
    var scores: [[Double]] = []
    for first in stride(from: 0, to: 64, by: 8) {
      let group = Array(first..<first + 8)
      let lanes = sample(Self.voxels.posterior(of: group, lanes: Lane8.self), group)
      for (lane, voxel) in group.enumerated() {
        scores.append(
          lanes[lane].enumerated().flatMap { k, chains in
            let (one, other) = (ChainDiagnostics(chains), Self.walks[voxel][k])
            let meanError = hypotenuse(one.meanMCSE, other.meanMCSE)
            let spreadError = hypotenuse(one.standardDeviationMCSE, other.standardDeviationMCSE)
            return [
              (one.mean - other.mean) / meanError,
              (one.standardDeviation - other.standardDeviation) / spreadError,
            ]
          })
      }
    }
    return scores
  }

  /// Whether 384 z-scores look like standard normal ones: none beyond 5.5, and none of the six averages over
  /// voxels beyond 4.5/√64. False alarms by chance: 1.5·10⁻⁵ and 4·10⁻⁵.
  private func agree(_ scores: [[Double]]) -> Bool {
    let worst = scores.flatMap { $0 }.map(\.magnitude).max() ?? .infinity
    let averages = (0..<6).map { k in scores.reduce(0) { $0 + $1[k] } / Double(scores.count) }
    let worstAverage = averages.map(\.magnitude).max() ?? .infinity
    print("largest |z| \(worst), largest average of z times 8 \(8 * worstAverage)")
    return worst < 5.5 && worstAverage < 4.5 / 8
  }

  @Test func `Means and deviations of the lane sampler are those of random-walk Metropolis`() {
    let start = Self.voxels.prior.means
    #expect(
      agree(
        zScores { posterior, group in
          sampleLanes(posterior, from: start, openAxis: 1, units: group, seed: 4, count: 1000)
        }))
  }

  @Test func `Twin: a lane sampler that forgets the proposal's density is found out`() {
    let start = Self.voxels.prior.means
    #expect(
      !agree(
        zScores { posterior, group in
          sampleForgetfully(posterior, from: start, openAxis: 1, units: group, count: 1000)
        }))
  }

  private func hypotenuse(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }

  /// Independence Metropolis with the nested proposal whose acceptance leaves out the ratio of proposal densities.
  private func sampleForgetfully(
    _ density: Posterior<Lane8>, from start: [Double], openAxis: Int, units: [Int], count: Int
  ) -> [SampledChains] {
    var density = density
    let mode = LaneMode(of: &density, from: start.map { Lane8($0) })
    var proposal = NestedLaplaceProposal(for: &density, about: mode, openAxis: openAxis)
    var lanes = units.map { _ in start.map { _ in [[Double]](repeating: [], count: 4) } }
    for chain in 0..<4 {
      let keys = units.map { StreamKey(seed: 4, chain: chain, unit: $0, purpose: .sampling) }
      var random = LaneRandom<Lane8>(keys)
      var (position, logTarget, trial) = (mode.position, mode.logDensity, mode.position)
      for _ in 0..<count {
        _ = proposal.propose(into: &trial, using: &random)
        let value = density.logDensity(at: trial)
        let accepted = Lane8.log(random.uniformPositive()) < value - logTarget
        logTarget = Lane8.select(accepted, value, logTarget)
        for k in start.indices {
          position[k] = Lane8.select(accepted, trial[k], position[k])
          for lane in units.indices { lanes[lane][k][chain].append(position[k][lane]) }
        }
      }
    }
    return lanes
  }
}
