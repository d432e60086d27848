public import Foundation
public import Tables

/// A normal prior on an axis: the median of the natural value and the standard deviation on the log or logit axis.
public struct AxisPrior: Sendable, Equatable {
  /// Natural value: mm²/s, s, or a fraction.
  public var median: Double
  /// The standard deviation on the axis.
  public var sd: Double

  /// The prior of this median with standard deviation `sd` on the parameter's axis.
  public init(median: Double, sd: Double) {
    self.median = median
    self.sd = sd
  }
}

/// What is known of a tissue before the scan: the priors file.
///
/// Diffusion coefficients in mm²/s, T1 in s. Each entry is the prior of a lesion's population mean, or of a voxel
/// where there is no hierarchy. `heterogeneity` holds the half-normal scales of the SDs within a lesion.
public struct TissuePriors: Sendable, Equatable {
  /// What reports call the tissue.
  public var name: String
  /// log D ~ N(log median, sd²).
  public var d = AxisPrior(median: 1.1e-3, sd: 0.40)
  /// logit f ~ N(logit median, sd²).
  public var f = AxisPrior(median: 0.20, sd: 1.0)
  /// log(D* − D) ~ N(log median, sd²).
  public var dStarMinusD = AxisPrior(median: 20e-3, sd: 0.80)
  /// log ADC ~ N(log median, sd²).
  public var adc = AxisPrior(median: 1.2e-3, sd: 0.40)
  /// log T1 ~ N(log median, sd²).
  public var t1 = AxisPrior(median: 1.4, sd: 0.35)
  /// The inversion factor κ ~ N(mean, sd²); here `median` is the mean.
  public var inversion = AxisPrior(median: 1.9, sd: 0.1)
  /// Half-normal scales of the SDs within a lesion, on the log or logit axis, by parameter.
  public var heterogeneity = ["d": 0.3, "f": 0.5, "dstar_minus_d": 0.3, "adc": 0.3, "t1": 0.3]
  /// Entries that a file left out and that took the `lung-tumour` value.
  public var defaulted: [String] = []

  /// Lung tumour at 3 T: the default.
  public static let lungTumour = TissuePriors(name: "lung-tumour")

  /// Lung tumour at 1.5 T: T1 1.2 s.
  public static let lungTumour15T: TissuePriors = {
    var priors = TissuePriors(name: "lung-tumour-1.5T")
    priors.t1.median = 1.2
    return priors
  }()

  /// Liver: D* − D 60·10⁻³ mm²/s, T1 0.85 s.
  public static let liver: TissuePriors = {
    var priors = TissuePriors(name: "liver")
    priors.dStarMinusD.median = 60e-3
    priors.t1.median = 0.85
    return priors
  }()

  /// Any tissue: wider on every axis.
  public static let generic: TissuePriors = {
    var priors = TissuePriors(name: "generic")
    priors.d.sd = 0.6
    priors.f = AxisPrior(median: 0.12, sd: 1.3)
    priors.dStarMinusD.sd = 1.0
    priors.adc.sd = 0.6
    priors.t1 = AxisPrior(median: 1.2, sd: 0.6)
    priors.inversion = AxisPrior(median: 1.8, sd: 0.4)
    return priors
  }()

  /// The built-in tissues by name.
  public static let builtIn = [lungTumour, lungTumour15T, liver, generic]

  init(name: String) { self.name = name }

  /// The built-in tissue called `name`, or nil.
  public static func named(_ name: String) -> TissuePriors? { builtIn.first { $0.name == name } }
}

extension TissuePriors {
  /// An entry of a priors file: its key, the key of its spread, where its prior is kept, and what its centre can be.
  private typealias Entry = (
    key: String, spread: String, path: WritableKeyPath<TissuePriors, AxisPrior>, range: PlausibleRange
  )

  private static var entries: [Entry] {
    [
      ("d", "sd_log", \.d, .diffusion), ("f", "sd_logit", \.f, .perfusionFraction),
      ("dstar_minus_d", "sd_log", \.dStarMinusD, .pseudoDiffusion),
      ("adc", "sd_log", \.adc, .apparentDiffusion), ("t1", "sd_log", \.t1, .t1),
      ("inversion", "sd", \.inversion, .inversionFactor),
    ]
  }

