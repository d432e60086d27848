internal import Acquisitions
internal import Diagnostics
public import Foundation
internal import GSLSupport
internal import NIfTI
public import Posteriors
internal import Samplers

/// Every option of `fit ivim` and `fit t1`, with its default: what a run does, apart from where its files are.
///
/// It is written into the run file, and a configuration file may give any of it under the same names.
public struct FitConfiguration: Codable, Sendable, Equatable {
  /// `biexponential` or `monoexponential`.
  public var model = "biexponential"
  /// What is known of the voxels of a lesion: `spatial`, `hierarchical`, or `independent` of each other; nil is
  /// ``defaultPrior`` where the engine joins voxels, and `independent` where it knows single voxels only.
  public var prior: String?
  /// How neighbours depend on each other under `spatial`: `leroux`, `icar`, or with edges kept `laplace` or `student-t`.
  public var spatialField = "leroux"
  /// What is known of the spreads of a lesion and their correlations: `half-normal-lkj` or `huang-wand`.
  public var populationPrior = "half-normal-lkj"
  /// The name of the built-in priors.
  public var tissue = "lung-tumour"
  /// The smallest b-value in use, s/mm².
  public var bMin = 0.0
  /// The largest b-value in use, s/mm²: beyond 1,000 the curve bends by kurtosis.
  public var bMax = 1000.0
  /// The b-values of the ADC: lowest and highest, s/mm².
  public var adcRange = [0.0, 1000.0]
  /// Volumes left out, counted from 0: `3,7` everywhere, `2:3,7` in lesion 2.
  public var excludeVolumes: [String] = []
  /// True if the volumes that quality control flags are left out, lesion by lesion.
  public var excludeFlagged = false
  /// What becomes of several volumes of one b-value: `separate`, `geometric` or `arithmetic`.
  public var directions = "separate"
  /// How masks, labels and maps are laid on the image: `scanner` or `same-grid`; nil if their headers must be clear.
  public var place: String?
  /// True if voxels outside the lesions are fitted too, where there is no mask.
  public var wholeImage = false
  /// True if each lesion is reduced to its mean signal.
  public var roiMean = false
  /// gaussian, rician or noncentral-chi; nil takes the method's default.
  public var noise: String?
  /// Receiver coils of noncentral-chi noise.
  public var coils = 1
  /// The noise standard deviation in image units, if it is known.
  public var sigma: Double?
  /// Pseudo-observations that draw a voxel's noise variance to that of its lesion; 0 is each alone, nil learns how many.
  public var sigmaPooling: Double?
  /// Who draws: `metropolis`, `nuts`, `laplace` or `grid`; `least-squares` draws nothing and gives point estimates.
  public var engine = SamplingEngine.metropolis.rawValue
  /// The number of chains.
  public var chains = 4
  /// The bulk ESS at which sampling may stop.
  public var minEss = 400.0
  /// Draws of each chain at which sampling stops anyway; nil is 4,000, and 32,000 over a lesion whose voxels are joined.
  public var maxDraws: Int?
  /// Draws of each chain that are thrown away, if fixed.
  public var warmup: Int?
  /// Draws of each chain, if fixed: then no target is sought.
  public var draws: Int?
  /// The name of the random number generator.
  public var rng = Generator.xoshiro256pp.rawValue
  /// Which joint draws are kept: `lesions` or `none`.
  public var saveDraws = "lesions"
  /// True if the log-likelihood of every measurement in every kept draw stands in the draws file.
  public var saveLogLikelihood = false
  /// True if lesions with a field are fitted again without it (``prior`` `hierarchical`), for comparison.
  public var sensitivity = false
  /// The seed of all random numbers.
  public var seed: UInt64 = 1
  /// How T1 was measured; nil in a diffusion fit.
  public var method: String?
  /// Inversion or saturation times in s, or flip angles in degrees; nil takes the sidecars'.
  public var settings: [Double]?
  /// s; nil takes the sidecars'.
  public var repetitionTime: Double?
  /// magnitude or signed; nil takes the method's default.
  public var polarity: String?
  /// SD of the B1 factor; nil is 0.05 with a map and 0.10 without.
  public var b1Sd: Double?
  /// The efficiency of the inversion: one number if known, mean and SD if not.
  public var inversionEfficiency = [1.0]
  /// two-parameter or three-parameter (SASHA).
  public var saturationModel = "two-parameter"

