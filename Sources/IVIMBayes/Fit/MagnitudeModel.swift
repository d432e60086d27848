internal import Acquisitions
internal import GSLSupport
internal import InferenceCore
internal import LaneMath
internal import Posteriors
internal import Samplers
internal import SignalModels

/// A tissue model under Rician or noncentral-chi noise: S₀ and σ are sampled with the tissue's coordinates.
struct MagnitudeModel<Tissue: TissueModel>: TissueVoxelModel {
  typealias Posterior = MagnitudePosterior<Tissue.Shape, Lane8>

  let tissue: Tissue
  let series: FitSeries
  let chains: ChainPlan
  let density: MagnitudeDensity
  let purpose: StreamPurpose
  var noise: RegionNoise = .level(.none)

  init(
    _ tissue: Tissue, series: FitSeries, chains: ChainPlan, density: MagnitudeDensity,
    purpose: StreamPurpose = .sampling
  ) {
    self.tissue = tissue
    self.series = series
    self.chains = chains
    self.density = density
    self.purpose = purpose
  }

  var magnitudeDensity: MagnitudeDensity? { density }

  func sampler(of rows: [Int]) -> MagnitudeSampler<Tissue> {
    var posterior = posterior(of: rows, noise: noise)
    let starts = tissue.laneStarts(of: rows)
    let start = posterior.start(among: starts)
    return MagnitudeSampler(
      tissue: tissue,
      group: EngineSampler(
        chains, on: posterior, from: start,
        alternatives: starts.dropFirst().map { posterior.completed($0) }, openAxis: tissue.openAxis,
        units: rows.map { series.voxels[$0] },
        purpose: purpose))
  }

  func field(over lesion: LesionGraph) -> TissueField<Tissue, Posterior> {
    TissueField(
      tissue, lesion: lesion, series: series, chains: chains, purpose: purpose,
      posterior: { rows in
        // The prior of log S₀ stays: no field joins the amplitudes of neighbours.
        var likelihood = posterior(of: rows, noise: noise)
        let last = likelihood.amplitudeIndex
        for k in likelihood.prior.precision.indices where k != packedIndex(last, last) {
          likelihood.prior.precision[k] = 0
        }
        return likelihood
      },
      data: { Posterior.SiteData(of: $0) },
      start: { rows in
        var posterior = posterior(of: rows, noise: noise)
        return posterior.start(among: tissue.laneStarts(of: rows))
      })
  }

  private func posterior(of rows: [Int], noise: RegionNoise) -> Posterior {
    let sigma: MagnitudeSigma<Lane8> =
      switch noise {
      case .level(let level):
        .pooled(pseudoObservations: Lane8(level.pseudoObservations), variance: Lane8(level.variance))
      case .known(let sigma): .known(sigma.variances(of: rows.map { series.voxels[$0] }).squareRoot())
      case .found(let noise): .known(noise(rows).variance.squareRoot())
      }
    let signals = series.lanes(rows)
    let tissuePrior = tissue.prior(of: rows)
    var prior = NormalPrior<Lane8>(
      means: [Double](repeating: 0, count: tissuePrior.mean.count + 1),
      standardDeviations: [Double](repeating: Self.amplitudeSpread, count: tissuePrior.mean.count + 1))
    for k in tissuePrior.mean.indices { prior.mean[k] = tissuePrior.mean[k] }
    for k in tissuePrior.precision.indices { prior.precision[k] = tissuePrior.precision[k] }
    let largest = signals.reduce(Lane8(0)) { Lane8.maximum($0, $1) }
    prior.mean[tissuePrior.mean.count] = Lane8.log(Lane8.maximum(largest, Lane8(1e-300)))
    return MagnitudePosterior(
      tissue.shape, signals: signals, averages: series.averages, density: density, sigma: sigma,
      prior: prior)
  }

  /// The SD of log S₀ about that of the voxel's largest signal: from a four-hundredth to four hundred times it.
  ///
  /// Flat in log S₀ the posterior is none: magnitudes no larger than their noise are as likely at every S₀ below it.
  private static var amplitudeSpread: Double { 3 }

  /// N σ̂² at the mode and its degrees of freedom, N − 1 − d + tr(P I⁻¹), d the tissue's coordinates.
  func residuals(of rows: [Int], level: NoiseLevel) -> (sum: Lane8, degreesOfFreedom: Lane8) {
    var density = posterior(of: rows, noise: .level(level))
    let mode = LaneMode(of: &density, from: density.start(among: tissue.laneStarts(of: rows)))
    let count = Double(density.shape.settingCount)
    let nu0 = level.pseudoObservations
    // The mode of σ² is (R + ν₀ s²)/(N + ν₀): R is what remains.
    _ = density.logDensity(at: mode.position)
    let variance = density.byproducts[1] * density.byproducts[1]
    let sum = (count + nu0) * variance - Lane8(nu0 * level.variance)
    let coordinates = Double(tissue.shape.coordinates.count)
    return (
      sum,
      (count - 1 - coordinates) + density.prior.shrinkage(factor: mode.factor, dimension: density.dimension)
    )
  }
}

/// Draws the quantities of a tissue of eight voxels under magnitude noise.
struct MagnitudeSampler<Tissue: TissueModel>: GroupSampler {
  let tissue: Tissue
  var group: EngineSampler<MagnitudeModel<Tissue>.Posterior>

  var acceptance: Lane8 { group.acceptance }
  var divergences: Int { group.divergences }

  mutating func draw(_ count: Int, into draws: inout GroupDraws, at first: Int) {
    let tissue = tissue
    var values = [Lane8](repeating: 0, count: tissue.quantities.count)
    group.draw(count) { chain, position, byproducts in
      tissue.set(
        &values, eta: position, byproducts: byproducts, from: 2, amplitude: byproducts[0],
        sigma: byproducts[1])
      for k in values.indices { draws.append(values[k], quantity: first + k, chain: chain) }
    }
  }
}
