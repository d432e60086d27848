public import Lesions

/// How well an efficacy model predicted the patients of its own cohort when each was left out in turn.
public struct ModelEvaluation: Sendable, Equatable, Codable {
  /// Patients with effective treatment that were predicted.
  public let effective: Int
  /// Patients with ineffective treatment that were predicted.
  public let ineffective: Int
  /// Mean squared error of the probabilities.
  public let brier: Double
  /// Gain over always predicting the prevalence.
  public let brierSkill: Double
  /// −mean log of the probability of what happened.
  public let logLoss: Double
  /// Area under the ROC curve of the probabilities.
  public let auc: Double
  /// Its 95 % interval.
  public let aucInterval: Interval
  /// Intercept of the calibration line; nil if the predictions separate the classes.
  public let calibrationIntercept: Double?
  /// Slope of the calibration line; nil likewise.
  public let calibrationSlope: Double?
  /// Observed over expected number of effective treatments.
  public let observedOverExpected: Double
  /// Expected calibration error over five equal-width bins: unstable below 100 patients.
  public let expectedCalibrationError: Double

  /// The evaluation of predictions of both classes; nil if one class is missing.
  public init?(_ scores: PredictionScores) {
    guard let classes = scores.classScores else { return nil }
    let line = scores.calibrationLine
    effective = classes.positives.count
    ineffective = classes.negatives.count
    brier = scores.brier
    brierSkill = scores.brierSkill
    logLoss = scores.logLoss
    auc = classes.auc
    aucInterval = classes.reportedInterval().interval
    calibrationIntercept = line?.intercept
    calibrationSlope = line?.slope
    observedOverExpected = scores.observedOverExpected
    expectedCalibrationError = scores.calibrationError().expected
  }
}
