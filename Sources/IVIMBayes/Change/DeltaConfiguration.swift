public import Foundation
internal import Lesions

/// Every option of `delta`, with its default; it is written into the record of the changes.
public struct DeltaConfiguration: Codable, Sendable, Equatable {
  /// The patient's key; nil takes the subject of the runs.
  public var patient: String?
  /// Half-widths of the regions of practical equivalence as relative changes, by parameter; others have their
  /// default.
  public var rope: [String: Double] = [:]
  /// True if runs of different protocols, models or priors are compared all the same.
  public var force = false
  /// True if the change that the design alone would make is simulated.
  public var sensitivity = false
  /// The seed of the pairing and of the scan-to-scan noise.
  public var seed: UInt64 = 1

  enum CodingKeys: String, CodingKey, CaseIterable {
    case patient, rope, force, sensitivity, seed
  }

  /// The defaults.
  public init() {}

  /// Options from a file, or from the record of earlier changes; what is missing takes its default.
  ///
  /// - Throws: `RunError` if the file cannot be read, is no JSON object, or has an unknown or unusable entry.
  public static func read(_ file: URL) throws(RunError) -> DeltaConfiguration {
    try ConfigurationFile.read(file, default: DeltaConfiguration(), keys: CodingKeys.allCases.map(\.rawValue))
  }

  /// Regions of practical equivalence from a list such as `adc=0.1,t1=5%`.
  ///
  /// - Throws: `RunError` of status 64 for anything else.
  public static func rope(parsing list: String) throws(RunError) -> [String: Double] {
    var widths: [String: Double] = [:]
    for entry in list.split(separator: ",") {
      let sides = entry.split(separator: "=").map { $0.trimmingCharacters(in: .whitespaces) }
      let isPercent = sides.last?.hasSuffix("%") ?? false
      guard sides.count == 2, LesionParameter(rawValue: sides[0]) != nil,
        let number = Double(isPercent ? String(sides[1].dropLast()) : sides[1]), number > 0, number.isFinite
      else {
        throw RunError(
          .usage, at: "--rope", "\"\(entry)\" is not a region of practical equivalence",
          advice: "Give relative changes by parameter, for example adc=10%,t1=0.05")
      }
      widths[sides[0]] = isPercent ? number / 100 : number
    }
    return widths
  }

  /// Refuses values that mean nothing.
  func check() throws(RunError) {
    for (name, width) in rope.sorted(by: { $0.key < $1.key }) {
      guard LesionParameter(rawValue: name) != nil, width > 0, width.isFinite else {
        throw RunError(
          .usage, at: "rope", "\(name) = \(width) is not a region of practical equivalence",
          advice: "Give a positive relative change for one of "
            + LesionParameter.allCases.map(\.rawValue).joined(separator: ", "))
      }
    }
  }
}

/// The files of `delta` and where its results go.
public struct DeltaFiles: Sendable, Equatable {
  /// Runs of the baseline: at most one of diffusion and one of T1.
  public var pre: [URL]
  /// Runs of the follow-up.
  public var post: [URL]
  /// Which lesion is which: columns `pre post name`; nil matches equal labels.
  public var match: URL?
  /// Scan-to-scan variation from a study of the user's own; nil takes the built-in figures.
  public var repeatability: URL?
  /// What decided which visit came first, if it was not the user.
  var order: String?
  /// The folder that is made.
  public var output: URL
  /// True if a folder made earlier may be replaced.
  public var overwrites = false

  /// The change from the runs `pre` to the runs `post`, written to `output`.
  public init(pre: [URL], post: [URL], output: URL) {
    self.pre = pre
    self.post = post
    self.output = output
  }

  /// The guard of the output folder.
  ///
  /// - Throws: status 73 if the results must not go there.
  func outputPlace() throws(RunError) -> OutputPlace {
    try OutputPlace(
      output, kind: .changes, overwriting: overwrites,
      inputs: pre + post + [match, repeatability].compactMap { $0 })
  }
}
