internal import GSLSupport
internal import LaneMath
internal import Posteriors

/// A tissue model under Gaussian or magnitude noise, as the configuration says.
struct SwitchedModel<Tissue: TissueModel>: SharedNoiseModel {
  private enum Choice: Sendable {
    case gaussian(GaussianModel<Tissue>)
    case magnitude(MagnitudeModel<Tissue>)
  }

  private var choice: Choice

  /// Under magnitude noise of `density`, or Gaussian noise if it is nil.
  init(
    _ tissue: Tissue, series: FitSeries, chains: ChainPlan, density: MagnitudeDensity?,
    purpose: StreamPurpose = .sampling
  ) {
    if let density {
      choice = .magnitude(
        MagnitudeModel(tissue, series: series, chains: chains, density: density, purpose: purpose))
    } else {
      choice = .gaussian(GaussianModel(tissue, series: series, chains: chains, purpose: purpose))
    }
  }

  var quantities: [Quantity] {
    switch choice {
    case .gaussian(let model): model.quantities
    case .magnitude(let model): model.quantities
    }
  }

  func priorDraw(using random: inout RandomStream) -> [Double] {
    switch choice {
    case .gaussian(let model): model.priorDraw(using: &random)
    case .magnitude(let model): model.priorDraw(using: &random)
    }
  }

  func prediction(from values: [Double]) -> Prediction? {
    switch choice {
    case .gaussian(let model): model.prediction(from: values)
    case .magnitude(let model): model.prediction(from: values)
    }
  }

  func logLikelihood(ofRow row: Int, from values: [Double]) -> [Double]? {
    switch choice {
    case .gaussian(let model): model.logLikelihood(ofRow: row, from: values)
    case .magnitude(let model): model.logLikelihood(ofRow: row, from: values)
    }
  }

  func measurements(ofRow row: Int) -> [Double] {
    switch choice {
    case .gaussian(let model): model.measurements(ofRow: row)
    case .magnitude(let model): model.measurements(ofRow: row)
    }
  }

  func sampler(of rows: [Int]) -> SwitchedSampler<Tissue> {
    switch choice {
    case .gaussian(let model): .gaussian(model.sampler(of: rows))
    case .magnitude(let model): .magnitude(model.sampler(of: rows))
    }
  }

  var series: FitSeries {
    switch choice {
    case .gaussian(let model): model.series
    case .magnitude(let model): model.series
    }
  }

  func field(over lesion: LesionGraph)
    -> SwitchedField<GaussianModel<Tissue>.Field, MagnitudeModel<Tissue>.Field>
  {
    switch choice {
    case .gaussian(let model): .gaussian(model.field(over: lesion))
    case .magnitude(let model): .magnitude(model.field(over: lesion))
    }
  }

  mutating func setNoise(_ sigma: KnownSigma?, pooling: Double?, rows: [Int], threads: Int) async throws
    -> NoiseLevel
  {
    switch choice {
    case .gaussian(var model):
      let level = try await model.setNoise(sigma, pooling: pooling, rows: rows, threads: threads)
      choice = .gaussian(model)
      return level
    case .magnitude(var model):
      let level = try await model.setNoise(sigma, pooling: pooling, rows: rows, threads: threads)
      choice = .magnitude(model)
      return level
    }
  }

  func foundNoise(of rows: [Int], level: NoiseLevel) -> FoundNoise {
    switch choice {
    case .gaussian(let model): model.foundNoise(of: rows, level: level)
    case .magnitude(let model): model.foundNoise(of: rows, level: level)
    }
  }

  mutating func take(_ noise: RegionNoise) {
    switch choice {
    case .gaussian(var model):
      model.take(noise)
      choice = .gaussian(model)
    case .magnitude(var model):
      model.take(noise)
      choice = .magnitude(model)
    }
  }
}

/// The sampler of a `SwitchedModel`.
enum SwitchedSampler<Tissue: TissueModel>: GroupSampler {
  case gaussian(GaussianSampler<Tissue>)
  case magnitude(MagnitudeSampler<Tissue>)

  mutating func draw(_ count: Int, into draws: inout GroupDraws, at first: Int) {
    switch self {
    case .gaussian(var sampler):
      sampler.draw(count, into: &draws, at: first)
      self = .gaussian(sampler)
    case .magnitude(var sampler):
      sampler.draw(count, into: &draws, at: first)
      self = .magnitude(sampler)
    }
  }

  var acceptance: Lane8 {
    switch self {
    case .gaussian(let sampler): sampler.acceptance
    case .magnitude(let sampler): sampler.acceptance
    }
  }

  var divergences: Int {
    switch self {
    case .gaussian(let sampler): sampler.divergences
    case .magnitude(let sampler): sampler.divergences
    }
  }
}
