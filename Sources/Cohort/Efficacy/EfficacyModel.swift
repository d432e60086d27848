internal import Foundation
public import Lesions

/// A trained efficacy model: everything that judging a new patient needs, without any patient of the cohort
/// in it.
public struct EfficacyModel: Sendable, Equatable {
  /// The cohort's name.
  public let cohort: String
  /// The features, in the order of every measurement.
  public let features: [CohortFeature]
  /// What counted as effective.
  public let effectiveResponses: EffectiveResponses
  /// Patients with effective treatment.
  public let effectiveCount: Int
  /// Patients with ineffective treatment.
  public let ineffectiveCount: Int
  /// The number of patients that have each feature; nil in model files of versions that did not count them.
  public let featureCounts: [Int]?
  /// How the cohort was scanned and fitted, if it is known.
  public let fingerprint: ProtocolFingerprint?
  /// The scan-to-scan variation that the cohort's changes were given, and that new ones are given too.
  public let variabilities: [LesionParameter: ScanVariability]
  /// The default model.
  public let groups: TwoGroupPosterior
  /// The second opinion.
  public let logistic: LogisticPosterior
  /// Leave-one-patient-out; nil if only one class could be predicted.
  public let evaluation: ModelEvaluation?
  /// The seed of every random number.
  public let seed: UInt64

  /// The smallest class that a model is made from.
  public static let fewestPatients = 5
  /// The largest cohort that a model is made from.
  public static let mostPatients = 20_000
  /// The smallest class from which single patients are judged without being asked for.
  public static let enoughPatients = 10
  /// Beyond this difference of the two models a probability depends on the model.
  public static let modelDependence = 0.15

  /// True below ten patients in a class: single patients are judged on request only.
  public var isExploratory: Bool { min(effectiveCount, ineffectiveCount) < Self.enoughPatients }

  /// What stands beside every number of this model; features that not all patients have are named with their number.
  public var stamp: String {
    let size = effectiveCount + ineffectiveCount
    let few = zip(features, featureCounts ?? []).filter { $0.1 < size }
      .map { ", \($0.0.name) of \($0.1) patients" }.joined()
    let brier = evaluation.map { String(format: "%.3f", $0.brier) } ?? "unknown"
    return "\(cohort), n = \(size) (\(effectiveCount) effective, "
      + "\(ineffectiveCount) ineffective)\(few), leave-one-patient-out Brier \(brier); research use only"
  }
}
