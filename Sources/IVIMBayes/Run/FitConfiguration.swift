public import Foundation
internal import GSLSupport

/// Every option of `fit ivim`, with its default: what a run does, apart from where its files are.
///
/// It is written into the run file, and a configuration file may give any of it under the same names.
public struct FitConfiguration: Codable, Sendable, Equatable {
  public var model = "biexponential"
  public var prior = "independent"
  public var tissue = "lung-tumour"
  public var bMin = 0.0
  public var bMax = 1000.0
  public var adcRange = [0.0, 1000.0]
  public var excludeVolumes: [String] = []
  public var excludeFlagged = false
  public var directions = "separate"
  public var roiMean = false
  public var noise = "gaussian"
  public var sigma: Double?
  public var sigmaPooling = 4.0
  public var chains = 4
  public var minEss = 400.0
  public var maxDraws = 4000
  public var warmup: Int?
  public var draws: Int?
  public var rng = Generator.xoshiro256pp.rawValue
  public var saveDraws = "lesions"
  public var seed: UInt64 = 1

  enum CodingKeys: String, CodingKey, CaseIterable {
    case model, prior, tissue
    case bMin = "b-min"
    case bMax = "b-max"
    case adcRange = "adc-range"
    case excludeVolumes = "exclude-volumes"
    case excludeFlagged = "exclude-flagged"
    case directions
    case roiMean = "roi-mean"
    case noise, sigma
    case sigmaPooling = "sigma-pooling"
    case chains
    case minEss = "min-ess"
    case maxDraws = "max-draws"
    case warmup, draws, rng
    case saveDraws = "save-draws"
    case seed
  }

  /// The defaults.
  public init() {}

  /// Reads a configuration: a file of options, or the run file of an earlier run. What is missing takes its default.
  ///
  /// - Throws: `RunError` if the file cannot be read, is no JSON object, or has an unknown or unusable entry.
  public static func read(_ file: URL) throws(RunError) -> FitConfiguration {
    let place = file.relativePath
    guard let contents = try? Data(contentsOf: file) else {
      throw RunError(
        .missingInput, at: place, "the configuration cannot be read", advice: "Check its path and permissions"
      )
    }
    guard let object = try? JSONSerialization.jsonObject(with: contents) as? [String: Any] else {
      throw RunError(
        .badInput, at: place, "this is not a JSON object",
        advice: "Give a file of options, or the _run.json of an earlier run")
    }
    let options = object["configuration"] as? [String: Any] ?? object
    let known = Set(CodingKeys.allCases.map(\.rawValue))
    if let unknown = options.keys.filter({ !known.contains($0) }).min() {
      throw RunError(
        .badInput, at: place, "unknown option \"\(unknown)\"",
        advice: "Use the names of the command line without the dashes")
    }
    do {
      let complete = try JSONEncoder().encode(FitConfiguration())
      var merged = try JSONSerialization.jsonObject(with: complete) as? [String: Any] ?? [:]
      merged.merge(options) { $1 }
      return try JSONDecoder().decode(
        FitConfiguration.self, from: JSONSerialization.data(withJSONObject: merged))
    } catch {
      throw RunError(
        .badInput, at: place, "an option has a value of the wrong kind (\(error))",
        advice: "Compare with the configuration in the _run.json of an earlier run")
    }
  }

  /// The plan of the chains.
  func chainPlan() throws(RunError) -> ChainPlan {
    guard let generator = Generator(rawValue: rng) else {
      let names = Generator.allCases.map(\.rawValue).joined(separator: ", ")
      throw RunError(
        .usage, at: "--rng", "there is no generator \"\(rng)\"", advice: "Choose one of \(names)")
    }
    for (name, value, least) in [("chains", chains, 1), ("max-draws", maxDraws, 8), ("draws", draws ?? 8, 8)]
    where value < least {
      throw RunError(.usage, at: "--\(name)", "\(value) is too few", advice: "Give at least \(least)")
    }
    return ChainPlan(
      seed: seed, count: chains, generator: generator, minimumESS: minEss, maximumDraws: maxDraws,
      fixedDraws: draws)
  }
}
