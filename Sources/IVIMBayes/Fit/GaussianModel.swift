internal import Acquisitions
internal import GSLSupport
internal import InferenceCore
internal import LaneMath
internal import Posteriors
internal import Samplers
internal import SignalModels

/// A tissue model under Gaussian noise, amplitude and σ integrated out.
struct GaussianModel<Tissue: TissueModel>: TissueVoxelModel {
  typealias Posterior = AmplitudeMarginalPosterior<Tissue.Shape, Lane8>

  let tissue: Tissue
  let series: FitSeries
  let chains: ChainPlan
  let purpose: StreamPurpose
  var noise: RegionNoise = .level(.none)

  init(_ tissue: Tissue, series: FitSeries, chains: ChainPlan, purpose: StreamPurpose = .sampling) {
    self.tissue = tissue
    self.series = series
    self.chains = chains
    self.purpose = purpose
  }

  var magnitudeDensity: MagnitudeDensity? { nil }

  func sampler(of rows: [Int]) -> GaussianSampler<Tissue> {
    let units = rows.map { series.voxels[$0] }
    var posterior = posterior(of: rows, noise: noise)
    let start = start(of: rows, in: &posterior)
    if tissue.reportsOneCoordinate, chains.engine == .metropolis {
      let mode = LaneMode(of: &posterior, from: start, tolerance: 1e-6)
      let streams = (0..<chains.count).map { chain in
        LaneRandom<Lane8>(
          units.map { StreamKey(seed: chains.seed, chain: chain, unit: $0, purpose: purpose) },
          generator: chains.generator)
      }
      return .line(
        LineSampler(tissue: tissue, line: TabulatedLine(of: &posterior, about: mode), streams: streams))
    }
    return .chains(
      ChainSampler(
        tissue: tissue,
        group: EngineSampler(
          chains, on: posterior, from: start, openAxis: tissue.openAxis, units: units, purpose: purpose),
        streams: LaneRandom.streams(of: units, chains: chains)))
  }

  func field(over lesion: LesionGraph) -> TissueField<Tissue, Posterior> {
    TissueField(
      tissue, lesion: lesion, series: series, chains: chains, purpose: purpose,
      posterior: { rows in
        var likelihood = posterior(of: rows, noise: noise)
        likelihood.prior = .flat(count: likelihood.dimension)
        return likelihood
      },
      data: { Posterior.SiteData(of: $0) },
      start: { rows in
        var posterior = posterior(of: rows, noise: noise)
        return start(of: rows, in: &posterior)
      })
  }

  private func posterior(of rows: [Int], noise: RegionNoise) -> Posterior {
    switch noise {
    case .level(let level):
      return posterior(
        of: rows,
        .pooled(pseudoObservations: Lane8(level.pseudoObservations), variance: Lane8(level.variance)))
    case .known(let sigma):
      return posterior(of: rows, .known(variance: sigma.variances(of: rows.map { series.voxels[$0] })))
    case .found(let noise):
      let found = noise(rows)
      var posterior = posterior(of: rows, .known(variance: found.variance))
      posterior.noise = found.noise(of: &posterior, from: start(of: rows, in: &posterior))
      return posterior
    }
  }

  private func posterior(of rows: [Int], _ noise: AmplitudeNoise<Lane8>) -> Posterior {
    AmplitudeMarginalPosterior(
      tissue.shape, signals: series.lanes(rows), averages: series.averages, noise: noise,
      prior: tissue.prior(of: rows))
  }

  private func start(of rows: [Int], in posterior: inout Posterior) -> [Lane8] {
    let starts = tissue.laneStarts(of: rows)
    return starts.count == 1 ? starts[0] : posterior.best(of: starts)
  }

  /// Residual sum of squares at the mode and its degrees of freedom, N − 1 − d + tr(P I⁻¹), of eight rows.
  func residuals(of rows: [Int], level: NoiseLevel) -> (sum: Lane8, degreesOfFreedom: Lane8) {
    var density = posterior(of: rows, noise: .level(level))
    let mode = LaneMode(of: &density, from: start(of: rows, in: &density), tolerance: 1e-6)
    _ = density.logDensity(at: mode.position)
    let total = Double(density.shape.settingCount - 1 - density.dimension)
    return (
      density.byproducts[2],
      total + density.prior.shrinkage(factor: mode.factor, dimension: density.dimension)
    )
  }
}

/// Draws the quantities of a tissue of eight voxels under Gaussian noise.
enum GaussianSampler<Tissue: TissueModel>: GroupSampler {
  case chains(ChainSampler<Tissue>)
  case line(LineSampler<Tissue>)

  var acceptance: Lane8 {
    switch self {
    case .chains(let sampler): sampler.group.acceptance
    case .line: 1
    }
  }

  var divergences: Int {
    switch self {
    case .chains(let sampler): sampler.group.divergences
    case .line: 0
    }
  }

  mutating func draw(_ count: Int, into draws: inout GroupDraws, at first: Int) {
    switch self {
    case .chains(var sampler):
      sampler.draw(count, into: &draws, at: first)
      self = .chains(sampler)
    case .line(var sampler):
      sampler.draw(count, into: &draws, at: first)
      self = .line(sampler)
    }
  }
}

/// Markov chains of η, with S₀ and σ drawn given η.
struct ChainSampler<Tissue: TissueModel>: Sendable {
  let tissue: Tissue
  var group: EngineSampler<GaussianModel<Tissue>.Posterior>
  var streams: [LaneRandom<Lane8>]

  mutating func draw(_ count: Int, into draws: inout GroupDraws, at first: Int) {
    let (tissue, nuisance) = (tissue, group.density.nuisance)
    var streams = streams
    self.streams = []
    let amplitudeIndex = first + tissue.amplitudeIndex
    let needsNuisance =
      amplitudeIndex + 1 < draws.kept.count && (draws.kept[amplitudeIndex] || draws.kept[amplitudeIndex + 1])
    var values = [Lane8](repeating: 0, count: tissue.quantities.count)
    group.draw(count) { chain, eta, byproducts in
      var (amplitude, sigma) = (Lane8(0), Lane8(0))
      if needsNuisance { (amplitude, sigma) = nuisance.draw(from: byproducts, using: &streams[chain]) }
      tissue.set(
        &values, eta: eta, byproducts: byproducts, from: 3, amplitude: amplitude, sigma: sigma)
      for k in values.indices { draws.append(values[k], quantity: first + k, chain: chain) }
    }
    self.streams = streams
  }
}

/// Independent draws of the only coordinate of a tissue that reports nothing else.
struct LineSampler<Tissue: TissueModel>: Sendable {
  let tissue: Tissue
  var line: TabulatedLine<Lane8>
  var streams: [LaneRandom<Lane8>]

  mutating func draw(_ count: Int, into draws: inout GroupDraws, at first: Int) {
    var eta = [Lane8(0)]
    for chain in streams.indices {
      for _ in 0..<count {
        eta[0] = line.draw(using: &streams[chain])
        let values = tissue.values(eta: eta, amplitude: Lane8(.nan), sigma: Lane8(.nan))
        draws.append(values[0], quantity: first, chain: chain)
      }
    }
  }
}

extension LaneRandom<Lane8> {
  /// The streams from which S₀ and σ of the voxels `units` are drawn, one for each chain.
  static func streams(of units: [Int], chains: ChainPlan) -> [LaneRandom<Lane8>] {
    (0..<chains.count).map { chain in
      LaneRandom(
        units.map { StreamKey(seed: chains.seed, chain: chain, unit: $0, purpose: .nuisance) },
        generator: chains.generator)
    }
  }
}
