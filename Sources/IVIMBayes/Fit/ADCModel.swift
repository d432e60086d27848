internal import Acquisitions
internal import GSLSupport
internal import InferenceCore
internal import LaneMath
internal import Posteriors
internal import Samplers
internal import SignalModels

/// Monoexponential decay alone: ADC, S₀ and σ.
struct ADCModel: NoisyVoxelModel {
  typealias Posterior = AmplitudeMarginalPosterior<MonoexponentialADC, Lane8>

  let series: DiffusionSeries
  let priors: TissuePriors
  let chains: ChainPlan
  var noise: AmplitudeNoise<Lane8> = .pooled(pseudoObservations: 0, variance: 0)
  private let shape: MonoexponentialADC

  init(series: DiffusionSeries, priors: TissuePriors, chains: ChainPlan) {
    self.series = series
    self.priors = priors
    self.chains = chains
    shape = MonoexponentialADC(bValues: series.bValues)
  }

  let quantities = [
    Quantity("adc", unit: "mm2/s", scale: .log),
    Quantity("s0", unit: "", scale: .identity),
    Quantity("sigma", unit: "", scale: .identity),
  ]

  func posterior(of rows: [Int]) -> Posterior {
    AmplitudeMarginalPosterior(
      shape,
      signals: series.settings.indices.map { setting in
        Lane8(rows.map { Double(series.signals[$0, setting]) })
      },
      averages: series.averages, noise: noise,
      prior: NormalPrior(means: [Double.log(1000 * priors.adc.median)], standardDeviations: [priors.adc.sd]))
  }

  func sampler(of rows: [Int]) -> ADCSampler {
    let units = rows.map { series.voxels[$0] }
    let posterior = posterior(of: rows)
    return ADCSampler(
      group: LaneGroupSampler(
        on: posterior, from: posterior.prior.mean, openAxis: 0, units: units, seed: chains.seed,
        chainCount: chains.count, purpose: .companion, generator: chains.generator),
      nuisance: LaneRandom.streams(of: units, chains: chains))
  }

  func priorDraw(using random: inout RandomStream) -> [Double] {
    [priors.adc.median * Double.exp(priors.adc.sd * random.normal()), .nan, .nan]
  }

  mutating func setNoise(_ sigma: Double?, pooling: Double, rows: [Int], threads: Int) async throws
    -> NoiseLevel
  {
    if let sigma {
      noise = .known(variance: Lane8(sigma * sigma))
      return NoiseLevel(variance: sigma * sigma, pseudoObservations: .infinity)
    }
    let alone = self
    let level = try await NoiseLevel.estimate(rows: rows, pooling: pooling, threads: threads) { rows, noise in
      var model = alone
      model.noise = noise
      return model.posterior(of: rows)
    }
    noise = level.noise
    return level
  }
}

/// Draws ADC, S₀ and σ of eight voxels.
struct ADCSampler: GroupSampler {
  var group: LaneGroupSampler<ADCModel.Posterior>
  var nuisance: [LaneRandom<Lane8>]

  mutating func draw(_ count: Int, into draws: inout GroupDraws) {
    var raw: [(chain: Int, adc: Lane8, byproducts: [Lane8])] = []
    group.draw(count) { chain, eta, byproducts in raw.append((chain, 1e-3 * Lane8.exp(eta[0]), byproducts)) }
    for (chain, adc, byproducts) in raw {
      let (s0, sigma) = group.density.drawNuisance(from: byproducts, using: &nuisance[chain])
      for (quantity, value) in [adc, s0, sigma].enumerated() {
        draws.append(value, quantity: quantity, chain: chain)
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
