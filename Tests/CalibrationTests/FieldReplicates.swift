import Diagnostics
import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import Samplers
import SignalModels

/// Simulation-based calibration of a field over voxels: populations, fields and signals from the joint prior, ranks of the
/// truths among the draws of the production sampler (Talts et al. 2018, arXiv:1804.06788).
///
/// Noise is normal–inverse-gamma in every voxel, S₀ ~ N(1000, σ√30), σ² ~ IG(6, 6 · 25²): SNR from 20 to 80.
struct FieldReplicates<Shape: SignalShape> {
  let shape: Shape
  let prior: FieldPrior
  /// An irregular body of 13 voxels, a pair, and two voxels alone.
  let graph: SiteGraph
  let count: Int
  let seed: UInt64
  private let spectrum: FieldSpectrum
  private let noise = AmplitudeNoise<Lane8>.normalInverseGamma(
    mean: 1000, relativeVariance: 30, shape: 6, scale: 6 * 625)
  private static var drawCount: Int { 99 }

  init(_ shape: Shape, prior: FieldPrior, count: Int, seed: UInt64) {
    self.shape = shape
    self.prior = prior
    self.count = count
    self.seed = seed
    graph = SiteGraph(
      positions: [
        [0, 0, 0], [1, 0, 0], [2, 0, 0], [0, 1, 0], [1, 1, 0], [2, 1, 0], [1, 2, 0], [0, 0, 1], [1, 0, 1],
        [1, 1, 1], [2, 1, 1], [1, 1, 2], [2, 1, 2], [5, 0, 0], [5, 1, 0], [6, 2, 0], [9, 9, 9],
      ], spacing: [2, 2, 3])
    spectrum = FieldSpectrum(graph)
  }

  /// μ, τ, λ and the mean over the voxels of every coordinate, correlations, and the joint log likelihood.
  private var names: [String] {
    let axes = prior.axes.indices
    var names = axes.map { "tau \($0)" } + axes.map { "mean \($0)" }
    if prior.structure != .intrinsic { names += axes.map { "mu \($0)" } }
    if prior.structure == .leroux { names += axes.map { "lambda \($0)" } }
    names += (0..<axes.count * (axes.count - 1) / 2).map { "partial \($0)" }
    return names + ["log likelihood"]
  }

  private func quantities(_ hyper: FieldHyperparameters, means: [Double], logLikelihood: Double) -> [Double] {
    var values = hyper.spread + means
    if prior.structure != .intrinsic { values += hyper.mean }
    if prior.structure == .leroux { values += hyper.dependence }
    return values + hyper.partial + [logLikelihood]
  }

  /// The ranks of all replicates under a sampler with these moves.
  func ranks(_ moves: FieldMoves = FieldMoves(), warmup: Int = 400, thinning: Int = 12) -> RankCalibration {
    var calibration = RankCalibration(of: names, drawCount: Self.drawCount)
    for replicate in 0..<count {
      var random = RandomStream(StreamKey(seed: seed, unit: replicate, purpose: .simulation))
      let hyper = prior.drawPopulation(using: &random)
      let field = prior.drawField(of: hyper, on: graph, spectrum: spectrum, using: &random)
      let signals = field.map { simulate(at: $0, using: &random) }
      let model = FieldModel(
        graph: graph, spectrum: spectrum, prior: prior,
        density: likelihood([Int](repeating: 0, count: 8), signals),
        data: { AmplitudeMarginalPosterior.SiteData(of: likelihood($0, signals)) })
      var chain = FieldChain(
        of: model, units: (field.indices.map { $0 + 100 * replicate }, replicate), seed: seed, chain: 0,
        moves: moves)
      chain.warmUp(warmup)
      var drawn = [[Double]](repeating: [], count: names.count)
      for _ in 0..<Self.drawCount {
        for _ in 0..<thinning { chain.sweep() }
        let values = quantities(
          chain.hyper, means: chain.meanPosition, logLikelihood: chain.logLikelihood)
        for (k, value) in values.enumerated() { drawn[k].append(value) }
      }
      let means = prior.axes.indices.map { k in
        field.reduce(0) { $0 + $1[k] } / Double(field.count)
      }
      let truth = quantities(hyper, means: means, logLikelihood: logLikelihood(field, signals))
      calibration.add(truth: truth, draws: drawn, using: &random)
    }
    return calibration
  }

  private func simulate(at eta: [Double], using random: inout RandomStream) -> [Double] {
    let sigma = random.inverseGamma(shape: 6, scale: 6 * 625).squareRoot()
    let s0 = random.normal(mean: 1000, standardDeviation: sigma * 30.0.squareRoot())
    var relative = [Double](repeating: 0, count: shape.settingCount)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    shape.evaluate(at: eta, signal: &relative, workspace: &workspace)
    return relative.map { random.normal(mean: s0 * $0, standardDeviation: sigma) }
  }

  private func likelihood(_ sites: [Int], _ signals: [[Double]]) -> AmplitudeMarginalPosterior<Shape, Lane8> {
    AmplitudeMarginalPosterior(
      shape, signals: (0..<shape.settingCount).map { i in Lane8(sites.map { signals[$0][i] }) },
      averages: [Double](repeating: 1, count: shape.settingCount), noise: noise,
      prior: .flat(count: shape.coordinates.count))
  }

  private func logLikelihood(_ field: [[Double]], _ signals: [[Double]]) -> Double {
    field.indices.reduce(0) { sum, site in
      var density = likelihood([Int](repeating: site, count: 8), signals)
      return sum + density.logDensity(at: field[site].map { Lane8($0) })[0]
    }
  }
}
