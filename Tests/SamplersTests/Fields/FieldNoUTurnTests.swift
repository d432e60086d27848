import Acquisitions
import Diagnostics
import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import SignalModels
import TestSupport
import Testing
import VoxelTestSupport

@testable import Samplers

/// The sampler of fields against one that shares nothing with it but the likelihood and the prior: the no-U-turn sampler on
/// all 192 coordinates of a lesion of 60 voxels.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)")) struct FieldNoUTurnTests {
  private typealias Density = AmplitudeMarginalPosterior<BiexponentialIVIM, Lane8>

  private static let bValues = [0, 10, 20, 40, 80, 150, 300, 500, 800, 1000].map { BValue($0) }

  /// 60 voxels at SNR 30, f about 0.25.
  private func model() -> FieldModel<Density> {
    let graph = SiteGraph(
      positions: (0..<60).map { [$0 % 5, ($0 / 5) % 4, $0 / 20] }, spacing: [2, 2, 3])
    return SimulatedLesion(
      graph, bValues: Self.bValues, signalToNoise: 30, perfusionFraction: 0.25, spread: [0.15, 0.3, 0.2]
    ).model(seed: 5)
  }

  private static let names: [String] = {
    var names: [String] = []
    for axis in ["d", "f", "delta"] { names += ["mean of \(axis)", "SD of \(axis)"] }
    for name in ["mu", "tau", "lambda", "partial"] { for k in 0..<3 { names.append("\(name) \(k)") } }
    return names
  }()

  /// The quantities of `names` of one draw.
  private func quantities(_ hyper: FieldHyperparameters, _ sites: [[Double]]) -> [Double] {
    let count = Double(sites.count)
    let functionals = (0..<3).flatMap { k -> [Double] in
      let mean = sites.reduce(0) { $0 + $1[k] } / count
      let square = sites.reduce(0) { $0 + ($1[k] - mean) * ($1[k] - mean) }
      return [mean, (square / (count - 1)).squareRoot()]
    }
    return functionals + hyper.mean + hyper.spread + hyper.dependence + hyper.partial
  }

  @Test func `The gradient is that of the density`() throws {
    let density = FieldPosteriorDensity(model: model())
    var random = RandomStream(StreamKey(seed: 6, purpose: .simulation))
    let x = start(density, &random)
    var gradient = [Double](repeating: 0, count: density.dimension)
    _ = try density.logDensity(at: x, gradient: &gradient)
    for place in Array(0..<density.populationDimension) + [20, 77, 191] {
      var (above, below) = (x, x)
      above[place] += 1e-4
      below[place] -= 1e-4
      let slope = (try density.logDensity(at: above) - density.logDensity(at: below)) / 2e-4
      #expect(isClose(gradient[place], slope, relative: 1e-4, absolute: 1e-3), "coordinate \(place)")
    }
  }

  private func start(_ density: FieldPosteriorDensity<Density>, _ random: inout RandomStream) -> [Double] {
    var x = [0.1, -1.2, 2.9, -1.9, -1.4, -1.8, 0, 0, 0, 0, 0, 0]
    for k in x.indices { x[k] += 0.1 * random.normal() }
    return x + (0..<180).map { _ in 0.3 * random.normal() }
  }

  /// 18 comparisons at 4 standard errors: a false alarm in about one of 900 seeds.
  @Test func `The no-U-turn sampler and the sampler of fields agree within 4 MCSE`() async throws {
    let model = model()
    let density = FieldPosteriorDensity(model: model)
    var random = RandomStream(StreamKey(seed: 7, purpose: .simulation))
    let starts = (0..<4).map { _ in start(density, &random) }
    let run = try await NoUTurnSampler().sample(
      density, parameters: (0..<density.dimension).map { Parameter("x\($0)") }, from: starts, warmup: 400,
      draws: 500, seed: 1)
    #expect(run.divergenceCount < 20, "\(run.divergenceCount) divergences")
    let independent = (0..<4).map { chain in
      (0..<500).map { draw -> [Double] in
        let x = (0..<density.dimension).map { run.draws[chain, draw, $0] }
        return quantities(density.population(x), density.sites(x))
      }
    }
    var chains = (0..<4).map { FieldChain(of: model, units: (Array(0..<60), 1000), seed: 2, chain: $0) }
    for stage in FieldWarmup.stages(600) {
      FieldChain.learn(&chains)
      for index in chains.indices { chains[index].adapt(sweeps: stage) }
    }
    var own = [[[Double]]](repeating: [], count: 4)
    for index in chains.indices {
      chains[index].endWarmUp()
      for _ in 0..<4000 {
        chains[index].sweep()
        own[index].append(quantities(chains[index].hyper, sites(chains[index])))
      }
    }
    for (q, name) in Self.names.enumerated() {
      let (a, b) = (
        ChainMoments(own.map { $0.map { $0[q] } }), ChainMoments(independent.map { $0.map { $0[q] } })
      )
      let error = (a.error * a.error + b.error * b.error).squareRoot()
      #expect(abs(a.mean - b.mean) < 4 * error, "\(name): \(a.mean) and \(b.mean) ± \(error)")
      // Enough draws to see a tenth of a standard deviation or so.
      #expect(a.bulkESS > 100 && b.bulkESS > 100, "\(name): ESS \(a.bulkESS) and \(b.bulkESS)")
    }
  }

  private func sites(_ chain: FieldChain<Density>) -> [[Double]] {
    let layout = chain.model.layout
    var result = [[Double]](repeating: [], count: 60)
    var position = [Lane8](repeating: 0, count: 3)
    for group in 0..<layout.groupCount {
      chain.copyPosition(ofGroup: group, into: &position)
      for lane in 0..<8 where layout.own[group][lane] > 0 {
        result[layout.sites[group * 8 + lane]] = position.map { $0[lane] }
      }
    }
    return result
  }
}
