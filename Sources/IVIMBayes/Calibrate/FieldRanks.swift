internal import Diagnostics
internal import GSLSupport
internal import Samplers

/// Simulation-based calibration of lesions whose voxels share a population or a field: the sampler of `--prior
/// hierarchical` and `--prior spatial`.
struct FieldRanks<Tissue: TissueModel>: Sendable {
  let predictive: FieldPredictive<Tissue>
  let seed: UInt64
  /// The kernels; tests plant faults here.
  var moves = FieldMoves()
  /// Sweeps that adapt, and are thrown away.
  var warmup = 400
  /// Sweeps for each draw that is kept.
  var thinning = 24

  /// Draws among which each truth is ranked.
  static var drawCount: Int { 99 }

  var names: [String] { predictive.names }

  /// The replicate with this number, whose random numbers depend on nothing else.
  func replicate(_ index: Int) -> RankReplicate {
    var random = RandomStream(StreamKey(seed: seed, unit: index, purpose: .simulation))
    var lesion = predictive.draw(using: &random)
    let truth = predictive.values(of: lesion)
    let model = predictive.model(of: lesion, modeAxis: predictive.voxels.tissue.modeAxis)
    let sites = (0..<predictive.graph.siteCount).map { index * predictive.graph.siteCount + $0 }
    var chain = FieldChain(of: model, units: (sites: sites, field: index), seed: seed, chain: 0, moves: moves)
    chain.warmUp(warmup)
    var draws = [[Double]](repeating: [], count: names.count)
    for _ in 0..<Self.drawCount {
      for _ in 0..<thinning { chain.sweep() }
      predictive.take(chain, into: &lesion)
      for (q, value) in predictive.values(of: lesion).enumerated() { draws[q].append(value) }
    }
    return RankReplicate(truth: truth, draws: draws)
  }
}
