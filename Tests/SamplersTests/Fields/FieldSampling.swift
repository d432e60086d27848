import Diagnostics
import InferenceCore
import LaneMath

@testable import Samplers

/// Draws of chains of a field: sites and population.
struct FieldDraws {
  /// `[quantity][chain][draw]`: the field's first coordinate at every site, its mean over the sites.
  var sites: [[[Double]]]
  var siteMean: [[Double]]
  var population: [String: [[Double]]]

  init<Density: SiteDensity>(
    _ model: FieldModel<Density>, seed: UInt64, chains: Int = 4, warmup: Int, draws: Int,
    moves: FieldMoves = FieldMoves()
  ) {
    let count = model.graph.siteCount
    sites = [[[Double]]](repeating: [[Double]](repeating: [], count: chains), count: count)
    siteMean = [[Double]](repeating: [], count: chains)
    population = [:]
    for chain in 0..<chains {
      var sampler = FieldChain(
        of: model, units: (Array(0..<count), 1000), seed: seed, chain: chain, moves: moves)
      sampler.warmUp(warmup)
      for _ in 0..<draws {
        sampler.sweep()
        var sum = 0.0
        var position = [Density.L](repeating: 0, count: model.dimension)
        for group in 0..<model.layout.groupCount {
          sampler.copyPosition(ofGroup: group, into: &position)
          for lane in 0..<Density.L.count where model.layout.own[group][lane] > 0 {
            sites[model.layout.sites[group * Density.L.count + lane]][chain].append(position[0][lane])
            sum += position[0][lane]
          }
        }
        siteMean[chain].append(sum / Double(count))
        for k in 0..<model.fieldDimension {
          for (name, value) in [
            ("mu\(k)", sampler.hyper.mean[k]), ("tau\(k)", sampler.hyper.spread[k]),
            ("lambda\(k)", sampler.hyper.dependence[k]),
          ] {
            population[name, default: [[Double]](repeating: [], count: chains)][chain].append(value)
          }
        }
        for (k, partial) in sampler.hyper.partial.enumerated() {
          population["partial\(k)", default: [[Double]](repeating: [], count: chains)][chain].append(partial)
        }
      }
    }
  }
}

extension FieldMoves {
  /// Steps of the sites, and of the population given the field: no moves of both together.
  static var separate: FieldMoves {
    var moves = FieldMoves()
    moves.motion = false
    return moves
  }
}

/// Mean, SD and Monte Carlo error of chains.
struct ChainMoments {
  let mean: Double
  let sd: Double
  let error: Double
  let bulkESS: Double

  init(_ chains: [[Double]]) {
    let all = chains.flatMap { $0 }
    let mean = all.reduce(0, +) / Double(all.count)
    self.mean = mean
    sd = (all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count - 1)).squareRoot()
    let diagnostics = ChainDiagnostics(chains)
    error = diagnostics.meanMCSE
    bulkESS = diagnostics.bulkESS
  }
}
