/// The response under immunotherapy by iRECIST (Seymour et al. 2017, doi:10.1016/S1470-2045(17)30074-8): a
/// first progression is unconfirmed until a scan 4 to 8 weeks later shows more.
public enum ImmuneResponse: String, Sendable, Codable, CaseIterable {
  /// Complete response.
  case complete = "iCR"
  /// Partial response.
  case partial = "iPR"
  /// Stable disease.
  case stable = "iSD"
  /// Progression, not yet confirmed.
  case unconfirmedProgression = "iUPD"
  /// Progression, confirmed.
  case confirmedProgression = "iCPD"
  /// Not evaluable.
  case notEvaluable = "iNE"

  /// What to do with a progression that nobody confirmed.
  public enum UnconfirmedRule: String, Sendable, Codable {
    /// It is missing: pseudoprogression cannot be told from progression. The default.
    case missing
    /// It is progression, as RECIST 1.1 has it.
    case progression
  }

  /// The RECIST category that an outcome table uses.
  public func category(unconfirmed rule: UnconfirmedRule = .missing) -> ResponseCategory {
    switch self {
    case .complete: .complete
    case .partial: .partial
    case .stable: .stable
    case .confirmedProgression: .progressive
    case .unconfirmedProgression: rule == .missing ? .notEvaluable : .progressive
    case .notEvaluable: .notEvaluable
    }
  }

  /// One time point: what RECIST 1.1 says of it, and what it adds to an unconfirmed progression.
  public struct TimePoint: Sendable, Equatable {
    /// Days since the start of treatment.
    public var day: Double
    /// The response by RECIST 1.1, its nadir taken over all earlier scans.
    public var response: ResponseCategory
    /// True if, after iUPD, the sum grew by 5 mm more, a non-target grew further, or another new lesion
    /// appeared.
    public var showsFurtherGrowth: Bool

    /// A scan on `day`.
    public init(day: Double, response: ResponseCategory, showsFurtherGrowth: Bool = false) {
      self.day = day
      self.response = response
      self.showsFurtherGrowth = showsFurtherGrowth
    }
  }

  /// The immune response at each of `timePoints`, which are in the order of time.
  ///
  /// PD is iUPD at first. The next evaluable scan makes it iCPD if it is PD again with further growth, 28 to
  /// 56 days later; PD without further growth, or outside those days, stays iUPD; any other response resets
  /// the clock. After iCPD every later scan stays iCPD.
  public static func assess(_ timePoints: [TimePoint]) -> [ImmuneResponse] {
    var pendingSince: Double?
    var isConfirmed = false
    return timePoints.map { point in
      if isConfirmed { return .confirmedProgression }
      switch point.response {
      case .notEvaluable: return .notEvaluable
      case .complete, .partial, .stable:
        pendingSince = nil
        return point.response == .complete ? .complete : point.response == .partial ? .partial : .stable
      case .progressive:
        guard let since = pendingSince else {
          pendingSince = point.day
          return .unconfirmedProgression
        }
        isConfirmed = point.showsFurtherGrowth && (28...56).contains(point.day - since)
        if !isConfirmed { pendingSince = point.day }
        return isConfirmed ? .confirmedProgression : .unconfirmedProgression
      }
    }
  }
}
