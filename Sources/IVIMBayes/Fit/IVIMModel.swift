internal import Acquisitions
internal import GSLSupport
internal import InferenceCore
internal import LaneMath
internal import Posteriors
internal import Samplers
internal import SignalModels

/// Biexponential IVIM with monoexponential ADC beside it, S₀ and σ marginalised.
struct IVIMModel: VoxelModel {
  typealias BiexponentialPosterior = AmplitudeMarginalPosterior<BiexponentialIVIM, Lane8>
  typealias ADCPosterior = AmplitudeMarginalPosterior<MonoexponentialADC, Lane8>

  let series: DiffusionSeries
  /// The settings that the ADC uses.
  let adcSettings: [Int]
  let priors: TissuePriors
  let chains: ChainPlan
  var noise: AmplitudeNoise<Lane8>
  var adcNoise: AmplitudeNoise<Lane8>
  private let biexponential: BiexponentialIVIM
  private let monoexponential: MonoexponentialADC

  init(series: DiffusionSeries, adcSettings: [Int], priors: TissuePriors, chains: ChainPlan) {
    self.series = series
    self.adcSettings = adcSettings
    self.priors = priors
    self.chains = chains
    biexponential = BiexponentialIVIM(bValues: series.bValues)
    monoexponential = MonoexponentialADC(bValues: adcSettings.map { series.bValues[$0] })
    noise = .pooled(pseudoObservations: 0, variance: 0)
    adcNoise = noise
  }

  let quantities = [
    Quantity("d", unit: "mm2/s", scale: .log),
    Quantity("f", unit: "", scale: .logit),
    Quantity("dstar", unit: "mm2/s", scale: .log),
    Quantity("fdstar", unit: "mm2/s", scale: .log, isMapped: false),
    Quantity("s0", unit: "", scale: .identity),
    Quantity("sigma", unit: "", scale: .identity),
    Quantity("adc", unit: "mm2/s", scale: .log),
  ]

  /// The prior of η = (log D, logit f, log(D* − D)), D in µm²/ms.
  var prior: NormalPrior<Lane8> {
    let logitF = Double.log(priors.f.median / (1 - priors.f.median))
    return NormalPrior(
      means: [Double.log(1000 * priors.d.median), logitF, Double.log(1000 * priors.dStarMinusD.median)],
      standardDeviations: [priors.d.sd, priors.f.sd, priors.dStarMinusD.sd])
  }

  /// The prior of η = (log ADC), ADC in µm²/ms.
  var adcPrior: NormalPrior<Lane8> {
    NormalPrior(means: [Double.log(1000 * priors.adc.median)], standardDeviations: [priors.adc.sd])
  }

  func posterior(of rows: [Int]) -> BiexponentialPosterior {
    AmplitudeMarginalPosterior(
      biexponential, signals: lanes(rows, settings: Array(series.settings.indices)),
      averages: series.averages, noise: noise, prior: prior)
  }

  func adcPosterior(of rows: [Int]) -> ADCPosterior {
    AmplitudeMarginalPosterior(
      monoexponential, signals: lanes(rows, settings: adcSettings),
      averages: adcSettings.map { series.averages[$0] }, noise: adcNoise, prior: adcPrior)
  }

  func sampler(of rows: [Int]) -> IVIMSampler {
    let units = rows.map { series.voxels[$0] }
    let posterior = posterior(of: rows)
    let adcPosterior = adcPosterior(of: rows)
    return IVIMSampler(
      biexponential: LaneGroupSampler(
        on: posterior, from: posterior.prior.mean, openAxis: BiexponentialIVIM.openAxis, units: units,
        seed: chains.seed, chainCount: chains.count, generator: chains.generator),
      adc: LaneGroupSampler(
        on: adcPosterior, from: adcPosterior.prior.mean, openAxis: 0, units: units, seed: chains.seed,
        chainCount: chains.count, purpose: .companion, generator: chains.generator),
      nuisance: LaneRandom.streams(of: units, chains: chains))
  }

  func priorDraw(using random: inout RandomStream) -> [Double] {
    let d = priors.d.median * Double.exp(priors.d.sd * random.normal())
    let logitF = Double.log(priors.f.median / (1 - priors.f.median))
    let f = Double.logistic(logitF + priors.f.sd * random.normal())
    let dStar = d + priors.dStarMinusD.median * Double.exp(priors.dStarMinusD.sd * random.normal())
    let adc = priors.adc.median * Double.exp(priors.adc.sd * random.normal())
    return [d, f, dStar, f * dStar, .nan, .nan, adc]
  }

  private func lanes(_ rows: [Int], settings: [Int]) -> [Lane8] {
    settings.map { setting in Lane8(rows.map { Double(series.signals[$0, setting]) }) }
  }
}

/// Draws IVIM parameters, S₀, σ and ADC of eight voxels.
struct IVIMSampler: GroupSampler {
  var biexponential: LaneGroupSampler<IVIMModel.BiexponentialPosterior>
  var adc: LaneGroupSampler<IVIMModel.ADCPosterior>
  var nuisance: [LaneRandom<Lane8>]

  mutating func draw(_ count: Int, into draws: inout GroupDraws) {
    var raw: [(chain: Int, eta: [Lane8], byproducts: [Lane8])] = []
    raw.reserveCapacity(count * draws.chainCount)
    biexponential.draw(count) { chain, eta, byproducts in raw.append((chain, eta, byproducts)) }
    for (chain, eta, byproducts) in raw {
      let d = 1e-3 * Lane8.exp(eta[0])
      let f = Lane8.logistic(eta[1])
      let dStar = d + 1e-3 * Lane8.exp(eta[2])
      let (s0, sigma) = biexponential.density.drawNuisance(from: byproducts, using: &nuisance[chain])
      for (quantity, value) in [d, f, dStar, f * dStar, s0, sigma].enumerated() {
        draws.append(value, quantity: quantity, chain: chain)
      }
    }
    adc.draw(count) { chain, eta, _ in
      draws.append(1e-3 * Lane8.exp(eta[0]), quantity: 6, chain: chain)
    }
  }
}
