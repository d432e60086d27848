internal import Lesions
internal import Posteriors

/// Fits the regions of a scan one after the other, each with its own noise level.
struct RegionRunner {
  let inputs: FitInputs
  let configuration: FitConfiguration
  let plan: ChainPlan
  let threads: Int
  let progress: ProgressMeter

  /// Fits lesions as wholes and the voxels outside them as voxels; `model` makes the model of a series.
  func run<Model: NoisyVoxelModel>(model: (FitSeries) throws -> Model) async throws -> FitResults {
    var lesions: [LesionPosterior] = []
    var levels: [String: NoiseLevel] = [:]
    for entry in inputs.lesions {
      var model = try model(entry.series)
      levels["lesion-\(entry.lesion.label)"] = try await model.setNoise(
        inputs.knownSigma, pooling: configuration.sigmaPooling, rows: entry.lesion.rows, threads: threads)
      let fit = LesionFit(model: model, lesion: entry.lesion, plan: plan)
      lesions.append(try await fit.run(threads: threads, progress: progress))
    }
    var outside = try model(inputs.series)
    var statistics: [[VoxelStatistics]] = []
    if !inputs.background.isEmpty {
      levels["outside"] = try await outside.setNoise(
        inputs.knownSigma, pooling: configuration.sigmaPooling, rows: inputs.background, threads: threads)
      let fit = VoxelRegionFit(model: outside, rows: inputs.background, plan: plan)
      statistics = try await fit.run(threads: threads, progress: progress)
    }
    return FitResults(
      quantities: outside.quantities, lesions: lesions, background: statistics, noiseLevels: levels)
  }
}

/// What a fit found, before it is written.
struct FitResults {
  let quantities: [Quantity]
  let lesions: [LesionPosterior]
  /// `[row of the background][mapped quantity]`.
  let background: [[VoxelStatistics]]
  /// The noise level of every region, by name.
  let noiseLevels: [String: NoiseLevel]
}
