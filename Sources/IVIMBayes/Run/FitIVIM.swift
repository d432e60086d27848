internal import Acquisitions
internal import Diagnostics
internal import Foundation
internal import Lesions
internal import Posteriors

/// `fit ivim`: from a diffusion scan to the posterior of every voxel and lesion, on disk.
public struct FitIVIM: Sendable {
  public let files: FitFiles
  public let configuration: FitConfiguration
  public let threads: Int
  /// Told what a reader should know: notices of the inputs, choices made for them.
  private let notice: @Sendable (String) -> Void
  /// Makes the meter of a stage from its number of voxels.
  private let meter: @Sendable (Int) -> ProgressMeter

  /// A fit of `files` as `configuration` says, with at most `threads` tasks at work.
  public init(
    _ files: FitFiles, _ configuration: FitConfiguration, threads: Int,
    notice: @escaping @Sendable (String) -> Void = { _ in },
    meter: @escaping @Sendable (Int) -> ProgressMeter = { _ in .silent }
  ) {
    self.files = files
    self.configuration = configuration
    self.threads = threads
    self.notice = notice
    self.meter = meter
  }

  /// Runs the fit and writes the output folder.
  ///
  /// - Throws: `RunError`; then nothing is left behind.
  public func run() async throws(RunError) -> FitReport {
    let folder = try OutputFolder(files.output, overwriting: files.overwrites)
    do {
      let report = try await write(into: folder)
      try folder.commit()
      return report
    } catch {
      folder.discard()
      throw RunError(error)
    }
  }

  private func write(into folder: OutputFolder) async throws -> FitReport {
    try checkChoices()
    let plan = try configuration.chainPlan()
    let clock = RunClock()
    let inputs = try FitInputs.read(files, configuration)
    inputs.notices.forEach(notice)
    let results: FitResults
    switch configuration.model {
    case "monoexponential":
      results = try await fit(inputs, plan) { series, adcSettings in
        ADCModel(series: series.selecting(adcSettings), priors: inputs.priors, chains: plan)
      }
    default:
      results = try await fit(inputs, plan) { series, adcSettings in
        IVIMModel(series: series, adcSettings: adcSettings, priors: inputs.priors, chains: plan)
      }
    }
    let writer = FitWriter(
      stem: files.input.outputStem, inputs: inputs, results: results, configuration: configuration,
      digests: try files.digests())
    return try writer.write(into: folder, clock: clock)
  }

  private func checkChoices() throws(RunError) {
    let choices = [
      ("--model", configuration.model, ["biexponential", "monoexponential"]),
      ("--prior", configuration.prior, ["independent"]),
      ("--noise", configuration.noise, ["gaussian"]),
      ("--save-draws", configuration.saveDraws, ["lesions", "none"]),
    ]
    for (option, value, allowed) in choices where !allowed.contains(value) {
      throw RunError(
        .usage, at: option, "\"\(value)\" is not one of the choices of this version",
        advice: "Choose one of \(allowed.joined(separator: ", "))")
    }
    guard configuration.adcRange.count == 2, configuration.adcRange[0] < configuration.adcRange[1] else {
      throw RunError(
        .usage, at: "--adc-range", "the range needs two increasing b-values",
        advice: "Give for example 0,1000")
    }
    guard configuration.sigmaPooling >= 0, configuration.sigmaPooling.isFinite else {
      throw RunError(
        .usage, at: "--sigma-pooling", "the number of pseudo-observations is negative",
        advice: "Give 0 for each voxel alone, or a positive number")
    }
    if let sigma = configuration.sigma, !(sigma > 0 && sigma.isFinite) {
      throw RunError(
        .usage, at: "--sigma", "\(sigma) is no standard deviation", advice: "Give a positive number")
    }
  }

  /// Fits lesions one after the other and the voxels outside them, each region with its own noise level.
  private func fit<Model: NoisyVoxelModel>(
    _ inputs: FitInputs, _ plan: ChainPlan, model: (DiffusionSeries, [Int]) -> Model
  ) async throws -> FitResults {
    let voxels = inputs.background.count + inputs.lesions.reduce(0) { $0 + $1.lesion.rows.count }
    let progress = meter(voxels)
    var lesions: [LesionPosterior] = []
    var levels: [String: NoiseLevel] = [:]
    for entry in inputs.lesions {
      var model = model(entry.series, try adcSettings(of: entry.series))
      levels["lesion-\(entry.lesion.label)"] = try await model.setNoise(
        configuration.sigma, pooling: configuration.sigmaPooling, rows: entry.lesion.rows, threads: threads)
      let fit = LesionFit(model: model, lesion: entry.lesion, plan: plan)
      lesions.append(try await fit.run(threads: threads, progress: progress))
    }
    var outside = model(inputs.series, try adcSettings(of: inputs.series))
    var statistics: [[VoxelStatistics]] = []
    if !inputs.background.isEmpty {
      levels["outside"] = try await outside.setNoise(
        configuration.sigma, pooling: configuration.sigmaPooling, rows: inputs.background, threads: threads)
      let fit = VoxelRegionFit(model: outside, rows: inputs.background, plan: plan)
      statistics = try await fit.run(threads: threads, progress: progress)
    }
    return FitResults(
      quantities: outside.quantities, lesions: lesions, background: statistics, noiseLevels: levels)
  }

  /// The settings whose b-value lies in the range of the ADC, with the tolerance of one shell.
  private func adcSettings(of series: DiffusionSeries) throws(RunError) -> [Int] {
    let (low, high) = (configuration.adcRange[0] - 5, configuration.adcRange[1] + 5)
    let chosen = series.settings.indices.filter {
      (low...high).contains(series.bValues[$0].secondsPerSquareMillimeter)
    }
    guard Set(chosen.map { series.bValues[$0] }).count >= 2 else {
      throw RunError(
        .badInput, at: files.input.relativePath,
        "fewer than two b-values lie in the ADC's range \(configuration.adcRange[0]) to "
          + "\(configuration.adcRange[1]) s/mm²",
        advice: "Widen --adc-range, or check --b-min and --b-max")
    }
    return chosen
  }
}

extension DiffusionSeries {
  /// The series with only these settings.
  func selecting(_ settings: [Int]) -> DiffusionSeries {
    selecting(rows: Array(voxels.indices), settings: settings)
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
