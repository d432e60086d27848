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
      exists, 74 input or output failed, 130 or 143 interrupted (--resume goes on).
      """)

  @Argument(help: "The diffusion series, or a table of curves.")
  var input: String

  @Option(help: ArgumentHelp("The folder of the results; it must not exist.", valueName: "folder"))
  var out: String

  @OptionGroup(title: "Data") var diffusion: DiffusionOptions
  @OptionGroup(title: "Voxels and lesions") var regions: RegionOptions
  @OptionGroup(title: "Priors") var prior: PriorOptions
  @OptionGroup(title: "Noise") var noise: NoiseOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions
  @OptionGroup(title: "Sampling") var comparison: ComparisonOptions
  @OptionGroup(title: "Running") var running: RunningOptions

  func run() async throws {
    try await FitRun(
      input: input, out: out, regions: regions, prior: prior, noise: noise, sampling: sampling,
      comparison: comparison,
      running: running
    ).run { files, configuration in
      diffusion.apply(to: &files)
      diffusion.apply(to: &configuration)
      configuration.method = nil
    }
  }
}
