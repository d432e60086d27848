import ArgumentParser
import Foundation
import IVIMBayes

/// What `fit ivim` and `fit t1` share: options to files and configuration, one call, one line of result.
struct FitRun {
  let input: String
  let out: String
  let regions: RegionOptions
  let prior: PriorOptions
  let noise: NoiseOptions
  let sampling: SamplingOptions
  let comparison: ComparisonOptions
  let running: RunningOptions

  /// Runs the fit; `complete` adds the options of the one command.
  func run(_ complete: (inout FitFiles, inout FitConfiguration) -> Void) async throws {
    let console = running.log.console
    do throws(RunError) {
      var files = FitFiles(input: URL(filePath: input), output: URL(filePath: out))
      var configuration = FitConfiguration()
      if let file = running.config { configuration = try FitConfiguration.read(URL(filePath: file)) }
      regions.apply(to: &files)
      noise.apply(to: &files)
      files.priors = prior.priors.map { URL(filePath: $0) }
      files.overwrites = running.overwrite
      files.resumes = running.resume
      regions.apply(to: &configuration)
      prior.apply(to: &configuration)
      noise.apply(to: &configuration)
      sampling.apply(to: &configuration)
      comparison.apply(to: &configuration)
      complete(&files, &configuration)
      let run = InterruptibleRun()
      SignalHandlers.install(flushing: run, console: console)
      let fit = Fit(
        files, configuration, threads: running.threadCount, interruptible: run, notice: console.notice,
        meter: console.meter)
      try console.finish(try await fit.run())
    } catch {
      throw console.failure(error)
    }
  }
}
