import ArgumentParser
import Foundation
import IVIMBayes

/// Which voxels are fitted, and which belong together.
struct RegionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Voxels to fit (default: those of the lesions; without lesions every voxel with finite signals, positive at the "
        + "lowest b).",
      valueName: "image"))
  var mask: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Label image of the lesions, 0 is outside; or one mask for each lesion. Without --mask only lesions are fitted.",
      valueName: "image"))
  var lesions: [String] = []

  @Option(help: ArgumentHelp("Names of the lesions: a BIDS dseg table (index, name).", valueName: "file"))
  var lesionNames: String?

  @Flag(help: "Fit all of the image that holds the patient, not the lesions alone.")
  var wholeImage = false

  @Option(
    help: ArgumentHelp(
      "How masks, labels and maps lie on the image: scanner (by their affines) or same-grid (voxel by voxel). Needed only "
        + "where the headers contradict each other.", valueName: "how"))
  var place: String?

  @Flag(help: "Reduce each lesion to its mean signal; no voxel maps.")
  var roiMean = false

  func apply(to configuration: inout FitConfiguration) {
    if roiMean { configuration.roiMean = true }
    if wholeImage { configuration.wholeImage = true }
    if let place { configuration.place = place }
  }

  func apply(to files: inout FitFiles) {
    files.mask = mask.map { URL(filePath: $0) }
    if lesions.count == 1 {
      files.lesions = URL(filePath: lesions[0])
    } else {
      files.lesionMasks = lesions.map { URL(filePath: $0) }
    }
    files.lesionNames = lesionNames.map { URL(filePath: $0) }
  }
}

/// What is known of the tissue before the scan.
struct PriorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Prior of the voxels of a lesion: spatial, hierarchical or independent (default: spatial). Voxels outside "
        + "lesions are independent.", valueName: "prior"))
  var prior: String?

  @Option(
    help: ArgumentHelp(
      "Dependence of neighbours under --prior spatial: leroux (its strength is learned), icar, or laplace or student-t, "
        + "which keep edges of D, ADC and T1 (default: leroux).",
      valueName: "field"))
  var spatialField: String?

  @Option(
    help: ArgumentHelp(
      "Prior of the spreads and correlations of a lesion: half-normal-lkj or huang-wand (default: half-normal-lkj).",
      valueName: "prior"))
  var populationPrior: String?

  @Option(
    help: ArgumentHelp(
      "Built-in priors: lung-tumour, lung-tumour-1.5T, liver or generic (default: lung-tumour).",
      valueName: "tissue"))
  var tissue: String?

  @Option(help: ArgumentHelp("Priors of your own, JSON.", valueName: "file"))
  var priors: String?

  func apply(to configuration: inout FitConfiguration) {
    if let prior { configuration.prior = prior }
    if let spatialField { configuration.spatialField = spatialField }
    if let populationPrior { configuration.populationPrior = populationPrior }
    if let tissue {
      configuration.tissue = tissue
      configuration.priors = nil
    }
  }
}

/// What is assumed of the noise.
struct NoiseOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "gaussian, rician or noncentral-chi (default: gaussian; rician for magnitude inversion recovery).",
      valueName: "noise"))
  var noise: String?

  @Option(help: ArgumentHelp("Receiver coils, for noncentral-chi noise (default: 1).", valueName: "n"))
  var coils: Int?

  @Option(
    help: ArgumentHelp(
      "Noise standard deviation in image units, if known: a number or a map.", valueName: "sigma"))
  var sigma: String?

  @Option(
    help: ArgumentHelp(
      "Pseudo-observations that draw a voxel's noise variance to its lesion's; 0 = each alone (default: learned).",
      valueName: "n"))
  var sigmaPooling: Double?

  func apply(to configuration: inout FitConfiguration) {
    if let noise { configuration.noise = noise }
    if let coils { configuration.coils = coils }
    if let sigma = sigma.flatMap(Double.init) { configuration.sigma = sigma }
    if let sigmaPooling { configuration.sigmaPooling = sigmaPooling }
  }

  func apply(to files: inout FitFiles) {
    if let sigma, Double(sigma) == nil { files.sigma = URL(filePath: sigma) }
  }
}

/// Two numbers separated by a comma.
struct NumberPair: ExpressibleByArgument {
  let low: Double
  let high: Double

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard numbers.count == 2, let low = numbers[0], let high = numbers[1] else { return nil }
    self.low = low
    self.high = high
  }
}

/// How long and from which random numbers.
struct SamplingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "metropolis, nuts, laplace or grid: posteriors; least-squares: point estimates without a posterior "
        + "(default: metropolis).", valueName: "engine"))
  var engine: String?

  @Option(help: ArgumentHelp("Chains (default: 4).", valueName: "n"))
  var chains: Int?

  @Option(
    help: ArgumentHelp(
      "Bulk ESS to sample for (default: 400); a tenth less will do for a voxel.", valueName: "n"))
  var minEss: Double?

  @Option(
    help: ArgumentHelp(
      "Draws of each chain at which sampling stops anyway (default: 4000; 32000 for lesions with joined voxels).",
      valueName: "n"))
  var maxDraws: Int?

  @Option(
    help: ArgumentHelp(
      "Draws of each chain thrown away first (default: 24; nuts: 500; lesions with joined voxels: 500).",
      valueName: "n"))
  var warmup: Int?

  @Option(help: ArgumentHelp("A fixed number of draws of each chain instead of targets.", valueName: "n"))
  var draws: Int?

  @Option(
    help: ArgumentHelp("xoshiro256++, mt19937, ranlxd2 or taus2 (default: xoshiro256++).", valueName: "rng"))
  var rng: String?

  @Option(
    help: ArgumentHelp("Which joint draws are kept: lesions or none (default: lesions).", valueName: "which"))
  var saveDraws: String?

  @Flag(
    help: "Keep the log-likelihood of every measurement with the draws: arviz.loo compares models by it.")
  var saveLogLikelihood = false

  @Option(help: ArgumentHelp("Seed of the random numbers (default: 1).", valueName: "n"))
  var seed: UInt64?

  func apply(to configuration: inout FitConfiguration) {
    if let engine { configuration.engine = engine }
    if let chains { configuration.chains = chains }
    if let minEss { configuration.minEss = minEss }
    if let maxDraws { configuration.maxDraws = maxDraws }
    if let warmup { configuration.warmup = warmup }
    if let draws { configuration.draws = draws }
    if let rng { configuration.rng = rng }
    if let saveDraws { configuration.saveDraws = saveDraws }
    if saveLogLikelihood { configuration.saveLogLikelihood = true }
    if let seed { configuration.seed = seed }
  }
}

/// What is fitted once more, to compare with.
struct ComparisonOptions: ParsableArguments {
  @Flag(
    help:
      "Fit lesions with a field again without it, and flag means that depend on it and maps mostly borrowed from neighbours."
  )
  var sensitivity = false

  func apply(to configuration: inout FitConfiguration) {
    if sensitivity { configuration.sensitivity = true }
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
  var threads: TaskCount?

  @Flag(help: "Replace the output folder if it exists and ivimbayes has made it.")
  var overwrite = false

  @Flag(
    help: "Go on with a run that was interrupted; the results are those of a run that was not.")
  var resume = false

  @OptionGroup var log: LogOptions

  func validate() throws {
    try threads?.validate("--threads")
  }

  var threadCount: Int { threads?.count ?? TaskCount.processors }
}
