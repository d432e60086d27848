/// How much of a posterior comes from the data, by its contraction κ. The raw values are those of grade maps.
public enum Grade: UInt8, Sendable, Codable, CaseIterable {
  /// Not estimated here.
  case outside = 0
  /// κ ≥ 0.75.
  case dataDominated = 1
  /// 0.25 ≤ κ < 0.75.
  case mixed = 2
  /// κ < 0.25, negative included: not informed by these data; the interval is the prior's.
  case priorDominated = 3

  /// The grade of contraction `contraction`; `outside` for NaN.
  public init(contraction: Double) {
    self =
      switch contraction {
      case 0.75...: .dataDominated
      case 0.25...: .mixed
      case ..<0.25: .priorDominated
      default: .outside
      }
  }

  /// The word that tables print; empty for `outside`.
  public var word: String {
    switch self {
    case .outside: ""
    case .dataDominated: "data-dominated"
    case .mixed: "mixed"
    case .priorDominated: "prior-dominated"
    }
  }
}
