public import Lesions

/// The estimated probability, under a model of a cohort, that a patient with such a change belongs to the
/// effective group, with everything that qualifies it.
public struct EfficacyPrediction: Sendable, Equatable, Codable {
  /// P(effective), averaged over everything unknown.
  public var probability: Double
  /// 90 % interval of the probability over the draws of the model: what a larger cohort would narrow.
  public var modelInterval: Interval
  /// 5–95 % range of the probability if the true features were known exactly: what better images would
  /// decide.
  public var ifKnown: Interval
  /// P(measurement | effective) / P(measurement | ineffective): free of the prevalence; NaN for a model
  /// without it.
  public var bayesFactor: Double
  /// The share of the variance of the probability that is due to the error of this measurement.
  public var imagingShare: Double
  /// The share that is due to the smallness of the cohort.
  public var cohortShare: Double
  /// The standard deviation of the probability over measurement error and model together.
  public var standardDeviation: Double
}
