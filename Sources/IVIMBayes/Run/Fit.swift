internal import Foundation

/// `fit ivim` and `fit t1`: from a scan to the posterior of every voxel and lesion, on disk.
///
/// What is finished is kept beside the output folder until the run is whole. A run that was interrupted, or that a full
/// disk ended, goes on from there (`FitFiles.resumes`), to the same bytes as without the interruption.
public struct Fit: Sendable {
  /// What is read, and where the results go.
  public let files: FitFiles
  /// What is done.
  public let configuration: FitConfiguration
  /// The largest number of tasks at work at once; results do not depend on it.
  public let threads: Int
  /// Voxels outside lesions that are drawn between two checkpoints, in eights; results do not depend on it.
  public let tileSize: Int
  /// Told what a reader should know: notices of the inputs, choices made for them.
  private let notice: @Sendable (String) -> Void
  /// Makes the meter of a fit from its number of voxels.
  private let meter: @Sendable (Int) -> ProgressMeter
  /// The run as a signal handler sees it.
  private let interruptible: InterruptibleRun

  /// A fit of `files` as `configuration` says, with at most `threads` tasks at work.
  ///
  /// A tile of 128 voxels takes well under a second with Gaussian noise and some seconds in the slowest of fits.
  public init(
    _ files: FitFiles, _ configuration: FitConfiguration, threads: Int, tileSize: Int = 128,
    interruptible: InterruptibleRun = InterruptibleRun(),
    notice: @escaping @Sendable (String) -> Void = { _ in },
    meter: @escaping @Sendable (Int) -> ProgressMeter = { _ in .silent }
  ) {
    precondition(tileSize > 0 && tileSize % 8 == 0, "a tile is made of lane groups of eight voxels")
    self.files = files
    self.configuration = configuration.resolved
    self.threads = threads
    self.tileSize = tileSize
    self.interruptible = interruptible
    self.notice = notice
    self.meter = meter
  }

  /// Runs the fit and writes the output folder.
  ///
  /// Cancelling the task ends the run at the next tile, lesion, or part of one.
  ///
  /// - Throws: `RunError`; then there is no output folder, and beside it only what a later run can go on with.
  public func run() async throws(RunError) -> FitReport {
    if files.resumes, let report = try FinishedFit.report(files, configuration) {
      notice("the run is finished already: nothing was left to do")
      return report
    }
    let isUnfinished = files.resumes && OutputFolder.hasUnfinishedWork(for: files.output)
    let folder = try OutputFolder(files.outputPlace(), resuming: files.resumes)
    interruptible.begin(in: folder, keepsWork: isUnfinished)
    defer { interruptible.end() }
    do {
      let report = try await write(into: folder)
      try folder.commit()
      return report
    } catch {
      let error = RunError(error)
      // A full disk can be emptied, and a run be started again; wrong input stays wrong.
      let isPassing = [.inputOutput, .interrupted, .internalError].contains(error.status)
      guard isUnfinished || (isPassing && interruptible.hasWork) else {
        folder.discard()
        throw error
      }
      interruptible.flush()
      throw isPassing ? error.resumable : error
    }
  }

  private func write(into folder: OutputFolder) async throws -> FitReport {
    try configuration.check()
    try files.check(configuration)
    let plan = try configuration.chainPlan()
    let clock = RunClock()
    let inputs = try FitInputs.read(files, configuration)
    let digests = try files.digests(isT1: inputs.t1 != nil)
    try RunIdentity(configuration, digests: digests, stem: files.stem)
      .claim(folder.checkpoint, for: files.output)
    // The time stays out of the record: equal runs give equal bytes.
    let expected = "; expected: \(inputs.expectedTime(configuration)) of processor time"
    for (index, text) in inputs.notices.enumerated() { notice(index == 0 ? text + expected : text) }
    if configuration.saveDraws == "lesions" && configuration.engine != FitConfiguration.leastSquares {
      try LesionDraws.checkRoom(
        for: inputs.lesions.map(\.lesion), plan: plan, at: files.input.relativePath,
        measurements: configuration.saveLogLikelihood ? inputs.series.settings.count : 0)
    }
    let progress = meter(inputs.voxelCount)
    defer { progress.finish() }
    if configuration.engine == FitConfiguration.leastSquares {
      return try await PointEstimateFit(
        inputs: inputs, configuration: configuration, threads: threads, progress: progress, files: files
      ).write(into: folder, digests: digests, clock: clock, notice: notice)
    }
    try configuration.checkEngine(for: inputs)
    let correction = try files.bloodCorrection.map { try BloodCorrection.read($0, priors: inputs.priors) }
    let runner = RegionRunner(
      inputs: inputs, configuration: configuration, plan: plan, threads: threads, progress: progress,
      checkpoint: Checkpoint(folder.checkpoint, tileSize: tileSize, run: interruptible),
      correction: correction)
    let results =
      if let scan = inputs.t1 {
        try await T1Fit(runner: runner, scan: scan).run()
      } else {
        try await DiffusionFit(runner: runner, place: files.input.relativePath).run()
      }
    let checks = ModelCheckFlags(inputs: inputs, configuration: configuration, results: results)
    let suggestions =
      inputs.t1 == nil
      ? try SignalFloor.notices(results, inputs, configuration) : checks.noiseSuggestions
    suggestions.forEach(notice)
    if configuration.sensitivity {
      let table = SensitivityTable(sensitivities: results.sensitivities)
      notice(table.sentence)
      results.sensitivities.flatMap(\.flags).filter { $0.severity > .pass }.forEach { notice($0.sentence) }
    }
    let writer = FitWriter(
      stem: files.stem, inputs: inputs, results: results, configuration: configuration,
      notices: (inputs.notices + suggestions).map(files.withoutFolders), digests: digests,
      images: try files.imageDigests(), checkFlags: checks.flags, correction: correction)
    return try writer.write(into: folder, clock: clock)
  }
}
