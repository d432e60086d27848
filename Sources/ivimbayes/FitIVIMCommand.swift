import ArgumentParser
import Foundation
import IVIMBayes

struct FitIVIMCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ivim",
    abstract: "Posterior of S0, f, D and D*, and always of ADC, per voxel and lesion.",
    discussion: """
      INPUT is a 4-D diffusion series (.nii or .nii.gz), or a table of curves with the columns \
      id, lesion, setting (b-value), signal and n (averages).

      Example: ivimbayes fit ivim dwi.nii.gz --bval dwi.bval --lesions lesions.nii.gz --out run

      Results: voxel maps in mm2/s, a table of lesions, joint draws that open in ArviZ, and a record of the \
      run, all in the folder --out. Exit codes: 0 done, 64 usage, 65 bad data, 66 missing input, 73 output \
      exists, 74 input or output failed.
      """)

  @Argument(help: "The diffusion series, or a table of curves.")
  var input: String

  @Option(help: ArgumentHelp("The folder of the results; it must not exist.", valueName: "folder"))
  var out: String

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions
  @OptionGroup(title: "Running") var running: RunningOptions

  func run() async throws {
    let console = Console(quiet: running.quiet, format: running.logFormat)
    do throws(RunError) {
      let configuration = try effectiveConfiguration()
      if model.prior == nil {
        console.notice("prior: independent voxels; lesion priors come with a later version")
      }
      let fit = FitIVIM(
        files, configuration, threads: running.threadCount, notice: console.notice, meter: console.meter)
      let report = try await fit.run()
      console.finish(report)
    } catch {
      throw console.failure(error)
    }
  }

  private var files: FitFiles {
    var files = FitFiles(input: URL(filePath: input), output: URL(filePath: out))
    files.bValues = data.bval.map { URL(filePath: $0) }
    files.mask = data.mask.map { URL(filePath: $0) }
    files.lesions = data.lesions.map { URL(filePath: $0) }
    files.lesionNames = data.lesionNames.map { URL(filePath: $0) }
    files.averages = data.averages.map { URL(filePath: $0) }
    files.priors = model.priors.map { URL(filePath: $0) }
    files.overwrites = running.overwrite
    return files
  }

  /// The configuration file, if any, with what the command line says on top.
  private func effectiveConfiguration() throws(RunError) -> FitConfiguration {
    var configuration = FitConfiguration()
    if let file = running.config { configuration = try FitConfiguration.read(URL(filePath: file)) }
    data.apply(to: &configuration)
    model.apply(to: &configuration)
    sampling.apply(to: &configuration)
    return configuration
  }
}
