import Diagnostics
import InferenceCore
import LaneMath
import Posteriors
import Samplers
import SignalModels
import TestSupport
import Testing
import VoxelTestSupport

/// Every engine on a posterior known from quadrature: eight lanes with streams of their own.
///
/// Together the lanes have an ESS of some thousands at least: the limits are 4 standard errors or more for the mean
/// (0.05 SD) and for the SD (4 %), so that a false alarm takes some thousand seeds.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct EngineSamplerTests {
  private func draws(_ engine: SamplingEngine, _ voxel: ReferenceVoxel, count: Int, shift: Double = 0)
    -> (chains: [[Double]], counts: EngineCounts.Values)
  {
    var posterior = voxel.posterior(lanes: Lane8.self)
    posterior.prior.mean[0] += Lane8(shift)
    let counts = EngineCounts()
    var sampler = EngineSampler(
      engine, on: posterior, from: posterior.prior.mean, openAxis: BiexponentialIVIM.openAxis,
      units: Array(0..<8), seed: 3, counts: counts)
    var chains = [[Double]](repeating: [], count: 32)
    sampler.draw(count) { chain, position, byproducts in
      // The byproducts are those of the position: G, the amplitude and R.
      for lane in 0..<8 { chains[8 * chain + lane].append(position[0][lane] + 0 * byproducts[0][lane]) }
    }
    return (chains, counts.values)
  }

  @Test(arguments: SamplingEngine.allCases)
  func `Every engine reproduces mean and SD of the reference`(engine: SamplingEngine) throws {
    let voxel = try ReferenceVoxel("identified")
    let (chains, counts) = draws(engine, voxel, count: 400)
    let expected = voxel.expected["logD"]
    let sd = expected["sd"].double
    let diagnostics = ChainDiagnostics(chains)
    #expect(diagnostics.bulkESS > 3000, "\(engine): ESS \(diagnostics.bulkESS)")
    #expect(isClose(diagnostics.mean, expected["mean"].double, absolute: 0.05 * sd), "\(engine)")
    #expect(isClose(diagnostics.standardDeviation, sd, absolute: 0.04 * sd), "\(engine)")
    #expect(counts.units == 8 && counts.failures == 0)
  }

  @Test(arguments: [SamplingEngine.nuts, .grid])
  func `Twin: a prior that is half an SD off is found out`(engine: SamplingEngine) throws {
    let voxel = try ReferenceVoxel("weighted-lowsnr")
    let expected = voxel.expected["logD"]
    let (chains, _) = draws(engine, voxel, count: 400, shift: 0.5 * voxel.priorDeviations[0])
    let sd = expected["sd"].double
    #expect(abs(ChainDiagnostics(chains).mean - expected["mean"].double) > 0.05 * sd)
  }

  @Test(arguments: SamplingEngine.allCases)
  func `A unit's draws do not depend on its neighbours`(engine: SamplingEngine) throws {
    let voxel = try ReferenceVoxel("identified")
    func first(_ units: [Int]) -> [Double] {
      let posterior = voxel.posterior(lanes: Lane8.self)
      var sampler = EngineSampler(
        engine, on: posterior, from: posterior.prior.mean, openAxis: 1, units: units, seed: 3, chainCount: 2,
        warmup: 60, counts: EngineCounts())
      var values: [Double] = []
      sampler.draw(20) { _, position, _ in values.append(position[1][0]) }
      return values
    }
    let alone = first([Int](repeating: 5, count: 8))
    #expect(alone == first([5, 1, 1, 1, 1, 1, 1, 0]))
    #expect(alone != first([4, 1, 1, 1, 1, 1, 1, 5]))
  }

  @Test func `A unit without a density has NaN for its draws and is counted`() throws {
    var posterior = try ReferenceVoxel("identified").posterior(lanes: Lane8.self)
    for k in posterior.signals.indices { posterior.signals[k][3] = .nan }
    for engine in [SamplingEngine.nuts, .grid] {
      let counts = EngineCounts()
      var sampler = EngineSampler(
        engine, on: posterior, from: posterior.prior.mean, openAxis: 1, units: [0, 0, 0, 3, 0, 0, 0, 0],
        seed: 3, chainCount: 2, warmup: 60, counts: counts)
      var isRight = true
      sampler.draw(5) { _, position, _ in
        for lane in 0..<8 { isRight = isRight && position[0][lane].isNaN == (lane == 3) }
      }
      #expect(isRight && counts.values.failures == 1, "\(engine)")
    }
  }
}