  /// The priors that the record of an earlier run brings; nil takes those of the tissue or of a priors file.
  public var priors: TissuePriors?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case model, prior, tissue
    case spatialField = "spatial-field"
    case populationPrior = "population-prior"
    case bMin = "b-min"
    case bMax = "b-max"
    case adcRange = "adc-range"
    case excludeVolumes = "exclude-volumes"
    case excludeFlagged = "exclude-flagged"
    case directions, place
    case wholeImage = "whole-image"
    case roiMean = "roi-mean"
    case noise, coils, sigma
    case sigmaPooling = "sigma-pooling"
    case engine, chains
    case minEss = "min-ess"
    case maxDraws = "max-draws"
    case warmup, draws, rng
    case saveDraws = "save-draws"
    case saveLogLikelihood = "save-log-likelihood"
    case sensitivity, seed, method, settings, polarity
    case repetitionTime = "repetition-time"
    case b1Sd = "b1-sd"
    case inversionEfficiency = "inversion-efficiency"
    case saturationModel = "saturation-model"
  }

  /// The defaults.
  public init() {}

  /// Reads a configuration: a file of options, or the run file of an earlier run. What is missing takes its default.
  ///
  /// The record of a run that had priors from a file brings those too.
  ///
  /// - Throws: `RunError` if the file cannot be read, is no JSON object, or has an unknown or unusable entry.
  public static func read(_ file: URL) throws(RunError) -> FitConfiguration {
    var configuration = try ConfigurationFile.read(
      file, default: FitConfiguration(), keys: CodingKeys.allCases.map(\.rawValue))
    configuration.priors = try configuration.recordedPriors(in: file)
    return configuration
  }
}

extension FitConfiguration {
  /// The flag of chains too short for any figure, which maps alone cannot show; none if they are long enough.
  func shortChains(limits: HealthLimits = HealthLimits()) -> [HealthFlag] {
    let longest = draws ?? maxDraws ?? 4000
    guard longest < limits.drawsPerChain || Double(chains * longest) < limits.effectiveSize else { return [] }
    let needed = "at least \(limits.drawsPerChain) in each chain and \(Int(limits.effectiveSize)) in all"
    return [
      HealthFlag(
        .tooFewDraws, subject: "every map", severity: .fail,
        evidence: "\(chains) chains of \(longest) draws (\(needed))")
    ]
  }

  /// The engine that gives point estimates instead of a posterior.
  static let leastSquares = "least-squares"

  /// The prior of the voxels of a lesion where none is asked for.
  public static let defaultPrior = "spatial"

  /// Lesions of more voxels than this are not joined: their voxels are independent whatever the prior, and a notice says
  /// so. A label as large as an organ is no lesion, and its joint posterior would take hours.
  static let largestJoinedLesion = 5000

  /// True if the engine can draw the voxels of a lesion jointly.
  var joinsVoxels: Bool { engine == SamplingEngine.metropolis.rawValue }

  /// The prior of the voxels of a lesion: the one asked for, or that of the engine.
  public var lesionPrior: String { prior ?? (joinsVoxels ? Self.defaultPrior : "independent") }

  /// True if the voxels of each lesion share a prior.
  var joinsLesions: Bool { lesionStructure != nil && !roiMean }

  /// This configuration with its prior said.
  var resolved: FitConfiguration {
    var resolved = self
    resolved.prior = lesionPrior
    return resolved
  }

  /// How masks, labels and maps are laid on the image, if it was said.
  var matching: GridMatching? { place.flatMap { GridMatching(rawValue: $0) } }

  /// The noise asked for, or that of the method and its polarity.
  var noiseModel: NoiseModel {
    noise.flatMap { NoiseModel(name: $0, coils: coils) }
      ?? NoiseModel(
        ofMethod: method.flatMap { T1Method(rawValue: $0) },
        polarity: polarity.flatMap { SignalPolarity(rawValue: $0) })
  }

  /// The density of magnitude noise, or nil for Gaussian noise.
  var magnitudeDensity: MagnitudeDensity? { noiseModel.density }
}
