internal import Acquisitions
internal import Foundation
internal import Posteriors
internal import SignalModels

/// `fit ivim` and `fit t1`: from a scan to the posterior of every voxel and lesion, on disk.
public struct Fit: Sendable {
  /// What is read, and where the results go.
  public let files: FitFiles
  /// What is done.
  public let configuration: FitConfiguration
  /// The largest number of tasks at work at once; results do not depend on it.
  public let threads: Int
  /// Told what a reader should know: notices of the inputs, choices made for them.
  private let notice: @Sendable (String) -> Void
  /// Makes the meter of a fit from its number of voxels.
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
    try configuration.check()
    try files.check(configuration)
    let plan = try configuration.chainPlan()
    let clock = RunClock()
    let inputs = try FitInputs.read(files, configuration)
    inputs.notices.forEach(notice)
    let voxels = inputs.background.count + inputs.lesions.reduce(0) { $0 + $1.lesion.rows.count }
    let runner = RegionRunner(
      inputs: inputs, configuration: configuration, plan: plan, threads: threads, progress: meter(voxels))
    let results =
      if let scan = inputs.t1 {
        try await T1Fit(runner: runner, scan: scan).run()
      } else {
        try await DiffusionFit(runner: runner, place: files.input.relativePath).run()
      }
    let suggestions = inputs.t1 == nil ? SignalFloor.notices(results, inputs, configuration) : []
    suggestions.forEach(notice)
    let writer = FitWriter(
      stem: files.input.outputStem, inputs: inputs, results: results, configuration: configuration,
      notices: inputs.notices + suggestions, digests: try files.digests(isT1: inputs.t1 != nil))
    return try writer.write(into: folder, clock: clock)
  }
}

/// The models of a diffusion fit.
struct DiffusionFit {
  let runner: RegionRunner
  let place: String

  func run() async throws -> FitResults {
    let (priors, plan) = (runner.inputs.priors, runner.plan)
    let configuration = runner.configuration
    let density = configuration.magnitudeDensity
    if configuration.model == "monoexponential" {
      return try await runner.run { series in
        let own = series.selecting(try adcSettings(of: series))
        return SwitchedModel(
          MonoexponentialTissue(bValues: own.settings, priors: priors, isAlone: true), series: own,
          chains: plan,
          density: density)
      }
    }
    return try await runner.run { series in
      let own = series.selecting(try adcSettings(of: series))
      return PairedModel(
        SwitchedModel(
          BiexponentialTissue(bValues: series.settings, priors: priors), series: series, chains: plan,
          density: density),
        SwitchedModel(
          MonoexponentialTissue(bValues: own.settings, priors: priors, isAlone: false), series: own,
          chains: plan, density: density, purpose: .companion))
    }
  }

  /// The settings whose b-value lies in the range of the ADC, with the tolerance of one shell.
  private func adcSettings(of series: FitSeries) throws(RunError) -> [Int] {
    let range = runner.configuration.adcRange
    let chosen = series.settings.indices.filter {
      (range[0] - 5...range[1] + 5).contains(series.settings[$0])
    }
    guard Set(chosen.map { series.settings[$0] }).count >= 2 else {
      throw RunError(
        .badInput, at: place,
        "fewer than two b-values lie in the ADC's range \(range[0]) to \(range[1]) s/mm²",
        advice: "Widen --adc-range, or check --b-min and --b-max")
    }
    return chosen
  }
}

/// The models of a T1 fit.
struct T1Fit {
  let runner: RegionRunner
  let scan: T1Scan

  func run() async throws -> FitResults {
    let configuration = runner.configuration
    let priors = runner.inputs.priors
    let scanProtocol = scan.scanProtocol
    switch (scanProtocol.method, scanProtocol.settings) {
    case (.lookLocker, .inversionTimes(let times)), (.molli, .inversionTimes(let times)):
      let efficiency = configuration.inversionEfficiency
      let open: (mean: Double, sd: Double)? = efficiency.count == 2 ? (efficiency[0], efficiency[1]) : nil
      let shape = LookLockerRecovery(inversionTimes: times, efficiency: open == nil ? efficiency[0] : nil)
      return try await run(
        T1Tissue(shape, openAxis: 0, t1: priors.t1, others: [(0.3, 0.3)] + (open.map { [$0] } ?? [])))
    case (.inversionRecovery, .inversionTimes(let times)):
      let shape = MagnetizationRecovery(
        inversionTimes: times, repetitionTime: scanProtocol.repetitionTime)
      return try await run(
        T1Tissue(shape, openAxis: 0, t1: priors.t1, others: [(priors.inversion.median, priors.inversion.sd)]))
    case (.sasha, .saturationTimes(let times)):
      let isPerfect = configuration.saturationModel == "two-parameter"
      let shape = MagnetizationRecovery(saturationTimes: times, isSaturationPerfect: isPerfect)
      return try await run(
        T1Tissue(shape, openAxis: 0, t1: priors.t1, others: isPerfect ? [] : [(1, 0.1)]))
    case (_, .flipAngles(let angles)):
      let shape = SpoiledGradientEcho(
        flipAngles: angles, repetitionTime: scanProtocol.repetitionTime ?? .nan)
      return try await runner.run { series in
        let local = scan.b1.map { map in series.voxels.map { Double(map[$0]) } }
        return model(
          T1Tissue(
            shape, openAxis: 1, t1: priors.t1, others: [(1, scan.b1Deviation)], localMeans: local),
          series)
      }
    default:
      throw RunError(
        .usage, at: "--method", "the settings do not belong to the method \(scanProtocol.method.rawValue)",
        advice: "Give \(scanProtocol.method.settingName)")
    }
  }

  private func run<Shape: SignalShape>(_ tissue: T1Tissue<Shape>) async throws -> FitResults {
    try await runner.run { series in model(tissue, series) }
  }

  private func model<Shape: SignalShape>(_ tissue: T1Tissue<Shape>, _ series: FitSeries)
    -> SwitchedModel<T1Tissue<Shape>>
  {
    SwitchedModel(tissue, series: series, chains: runner.plan, density: scan.density(runner.configuration))
  }
}
