/// The change of one parameter of one lesion in words, by rule: terminal and pages say the same.
///
/// | probability of the direction | words |
/// |---|---|
/// | at least 0.95 | rose (fell) by about x %, with its interval |
/// | 0.80 to 0.95 | may have risen (fallen), with the probability |
/// | below 0.80 | direction unresolved |
/// | not known | no probability: scan-to-scan variation not known |
public struct ChangeWords: Sendable, Equatable {
  /// How sure the direction is.
  public enum Direction: Sendable, Equatable {
    case resolved
    case likely
    case unresolved
    /// Scan-to-scan variation is not known, so that no probability is.
    case unknown
  }

  /// What the parameter is called.
  public let parameter: String
  /// How sure the direction is.
  public let direction: Direction
  private let percent: (median: Double, lower: Double, upper: Double)
  private let increase: Double
  private let decrease: Double

  /// The words for a change in percent (24 is +24 %): its median and 90 % interval, and the probability of either sign.
  public init(
    parameter: String, percentMedian: Double, percentLower: Double, percentUpper: Double,
    probabilityOfIncrease: Double, probabilityOfDecrease: Double
  ) {
    self.parameter = ParameterName.text(parameter)
    percent = (percentMedian, percentLower, percentUpper)
    (increase, decrease) = (probabilityOfIncrease, probabilityOfDecrease)
    let surest = max(probabilityOfIncrease, probabilityOfDecrease)
    direction =
      probabilityOfIncrease.isNaN || probabilityOfDecrease.isNaN
      ? .unknown : surest >= 0.95 ? .resolved : surest >= 0.8 ? .likely : .unresolved
  }

  private var isRise: Bool { increase >= decrease }

  /// The probability of the more probable sign.
  public var probability: Double { max(increase, decrease) }

  /// "rise" or "fall": the more probable sign.
  public var sign: String { isRise ? "rise" : "fall" }

  /// "ADC rose by about 24 %", "D may have risen", "f: direction unresolved".
  public var claim: String {
    switch direction {
    case .resolved:
      "\(parameter) \(isRise ? "rose" : "fell") by about \(DecimalPlaces(0).text(abs(percent.median))) %"
    case .likely: "\(parameter) may have \(isRise ? "risen" : "fallen")"
    case .unresolved: "\(parameter): direction unresolved"
    case .unknown: "\(parameter): no probability"
    }
  }

  /// "(90 % interval +7 to +43 %)", "(probability 0.94)", "(−11 to +22 %)".
  public var support: String {
    switch direction {
    case .resolved: "(90 % interval \(interval) %)"
    case .likely: "(probability \(NumberText.probability(probability)))"
    case .unresolved: "(\(interval) %)"
    case .unknown: "(scan-to-scan variation not known)"
    }
  }

  /// Claim and support in one line.
  public var sentence: String { "\(claim) \(support)" }

  /// "+24 %".
  public var median: String { NumberText.percentChange(percent.median / 100) }

  /// "+7 to +43", in percent; "n/a" where scan-to-scan variation is not known.
  public var interval: String {
    guard direction != .unknown else { return "n/a" }
    return [percent.lower, percent.upper].map { NumberText.percentChange($0 / 100).replacing(" %", with: "") }
      .joined(separator: " to ")
  }

  /// What is said of the observed change against the repeatability coefficient; nil is "not known".
  public static func repeatability(_ isBeyond: Bool?) -> String {
    switch isBeyond {
    case true?: "beyond scan-to-scan variation"
    case false?: "within scan-to-scan variation"
    case nil: "scan-to-scan variation not known"
    }
  }

  /// Words are equal if they read the same.
  public static func == (one: ChangeWords, other: ChangeWords) -> Bool {
    one.sentence == other.sentence && one.median == other.median
  }
}
