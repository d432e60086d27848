internal import Diagnostics
internal import GSLSupport
internal import InferenceCore
internal import LaneMath
internal import Samplers

/// Geweke's joint test of the sampler of a population or a field, on a graph of a few sites.
///
/// It finds a wrong exponent or a lost determinant: the population drifts away from its prior, whatever the data say.
struct FieldGeweke<Tissue: TissueModel>: Sendable {
  let predictive: FieldPredictive<Tissue>
  let seed: UInt64
  /// The kernels; tests plant faults here.
  var moves = FieldMoves()

  /// Two components, one of them a pair, and a site alone.
  static var graph: SiteGraph {
    SiteGraph(
      positions: [
        [0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1], [4, 0, 0], [5, 0, 0], [9, 9, 9],
      ], spacing: [2, 2, 5])
  }

  /// Successive-conditional chains.
  private static var chainCount: Int { 200 }
  /// Rounds of each: sweeps, then new signals.
  private static var roundCount: Int { 50 }
  /// Sweeps of a round: every kernel takes part.
  private static var sweepsPerRound: Int { 4 }

  /// Runs both simulators and compares them.
  func run(threads: Int) async throws -> GewekeTest {
    let chains = try await concurrentMap(Array(0..<Self.chainCount), threads: threads) { chain in
      (self.marginal(chain), self.successive(chain))
    }
    let names = predictive.names
    return GewekeTest(
      names, marginal: names.indices.map { k in chains.flatMap { $0.0.map { $0[k] } } },
      successive: names.indices.map { k in chains.map { $0.1.map { $0[k] } } })
  }

  /// Independent draws of the joint density.
  private func marginal(_ chain: Int) -> [[Double]] {
    var random = RandomStream(StreamKey(seed: seed, unit: chain, purpose: .prior))
    return (0..<Self.roundCount).map { _ in predictive.values(of: predictive.draw(using: &random)) }
  }

  /// A chain that starts from a draw of the joint density: sweeps given the signals, new signals, and again.
  private func successive(_ index: Int) -> [[Double]] {
    var random = RandomStream(StreamKey(seed: seed, unit: index, purpose: .simulation))
    var lesion = predictive.draw(using: &random)
    let count = predictive.graph.siteCount
    return (0..<Self.roundCount).map { round in
      let model = predictive.model(of: lesion)
      // Every round has streams of its own: its seed is the round's.
      var chain = FieldChain(
        of: model, units: (sites: (0..<count).map { index * count + $0 }, field: index),
        seed: seed &+ UInt64(round), chain: 0, moves: moves)
      chain.move(to: lesion.population) { predictive.lanes(of: lesion, group: $0, in: model) }
      for _ in 0..<Self.sweepsPerRound { chain.sweep() }
      predictive.take(chain, into: &lesion)
      drawNoise(given: chain, into: &lesion, index: index, round: round)
      predictive.drawSignals(of: &lesion, using: &random)
      return predictive.values(of: lesion)
    }
  }

  /// Draws amplitude and noise of every site at the state of `chain`.
  private func drawNoise(
    given chain: FieldChain<FieldPredictive<Tissue>.Density>,
    into lesion: inout FieldPredictive<Tissue>.Lesion, index: Int, round: Int
  ) {
    var density = chain.model.density
    for group in 0..<chain.model.layout.groupCount {
      let sites = chain.model.layout.sites(ofGroup: group)
      density.take(chain.model.groups[group])
      var nuisance = LaneRandom<Lane8>(
        sites.map {
          StreamKey(
            seed: seed &+ UInt64(round), unit: index * predictive.graph.siteCount + $0, purpose: .nuisance)
        })
      let (amplitude, sigma) = density.drawNuisance(from: chain.byproducts(ofGroup: group), using: &nuisance)
      for lane in 0..<Lane8.count where chain.model.layout.own[group][lane] > 0 {
        lesion.noise[sites[lane]] = (amplitude[lane], sigma[lane])
      }
    }
  }
}
