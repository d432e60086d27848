internal import Diagnostics
internal import Foundation
internal import GSLSupport
public import Lesions

extension ClassScores {
  /// The variance of the AUC, S₁₀/m + S₀₁/n over the placements of both classes.
  ///
  /// DeLong, DeLong and Clarke-Pearson 1988, equation 5 (doi:10.2307/2531595). Zero when the classes separate
  /// completely, which is not certainty: see ``reportedInterval(level:)``. NaN with one score in a class.
  public var delongVariance: Double {
    let placements = placements
    return placements.positives.sampleVariance / Double(positives.count)
      + placements.negatives.sampleVariance / Double(negatives.count)
  }

  /// AUC ∓ z · standard error by DeLong, cut at 0 and 1.
  public func delongInterval(level: Double = 0.95) -> Interval {
    Interval(center: auc, halfWidth: Self.normalQuantile(level) * delongVariance.squareRoot()).clamped(
      to: 0...1)
  }

  /// The DeLong interval made on the logit of the AUC, which stays inside (0, 1): for an AUC above 0.9.
  ///
  /// NaN when the AUC is 0 or 1.
  public func logitInterval(level: Double = 0.95) -> Interval {
    let auc = auc
    let error = delongVariance.squareRoot() / (auc * (1 - auc))
    guard error.isFinite else { return .unknown }
    return Interval(center: SpecialFunctions.logit(auc), halfWidth: Self.normalQuantile(level) * error)
      .map(SpecialFunctions.logistic)
  }

  /// The standard error of an AUC A under exponential scores.
  ///
  ///     SE² = [A(1 − A) + (m − 1)(Q₁ − A²) + (n − 1)(Q₂ − A²)] / (m n),  Q₁ = A/(2 − A),  Q₂ = 2A²/(1 + A)
  ///
  /// Hanley and McNeil 1982, equation 1 (doi:10.1148/radiology.143.1.7063747).
  public static func hanleyMcNeilError(auc: Double, positives: Int, negatives: Int) -> Double {
    let (m, n) = (Double(positives), Double(negatives))
    let (q1, q2) = (auc / (2 - auc), 2 * auc * auc / (1 + auc))
    let variance = auc * (1 - auc) + (m - 1) * (q1 - auc * auc) + (n - 1) * (q2 - auc * auc)
    return (variance / (m * n)).squareRoot()
  }

  /// How an interval of the AUC was made.
  public enum IntervalMethod: String, Sendable, Codable {
    /// AUC ∓ z · SE.
    case delong
    /// DeLong on the logit axis, for an AUC above 0.9.
    case logit
    /// Hanley and McNeil about (U + 1/2)/(m n + 1), for complete separation.
    case hanleyMcNeil = "hanley-mcneil"
  }

  /// The interval that a table prints: DeLong's; on the logit axis above an AUC of 0.9 (or below 0.1); and
  /// Hanley and McNeil's about (U + 1/2)/(m n + 1) when the classes separate and DeLong's has no width.
  public func reportedInterval(level: Double = 0.95) -> (interval: Interval, method: IntervalMethod) {
    let auc = auc
    if auc < 0.5 {
      let (mirrored, method) = negated.reportedInterval(level: level)
      return (Interval(lower: 1 - mirrored.upper, upper: 1 - mirrored.lower), method)
    }
    if auc == 1 {
      let pairs = Double(positives.count * negatives.count)
      let center = (pairs + 0.5) / (pairs + 1)
      let error = Self.hanleyMcNeilError(
        auc: center, positives: positives.count, negatives: negatives.count)
      let lower = center - Self.normalQuantile(level) * error
      return (Interval(lower: max(0, lower), upper: 1), .hanleyMcNeil)
    }
    if auc > 0.9 { return (logitInterval(level: level), .logit) }
    return (delongInterval(level: level), .delong)
  }

  /// z with P(|Z| < z) = `level`.
  static func normalQuantile(_ level: Double) -> Double { SpecialFunctions.normalQuantile((1 + level) / 2) }
}
