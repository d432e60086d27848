internal import GSLSupport
internal import LaneMath
internal import Posteriors

/// Two models of the same voxels side by side: IVIM with ADC beside it.
///
/// Both have the noise that the first one finds. A single exponential does not describe perfused tissue: its residuals
/// are misfit as much as noise, and a field that takes misfit for noise draws unlike neighbours together. With the noise
/// of the measurements the posterior of the ADC is about the least-squares fit of the noiseless signals, as wide as noise
/// makes it.
struct PairedModel<First: SharedNoiseModel, Second: SharedNoiseModel>: NoisyVoxelModel {
  private var first: First
  private var second: Second

  init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  var quantities: [Quantity] { first.quantities + second.quantities }

  func priorDraw(using random: inout RandomStream) -> [Double] {
    first.priorDraw(using: &random) + second.priorDraw(using: &random)
  }

  /// What the first model predicts: the second is beside it, not part of it.
  func prediction(from values: [Double]) -> Prediction? {
    first.prediction(from: Array(values.prefix(first.quantities.count)))
  }

  func logLikelihood(ofRow row: Int, from values: [Double]) -> [Double]? {
    first.logLikelihood(ofRow: row, from: Array(values.prefix(first.quantities.count)))
  }

  func measurements(ofRow row: Int) -> [Double] { first.measurements(ofRow: row) }

  func sampler(of rows: [Int]) -> PairedSampler<First.Sampler, Second.Sampler> {
    PairedSampler(
      first: first.sampler(of: rows), second: second.sampler(of: rows), firstCount: first.quantities.count)
  }

  var series: FitSeries { first.series }

  func field(over lesion: LesionGraph) -> PairedField<First.Field, Second.Field> {
    PairedField(
      first: first.field(over: lesion), second: second.field(over: lesion), firstCount: first.quantities.count
    )
  }

  /// Sets the noise of the first model, which is that of both, and returns its level.
  ///
  /// A voxel alone, without a level, does not know its noise well enough to pass it on: then each model has its own.
  mutating func setNoise(_ sigma: KnownSigma?, pooling: Double?, rows: [Int], threads: Int) async throws
    -> NoiseLevel
  {
    let level = try await first.setNoise(sigma, pooling: pooling, rows: rows, threads: threads)
    if sigma == nil, level.pseudoObservations > 0 {
      let first = first
      second.take(.found { first.foundNoise(of: $0, level: level) })
    } else {
      _ = try await second.setNoise(sigma, pooling: pooling, rows: rows, threads: threads)
    }
    return level
  }
}

/// Draws from both models.
struct PairedSampler<First: GroupSampler, Second: GroupSampler>: GroupSampler {
  var first: First
  var second: Second
  let firstCount: Int

  mutating func draw(_ count: Int, into draws: inout GroupDraws, at place: Int) {
    first.draw(count, into: &draws, at: place)
    second.draw(count, into: &draws, at: place + firstCount)
  }

  var acceptance: Lane8 { Lane8.minimum(first.acceptance, second.acceptance) }
  var divergences: Int { first.divergences + second.divergences }
}