  /// Reads a priors file.
  ///
  /// - Throws: `.unreadable`, `.notJSON`, `.duplicateEntry`, `.unknownEntry`, `.invalidValue` and `.implausible`, each
  ///   with the file and the entry.
  public static func read(_ file: URL) throws(PriorsError) -> TissuePriors {
    let contents: Data
    do { contents = try SmallFile.read(file) } catch { throw .unreadable(file: file.lastPathComponent) }
    return try TissuePriors(json: contents, file: file.lastPathComponent)
  }

  /// Parses the contents of the priors file called `file`.
  public init(json: Data, file: String) throws(PriorsError) {
    let contents: StrictJSON
    do throws(StrictJSON.Failure) { contents = try StrictJSON(parsing: json) } catch {
      if case .duplicateKey(let key) = error { throw .duplicateEntry(file: file, entry: key) }
      throw .notJSON(file: file)
    }
    guard let members = contents.members else { throw .notJSON(file: file) }
    self.init(name: members["name"]?.text ?? file)
    let known = Set(Self.entries.map(\.key) + ["name", "heterogeneity"])
    if let unknown = members.keys.filter({ !known.contains($0) }).min() {
      throw .unknownEntry(file: file, entry: unknown)
    }
    func number(_ value: StrictJSON?, _ range: PlausibleRange, _ entry: String) throws(PriorsError) -> Double
    {
      guard let number = value?.number, number > 0 else { throw .invalidValue(file: file, entry: entry) }
      do throws(PlausibleRange.Implausible) { try range.check(number) } catch {
        throw .implausible(file: file, entry: entry, error)
      }
      return number
    }
    for entry in Self.entries {
      guard let member = members[entry.key] else {
        defaulted.append(entry.key)
        continue
      }
      let centre = entry.key == "inversion" ? "mean" : "median"
      guard let numbers = member.members else { throw .invalidValue(file: file, entry: entry.key) }
      if let unknown = numbers.keys.filter({ $0 != centre && $0 != entry.spread }).min() {
        throw .unknownEntry(file: file, entry: "\(entry.key).\(unknown)")
      }
      let median = try number(numbers[centre], entry.range, "\(entry.key).\(centre)")
      guard entry.key != "f" || median < 1 else { throw .invalidValue(file: file, entry: "f.median") }
      let sd = try number(numbers[entry.spread], .priorSD, "\(entry.key).\(entry.spread)")
      self[keyPath: entry.path] = AxisPrior(median: median, sd: sd)
    }
    guard let spreads = members["heterogeneity"] else {
      defaulted.append("heterogeneity")
      return
    }
    guard let scales = spreads.members else { throw .invalidValue(file: file, entry: "heterogeneity") }
    for (key, scale) in scales.sorted(by: { $0.key < $1.key }) {
      guard heterogeneity[key] != nil else { throw .unknownEntry(file: file, entry: "heterogeneity.\(key)") }
      heterogeneity[key] = try number(scale, .priorSD, "heterogeneity.\(key)")
    }
  }

  /// The priors as the file that would give them.
  public var json: [String: [String: Double]] {
    var members: [String: [String: Double]] = ["heterogeneity": heterogeneity]
    for entry in Self.entries {
      let prior = self[keyPath: entry.path]
      members[entry.key] = [
        (entry.key == "inversion" ? "mean" : "median"): prior.median, entry.spread: prior.sd,
      ]
    }
    return members
  }
}

/// What can be wrong with a priors file.
public enum PriorsError: Error, Equatable, Sendable, CustomStringConvertible {
  case unreadable(file: String)
  case notJSON(file: String)
  case unknownEntry(file: String, entry: String)
  case invalidValue(file: String, entry: String)
  case duplicateEntry(file: String, entry: String)
  case implausible(file: String, entry: String, PlausibleRange.Implausible)

  /// Where, what is wrong, and what to do: one line.
  public var description: String {
    switch self {
    case .unreadable(let file):
      "\(file): the priors file cannot be read. Check its path and permissions."
    case .notJSON(let file):
      "\(file): this is not a JSON object. Compare it with the example in the documentation of --priors."
    case .duplicateEntry(let file, let entry):
      "\(file): the entry \"\(entry)\" stands twice. Keep one of them."
    case .implausible(let file, let entry, let reason):
      "\(file), entry \"\(entry)\": \(reason.description)"
    case .unknownEntry(let file, let entry):
      "\(file): unknown entry \"\(entry)\". Remove it, or correct its spelling."
    case .invalidValue(let file, let entry):
      "\(file): the entry \"\(entry)\" has no usable value. Give a positive median (of f below 1) and a "
        + "positive standard deviation under the names that the documentation of --priors gives."
    }
  }
}
