import Foundation
import IVIMBayes

/// Effective draws per CPU second of one sampler.
struct SamplerRate {
  var nanosecondsPerDraw: Double
  var essPerDraw: Double
  /// Worst-parameter bulk ESS per CPU second of the median voxel.
  var median: Double
  var fifthPercentile: Double
}

/// Times the samplers on W1: CPU time of mode search, warm-up and draws, without diagnostics.
struct SamplerTiming {
  let workload: WorkloadW1
  private static let repetitions = 5

  init(workload: WorkloadW1) { self.workload = workload }

  /// The plain scalar sampler on the first voxels: 4 chains of 500 warm-up and 2,000 kept draws.
  func scalar(voxels: Int) -> SamplerRate {
    let draws = 2000
    return Self.rate(voxels: voxels, draws: 4 * draws) { collect in
      for voxel in 0..<voxels {
        var posterior = workload.posterior(of: [voxel], lanes: Double.self)
        let mode = LaneMode(of: &posterior, from: posterior.prior.mean)
        var chains = [[[Double]]](repeating: [], count: 4)
        for chain in 0..<4 {
          let key = StreamKey(seed: 1, chain: chain, unit: voxel, purpose: .sampling)
          var sampler = RandomWalkMetropolis(on: posterior, about: mode, random: RandomStream(key))
          sampler.warmUp(500)
          chains[chain].reserveCapacity(draws)
          for _ in 0..<draws {
            sampler.step()
            chains[chain].append(sampler.position)
          }
        }
        collect { (0..<3).map { k in chains.map { $0.map { $0[k] } } } }
      }
    }
  }

  /// The lane sampler on all voxels: 4 chains of 250 kept draws.
  func lanes() -> SamplerRate {
    let draws = 250
    let count = workload.signals.count / 8 * 8
    return Self.rate(voxels: count, draws: 4 * draws) { collect in
      for first in stride(from: 0, to: count, by: 8) {
        let units = Array(first..<first + 8)
        let posterior = workload.posterior(of: units, lanes: Lane8.self)
        var sampler = LaneGroupSampler(
          on: posterior, from: posterior.prior.mean, openAxis: BiexponentialIVIM.openAxis, units: units,
          seed: 1)
        var kept = [[Lane8]](repeating: [], count: 12)
        for k in kept.indices { kept[k].reserveCapacity(draws) }
        sampler.draw(draws) { chain, position, _ in
          for k in 0..<3 { kept[chain * 3 + k].append(position[k]) }
        }
        for lane in 0..<8 {
          collect { (0..<3).map { k in (0..<4).map { chain in kept[chain * 3 + k].map { $0[lane] } } } }
        }
      }
    }
  }

  /// Runs `work` five times; the closure it gets sets draws aside, uncounted, for the diagnostics of the last run.
  static func rate(voxels: Int, draws: Int, _ work: ((() -> [[[Double]]]) -> Void) -> Void) -> SamplerRate {
    var seconds: [Double] = []
    var worst: [Double] = []
    for repetition in 0..<repetitions {
      var diagnostics = 0.0
      let start = cpuSeconds()
      work { parameters in
        let pause = cpuSeconds()
        if repetition == repetitions - 1 {
          worst.append(parameters().map { ChainDiagnostics($0).bulkESS }.min() ?? .nan)
        }
        diagnostics += cpuSeconds() - pause
      }
      seconds.append(cpuSeconds() - start - diagnostics)
    }
    let perVoxel = seconds.sorted()[repetitions / 2] / Double(voxels)
    worst.sort()
    return SamplerRate(
      nanosecondsPerDraw: 1e9 * perVoxel / Double(draws), essPerDraw: worst[worst.count / 2] / Double(draws),
      median: worst[worst.count / 2] / perVoxel, fifthPercentile: worst[worst.count / 20] / perVoxel)
  }
}

/// CPU seconds of the process.
func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
