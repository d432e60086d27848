import Foundation
import IVIMBayes
import VoxelTestSupport

/// IVIM over a ball of voxels under the default prior of a lesion: CPU seconds of the whole sampling until every parameter
/// of the population and the mean and SD of every coordinate over the lesion has bulk ESS ≥ 400 and R̂ < 1.01.
struct WorkloadField {
  let voxelCount: Int
  let snr: Double

  /// What a run took.
  struct Outcome {
    var seconds: Double
    var nanosecondsPerSweep: Double
    var slowest: String
    var slowestESS: Double
    var isSampled: Bool
  }

  /// The run of median CPU time among `repetitions`, on the same data with other random numbers, and the share of runs that
  /// reached every target.
  func median(of repetitions: Int) -> (run: Outcome, shareSampled: Double) {
    let runs = (1...repetitions).map { run(seed: UInt64($0)) }.sorted { $0.seconds < $1.seconds }
    return (runs[repetitions / 2], Double(runs.count { $0.isSampled }) / Double(repetitions))
  }

  /// Runs four chains; the run doubles until the targets hold, or `cap` sweeps of a chain are done.
  private func run(seed: UInt64, cap: Int = 32_000) -> Outcome {
    let start = cpuSeconds()
    let model = model()
    var chains = (0..<4).map { chain in
      FieldChain(
        of: model, units: (Array(0..<voxelCount), 1_000_000), seed: seed, chain: chain)
    }
    for stage in FieldWarmup.stages(500) {
      FieldChain.learn(&chains)
      for index in chains.indices { chains[index].adapt(sweeps: stage) }
    }
    for index in chains.indices { chains[index].endWarmUp() }
    var kept: [String: [[Double]]] = [:]
    var (done, wanted, sampling) = (0, 1000, 0.0)
    while true {
      let before = cpuSeconds()
      for index in chains.indices {
        for _ in done..<wanted {
          chains[index].sweep()
          for (name, value) in quantities(chains[index]) {
            kept[name, default: [[], [], [], []]][index].append(value)
          }
        }
      }
      sampling += cpuSeconds() - before
      done = wanted
      let seconds = cpuSeconds() - start
      let figures = kept.mapValues { ChainDiagnostics($0) }
      let isSampled = figures.values.allSatisfy { $0.bulkESS >= 400 && $0.rHat < 1.01 }
      if isSampled || 2 * done > cap {
        let slowest = figures.min { $0.value.bulkESS < $1.value.bulkESS }
        return Outcome(
          seconds: seconds, nanosecondsPerSweep: 1e9 * sampling / Double(4 * done * voxelCount),
          slowest: slowest?.key ?? "", slowestESS: slowest?.value.bulkESS ?? .nan, isSampled: isSampled)
      }
      wanted = 2 * done
    }
  }

  private func quantities(_ chain: FieldChain<AmplitudeMarginalPosterior<BiexponentialIVIM, Lane8>>)
    -> [(String, Double)]
  {
    let names = ["d", "f", "dstar_minus_d"]
    var values: [(String, Double)] = []
    let means = chain.meanPosition
    for (k, name) in names.enumerated() {
      values.append(("mu_\(name)", chain.hyper.mean[k]))
      values.append(("tau_\(name)", chain.hyper.spread[k]))
      values.append(("lambda_\(name)", chain.hyper.dependence[k]))
      values.append(("mean of \(name)", means[k]))
    }
    for (k, value) in chain.hyper.correlations.enumerated() { values.append(("rho \(k)", value)) }
    return values
  }

  /// A ball in voxels of 2 × 2 × 3 mm, signals drawn from the prior's own family at f = 0.15.
  private func model() -> FieldModel<AmplitudeMarginalPosterior<BiexponentialIVIM, Lane8>> {
    func distance(_ place: [Int]) -> Int {
      4 * place[0] * place[0] + 4 * place[1] * place[1] + 9 * place[2] * place[2]
    }
    let range = -22...22
    let places = range.flatMap { i in range.flatMap { j in range.map { k in [i, j, k] } } }
    let ball = places.sorted { distance($0) < distance($1) }.prefix(voxelCount)
    let graph = SiteGraph(positions: Array(ball), spacing: [2, 2, 3])
    return SimulatedLesion(
      graph, bValues: WorkloadW1.bValues, signalToNoise: snr, perfusionFraction: 0.15,
      spread: [0.15, 0.3, 0.15]
    ).model(seed: 1, modeAxis: BiexponentialIVIM.openAxis)
  }
}
