/// One follow-up assessed by RECIST 1.1 (Eisenhauer et al. 2009, doi:10.1016/j.ejca.2008.10.026).
public struct RECISTAssessment: Sendable, Equatable, Codable {
  /// The state of the lesions that are followed without being measured.
  public enum NonTargetState: String, Sendable, Codable, CaseIterable {
    /// There are none.
    case absent = "none"
    /// All gone.
    case complete = "CR"
    /// Neither gone nor unequivocally progressing.
    case persistent = "nonCR"
    /// Unequivocal progression.
    case progressive = "PD"
  }

  /// The sum of the target diameters before treatment, in mm.
  public var baselineSum: Double
  /// The smallest sum so far, baseline included, in mm.
  public var nadirSum: Double
  /// The sum at this follow-up, in mm; NaN if not all targets were measured.
  public var followUpSum: Double
  /// True if a new lesion is seen.
  public var hasNewLesion: Bool
  /// The non-target lesions.
  public var nonTargets: NonTargetState
  /// True if every target is gone; nodes count as gone below 10 mm short axis, so the sum need not be zero.
  public var allTargetsGone: Bool

  /// An assessment of sums in mm.
  public init(
    baselineSum: Double, nadirSum: Double, followUpSum: Double, hasNewLesion: Bool,
    nonTargets: NonTargetState,
    allTargetsGone: Bool
  ) {
    self.baselineSum = baselineSum
    self.nadirSum = nadirSum
    self.followUpSum = followUpSum
    self.hasNewLesion = hasNewLesion
    self.nonTargets = nonTargets
    self.allTargetsGone = allTargetsGone
  }

  /// The response, in the order in which the rules take precedence.
  ///
  /// - PD: a new lesion, progressing non-targets, or a sum at least 20 % **and** 5 mm above the nadir;
  ///   reappearance after a nadir of 0 is PD whatever its size.
  /// - NE: no progression seen, but the sum is not known.
  /// - CR: all targets gone and no non-target left. PR: at least 30 % below baseline. SD: everything else.
  public var response: ResponseCategory {
    if hasNewLesion || nonTargets == .progressive { return .progressive }
    guard followUpSum.isFinite, baselineSum > 0, nadirSum >= 0 else { return .notEvaluable }
    let growth = followUpSum - nadirSum
    if nadirSum == 0 && followUpSum > 0 && !allTargetsGone { return .progressive }
    // A hair below the limits, so that 72 mm over 60 mm is 20 % in binary arithmetic too.
    let hair = 1e-9
    if nadirSum > 0 && growth >= 5 - hair && growth >= (0.2 - hair) * nadirSum { return .progressive }
    if allTargetsGone && (nonTargets == .absent || nonTargets == .complete) { return .complete }
    if allTargetsGone || baselineSum - followUpSum >= (0.3 - hair) * baselineSum { return .partial }
    return .stable
  }
}
