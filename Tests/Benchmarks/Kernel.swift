import IVIMBayes

/// The innermost work of a fit, for counting instructions: the same work every time, whatever the machine is doing.
///
/// `Tests/callgrind.sh` runs each kernel for two numbers of voxels; the difference has no start-up in it.
enum Kernel: String, CaseIterable {
  /// Mode, proposal, warm-up and 4 × 250 draws of voxels in lanes of eight.
  case lanes
  /// Mode, warm-up of 200 and 1,000 draws of single voxels by random-walk Metropolis.
  case walk
  /// Quantiles, R-hat and bulk ESS of 4 × 250 draws of three parameters.
  case convergence
  /// Mode, table and 1,000 independent draws of the ADC.
  case line

  /// Does the work for `voxelCount` voxels (a multiple of eight) and returns a number that depends on all of it.
  func run(voxelCount: Int) -> Double {
    let workload = WorkloadW1(voxelCount: voxelCount, seed: 1)
    return switch self {
    case .lanes: Self.lanes(workload)
    case .walk: Self.walk(workload)
    case .convergence: Self.convergence(workload)
    case .line: Self.line(workload)
    }
  }

  private static func lanes(_ workload: WorkloadW1) -> Double {
    var sum = Lane8(0)
    for first in stride(from: 0, to: workload.signals.count, by: 8) {
      let units = Array(first..<first + 8)
      let posterior = workload.posterior(of: units, lanes: Lane8.self)
      var sampler = LaneGroupSampler(
        on: posterior, from: posterior.prior.mean, openAxis: BiexponentialIVIM.openAxis, units: units, seed: 1
      )
      sampler.draw(250) { _, position, _ in sum += position[0] }
    }
    return sum.array.reduce(0, +)
  }

  private static func walk(_ workload: WorkloadW1) -> Double {
    var sum = 0.0
    for voxel in workload.signals.indices {
      var posterior = workload.posterior(of: [voxel], lanes: Double.self)
      let mode = LaneMode(of: &posterior, from: posterior.prior.mean)
      let key = StreamKey(seed: 1, unit: voxel, purpose: .sampling)
      var sampler = RandomWalkMetropolis(on: posterior, about: mode, random: RandomStream(key))
      sampler.warmUp(200)
      for _ in 0..<1000 {
        sampler.step()
        sum += sampler.position[0]
      }
    }
    return sum
  }

  private static func convergence(_ workload: WorkloadW1) -> Double {
    var sum = Lane8(0)
    let convergence = VoxelConvergence(chainCount: 4, drawsPerChain: 250)
    for first in stride(from: 0, to: workload.signals.count, by: 8) {
      var random = LaneRandom<Lane8>(
        (first..<first + 8).map { StreamKey(seed: 1, unit: $0, purpose: .sampling) })
      for _ in 0..<3 {
        let chains = (0..<4).map { _ in (0..<250).map { _ in random.uniform() } }
        convergence.take(chains, lanes: 0..<8)
        sum += convergence.bulkESS
      }
    }
    return sum.array.reduce(0, +)
  }

  private static func line(_ workload: WorkloadW1) -> Double {
    var sum = Lane8(0)
    let shape = MonoexponentialADC(bValues: WorkloadW1.bValues)
    for first in stride(from: 0, to: workload.signals.count, by: 8) {
      var posterior = AmplitudeMarginalPosterior(
        shape,
        signals: (0..<shape.settingCount).map { i in
          Lane8((first..<first + 8).map { workload.signals[$0][i] })
        },
        averages: [Double](repeating: 1, count: shape.settingCount),
        noise: .pooled(pseudoObservations: 4, variance: Lane8(WorkloadW1.sigma * WorkloadW1.sigma)),
        prior: NormalPrior<Lane8>(means: [Double.log(1.2)], standardDeviations: [0.5]))
      let mode = LaneMode(of: &posterior, from: posterior.prior.mean, tolerance: 1e-6)
      var line = TabulatedLine(of: &posterior, about: mode)
      var random = LaneRandom<Lane8>(
        (first..<first + 8).map { StreamKey(seed: 1, unit: $0, purpose: .companion) })
      for _ in 0..<1000 { sum += line.draw(using: &random) }
    }
    return sum.array.reduce(0, +)
  }
}
