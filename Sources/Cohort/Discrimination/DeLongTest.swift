internal import Diagnostics
internal import GSLSupport
public import Lesions

/// Do two markers separate the same patients equally well? AUC₁ − AUC₂ over its standard error.
///
/// DeLong, DeLong and Clarke-Pearson 1988 (doi:10.2307/2531595): the covariance of the two AUCs is that of
/// the placements of each patient, class by class.
public struct PairedDeLongTest: Sendable, Equatable {
  /// AUC of the first marker minus AUC of the second.
  public let difference: Double
  /// The covariance of the two AUCs.
  public let covariance: Double
  /// The standard error of the difference.
  public let standardError: Double
  /// difference / standardError; NaN if the difference has no variance: then nothing can be tested.
  public let z: Double
  /// Two-sided, from the normal distribution; NaN with `z`.
  public let pValue: Double

  /// Compares two markers of the same patients, in the same order within each class.
  public init(_ first: ClassScores, _ second: ClassScores) {
    precondition(
      first.positives.count == second.positives.count && first.negatives.count == second.negatives.count,
      "a paired test needs both markers of every patient")
    let (one, two) = (first.placements, second.placements)
    self.covariance =
      one.positives.sampleCovariance(with: two.positives) / Double(first.positives.count)
      + one.negatives.sampleCovariance(with: two.negatives) / Double(first.negatives.count)
    self.difference = first.auc - second.auc
    self.standardError = max(0, first.delongVariance + second.delongVariance - 2 * covariance).squareRoot()
    // AUCs are of the order of 1: a standard error of rounding errors is none.
    self.z = standardError > DataPrecision.relative ? difference / standardError : .nan
    self.pValue = 2 * SpecialFunctions.normalUpperTail(abs(z))
  }

  /// The interval of the difference; unknown with `z`.
  public func interval(level: Double = 0.95) -> Interval {
    guard !z.isNaN else { return .unknown }
    return Interval(center: difference, halfWidth: ClassScores.normalQuantile(level) * standardError)
  }
}

/// Do two markers of *different* patients separate equally well?
///
///     D = (A₁ − A₂)/√(v₁ + v₂),   ν = (v₁ + v₂)² / (v₁²/(N₁ − 1) + v₂²/(N₂ − 1))
///
/// with DeLong variances v and N patients in each sample (Robin et al. 2011, doi:10.1186/1471-2105-12-77).
public struct UnpairedDeLongTest: Sendable, Equatable {
  /// D; NaN if neither AUC has a variance.
  public let statistic: Double
  /// ν, by Welch and Satterthwaite.
  public let degreesOfFreedom: Double
  /// Two-sided, from Student's t.
  public let pValue: Double

  /// Compares the AUCs of two independent samples.
  public init(_ first: ClassScores, _ second: ClassScores) {
    let variances = [first, second].map(\.delongVariance)
    let sizes = [first, second].map { Double($0.positives.count + $0.negatives.count) }
    let total = variances[0] + variances[1]
    let error = total.squareRoot()
    self.statistic = error > DataPrecision.relative ? (first.auc - second.auc) / error : .nan
    self.degreesOfFreedom =
      total * total
      / (variances[0] * variances[0] / (sizes[0] - 1) + variances[1] * variances[1] / (sizes[1] - 1))
    self.pValue = 2 * SpecialFunctions.studentTUpperTail(abs(statistic), degreesOfFreedom: degreesOfFreedom)
  }
}
