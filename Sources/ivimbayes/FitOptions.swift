import ArgumentParser
import Foundation
import IVIMBayes

/// Which signals are fitted.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("b-values in FSL form (default: the image's name with .bval).", valueName: "file"))
  var bval: String?

  @Option(
    help: ArgumentHelp(
      "Voxels to fit (default: every voxel whose lowest-b signal is finite and positive).", valueName: "image"
    ))
  var mask: String?

  @Option(help: ArgumentHelp("Label image of the lesions; 0 is outside.", valueName: "image"))
  var lesions: String?

  @Option(help: ArgumentHelp("Names of the lesions: a BIDS dseg table (index, name).", valueName: "file"))
  var lesionNames: String?

  @Option(help: ArgumentHelp("Smallest b-value used, s/mm2 (default: 0).", valueName: "b"))
  var bMin: Double?

  @Option(help: ArgumentHelp("Largest b-value used, s/mm2 (default: 1000).", valueName: "b"))
  var bMax: Double?

  @Option(
    help: ArgumentHelp(
      "Volumes left out, counted from 0: 3,7 for all lesions, 2:3,7 for lesion 2. Repeatable.",
      valueName: "volumes"))
  var excludeVolumes: [String] = []

  @Flag(help: "Leave out the volumes that quality control flags, lesion by lesion.")
  var excludeFlagged = false

  @Option(help: ArgumentHelp("Averages (NEX) behind each volume, one number a volume.", valueName: "file"))
  var averages: String?

  @Option(
    help: ArgumentHelp(
      "What becomes of several volumes of one b-value: separate, geometric or arithmetic (default: separate).",
      valueName: "pooling"))
  var directions: String?

  @Flag(help: "Reduce each lesion to its mean signal; no voxel maps.")
  var roiMean = false

  func apply(to configuration: inout FitConfiguration) {
    if let bMin { configuration.bMin = bMin }
    if let bMax { configuration.bMax = bMax }
    if !excludeVolumes.isEmpty { configuration.excludeVolumes = excludeVolumes }
    if excludeFlagged { configuration.excludeFlagged = true }
    if let directions { configuration.directions = directions }
    if roiMean { configuration.roiMean = true }
  }
}

/// What is fitted to them.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("biexponential or monoexponential (default: biexponential).", valueName: "model"))
  var model: String?

  @Option(help: ArgumentHelp("b-values of the ADC, s/mm2 (default: 0,1000).", valueName: "low,high"))
  var adcRange: NumberPair?

  @Option(help: ArgumentHelp("Prior of the voxels: independent (default: independent).", valueName: "prior"))
  var prior: String?

  @Option(
    help: ArgumentHelp(
      "Built-in priors: lung-tumour, lung-tumour-1.5T, liver or generic (default: lung-tumour).",
      valueName: "tissue"))
  var tissue: String?

  @Option(help: ArgumentHelp("Priors of your own, JSON.", valueName: "file"))
  var priors: String?

  @Option(help: ArgumentHelp("gaussian (default: gaussian).", valueName: "noise"))
  var noise: String?

  @Option(help: ArgumentHelp("Noise standard deviation, if known, in image units.", valueName: "value"))
  var sigma: Double?

  @Option(
    help: ArgumentHelp(
      "Pseudo-observations that draw a voxel's noise variance to its lesion's; 0 = each alone (default: 4).",
      valueName: "n"))
  var sigmaPooling: Double?

  func apply(to configuration: inout FitConfiguration) {
    if let model { configuration.model = model }
    if let adcRange { configuration.adcRange = [adcRange.low, adcRange.high] }
    if let prior { configuration.prior = prior }
    if let tissue { configuration.tissue = tissue }
    if let noise { configuration.noise = noise }
    if let sigma { configuration.sigma = sigma }
    if let sigmaPooling { configuration.sigmaPooling = sigmaPooling }
  }
}

/// Two numbers separated by a comma.
struct NumberPair: ExpressibleByArgument {
  let low: Double
  let high: Double

  init?(argument: String) {
    let numbers = argument.split(separator: ",").compactMap { Double($0) }
    guard numbers.count == 2 else { return nil }
    low = numbers[0]
    high = numbers[1]
  }
}

/// How long and from which random numbers.
struct SamplingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Chains (default: 4).", valueName: "n"))
  var chains: Int?

  @Option(help: ArgumentHelp("Bulk ESS at which sampling may stop (default: 400).", valueName: "n"))
  var minEss: Double?

  @Option(
    help: ArgumentHelp("Draws of each chain at which sampling stops anyway (default: 4000).", valueName: "n"))
  var maxDraws: Int?

  @Option(help: ArgumentHelp("A fixed number of draws of each chain instead of targets.", valueName: "n"))
  var draws: Int?

  @Option(
    help: ArgumentHelp("xoshiro256++, mt19937, ranlxd2 or taus2 (default: xoshiro256++).", valueName: "rng"))
  var rng: String?

  @Option(
    help: ArgumentHelp("Which joint draws are kept: lesions or none (default: lesions).", valueName: "which"))
  var saveDraws: String?

  @Option(help: ArgumentHelp("Seed of the random numbers (default: 1).", valueName: "n"))
  var seed: UInt64?

  func apply(to configuration: inout FitConfiguration) {
    if let chains { configuration.chains = chains }
    if let minEss { configuration.minEss = minEss }
    if let maxDraws { configuration.maxDraws = maxDraws }
    if let draws { configuration.draws = draws }
    if let rng { configuration.rng = rng }
    if let saveDraws { configuration.saveDraws = saveDraws }
    if let seed { configuration.seed = seed }
  }
}

/// How the command behaves.
struct RunningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Options from a JSON file, or the _run.json of an earlier run; the command line wins.",
      valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "Tasks at work at once (default: the processors). Results do not depend on it.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Replace the output folder if it exists.")
  var overwrite = false

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  @Option(help: ArgumentHelp("text or json: one object a line on standard error.", valueName: "format"))
  var logFormat: LogFormat = .text

  var threadCount: Int { max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount) }
}
