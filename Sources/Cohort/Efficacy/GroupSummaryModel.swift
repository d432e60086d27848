internal import Foundation
internal import GSLSupport
internal import Lesions

/// An efficacy model of one feature, built from published means and standard deviations instead of patients.
///
/// With a common variance and the prior 1/σ² the next value of group r is
///
///     t with n₁ + n₀ − 2 degrees of freedom, location x̄_r, scale s_p √(1 + 1/n_r)
///
/// Published standard deviations contain the measurement error of their study already. Nothing checks such a
/// model against outcomes: everything it says is stamped uncalibrated.
public struct GroupSummaryModel: Sendable, Equatable, Codable {
  /// What is published of one group, on the axis of the feature.
  public struct Group: Sendable, Equatable, Codable {
    /// Number of patients.
    public var n: Int
    /// Mean.
    public var mean: Double
    /// Standard deviation, with n − 1.
    public var sd: Double

    /// The summary of one group.
    public init(n: Int, mean: Double, sd: Double) {
      self.n = n
      self.mean = mean
      self.sd = sd
    }
  }

  /// Where the numbers come from.
  public let name: String
  /// The feature, by its name.
  public let feature: String
  /// Patients with effective treatment.
  public let effective: Group
  /// Patients with ineffective treatment.
  public let ineffective: Group
  /// The share of effective treatment among those to be judged.
  public let prevalence: Double

  /// A model from two groups.
  ///
  /// - Throws: `unusableSummary` if a group has fewer than two patients or no spread, if a mean is not
  ///   finite, or if the prevalence does not lie between 0 and 1.
  public init(name: String, feature: String, effective: Group, ineffective: Group, prevalence: Double = 0.5)
    throws(CohortError)
  {
    for (label, group) in [("effective", effective), ("ineffective", ineffective)] {
      guard group.n >= 2, group.sd > 0, group.mean.isFinite, group.sd.isFinite else {
        throw .unusableSummary(
          cohort: name, reason: "the \(label) group has n \(group.n), mean \(group.mean), SD \(group.sd)")
      }
    }
    guard 0 < prevalence && prevalence < 1 else {
      throw .unusableSummary(cohort: name, reason: "the prevalence \(prevalence) is not between 0 and 1")
    }
    self.name = name
    self.feature = feature
    self.effective = effective
    self.ineffective = ineffective
    self.prevalence = prevalence
  }

  /// n₁ + n₀ − 2.
  public var degreesOfFreedom: Double { Double(effective.n + ineffective.n - 2) }

  /// s_p.
  public var pooledSD: Double {
    let squares =
      Double(effective.n - 1) * effective.sd * effective.sd
      + Double(ineffective.n - 1) * ineffective.sd * ineffective.sd
    return (squares / degreesOfFreedom).squareRoot()
  }

  /// (x̄₁ − x̄₀)/s_p.
  public var separation: Double { (effective.mean - ineffective.mean) / pooledSD }

  /// The probability for a new value of the feature, on its axis.
  ///
  /// - `excessSD`: by how much the error of this value exceeds the typical one of the study, √max(0, v − v̄);
  ///   0 if it is typical, since the published spread contains it then.
  /// - There is no model interval, no range if known and no split of the variance: those are NaN.
  public func predict(_ value: Double, excessSD: Double = 0) -> EfficacyPrediction {
    let rule = excessSD > 0 ? Quadrature.normalRule(order: 101) : (nodes: [0], weights: [1])
    func likelihood(_ group: Group) -> Double {
      let scale = pooledSD * (1 + 1 / Double(group.n)).squareRoot()
      return zip(rule.nodes, rule.weights).reduce(0) { sum, point in
        let deviate = (value + excessSD * point.0 - group.mean) / scale
        return sum + point.1 * SpecialFunctions.studentTDensity(deviate, degreesOfFreedom: degreesOfFreedom)
          / scale
      }
    }
    let factor = likelihood(effective) / likelihood(ineffective)
    let odds = factor * prevalence / (1 - prevalence)
    return EfficacyPrediction(
      probability: odds.isInfinite ? 1 : odds / (1 + odds), modelInterval: .unknown, ifKnown: .unknown,
      bayesFactor: factor, imagingShare: .nan, cohortShare: .nan, standardDeviation: .nan)
  }
}
