import ArgumentParser
import Foundation
import IVIMBayes

struct FitT1Command: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "t1",
    abstract: "Posterior of T1 per voxel and lesion, from any of five sequences.",
    discussion: """
      INPUT is one 4-D file, several 3-D files in the order of the settings, or a table of curves with the \
      columns id, lesion, setting, signal and n. Settings come from the BIDS sidecars (InversionTime, FlipAngle, \
      RepetitionTimeExcitation) unless they are given here. Times in s, angles in degrees; T1 in s.

      Example: ivimbayes fit t1 ir.nii.gz --method ir --inversion-times 0.1,0.4,1.0,2.5 --out run

      Exit codes: 0 done, 64 usage, 65 bad data, 66 missing input, 73 output exists, 74 input or output \
      failed, 130 or 143 interrupted (--resume goes on).
      """)

  @Argument(help: "The series: one 4-D file, several 3-D files, or a table of curves.")
  var input: [String]

  @Option(help: ArgumentHelp("The folder of the results; it must not exist.", valueName: "folder"))
  var out: String

  @OptionGroup(title: "Sequence") var sequence: T1Options
  @OptionGroup(title: "Voxels and lesions") var regions: RegionOptions
  @OptionGroup(title: "Priors") var prior: PriorOptions
  @OptionGroup(title: "Noise") var noise: NoiseOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions
  @OptionGroup(title: "Sampling") var comparison: ComparisonOptions
  @OptionGroup(title: "Running") var running: RunningOptions

  func validate() throws {
    if input.isEmpty { throw ValidationError("Give at least one file.") }
    if sequence.method == nil && running.config == nil {
      throw ValidationError("Say how T1 was measured: --method ir, look-locker, molli, sasha or vfa.")
    }
  }

  func run() async throws {
    try await FitRun(
      input: input[0], out: out, regions: regions, prior: prior, noise: noise, sampling: sampling,
      comparison: comparison,
      running: running
    ).run { files, configuration in
      files.moreInputs = input.dropFirst().map { URL(filePath: $0) }
      files.b1 = sequence.b1.map { URL(filePath: $0) }
      sequence.apply(to: &configuration)
      configuration.method = configuration.method ?? "ir"
    }
  }
}
