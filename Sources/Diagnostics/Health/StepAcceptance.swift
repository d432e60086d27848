internal import Foundation

/// How often steps of one kind were accepted in a chain, after the warm-up that sized them.
public struct StepAcceptance: Sendable, Equatable {
  /// What moves: "steps of single sites".
  public let name: String
  /// Steps accepted.
  public let accepted: Double
  /// Steps tried.
  public let tried: Double
  /// True of random walks, which are too small if they are accepted too often; a proposal that does not depend on the
  /// current place is the better the oftener it is accepted.
  public let isWalk: Bool

  /// The counts of one kind of step.
  public init(_ name: String, accepted: Double, tried: Double, isWalk: Bool = true) {
    self.name = name
    self.accepted = accepted
    self.tried = tried
    self.isWalk = isWalk
  }

  /// The share accepted; NaN of steps that were never tried.
  public var rate: Double { accepted / tried }

  /// The flag of an adaptation that froze at the wrong size; nil if the rate is right, or rests on fewer steps than a
  /// chain needs draws.
  public func flag(subject: String, limits: HealthLimits = HealthLimits()) -> HealthFlag? {
    guard tried >= Double(limits.drawsPerChain) else { return nil }
    let range = isWalk ? limits.acceptance : limits.acceptance.lowerBound...1
    guard !range.contains(rate) else { return nil }
    return HealthFlag(
      .frozenAdaptation, subject: subject, severity: .warn,
      evidence: name
        + String(format: ": acceptance %.2f (%.1f to %.1f)", rate, range.lowerBound, range.upperBound))
  }
}
