internal import Foundation
internal import InferenceCore
internal import Lesions

/// A judged lesion or patient: one row of `efficacy.tsv`.
public struct EfficacyJudgement: Sendable, Equatable {
  /// Whether one lesion or all lesions of a patient were judged.
  public enum Level: String, Sendable, Codable {
    /// One lesion alone.
    case lesion
    /// All lesions of a patient together.
    case patient
  }

  /// What was judged.
  public var level: Level
  /// The patient's key.
  public var patient: String
  /// The lesion; empty for a patient.
  public var lesion: String
  /// The judgement; nil if it is withheld, for the reason that a flag gives.
  public var prediction: EfficacyPrediction?
  /// P(effective) by the second model; NaN if there is none.
  public var logistic: Double
  /// The prevalence in `prediction`.
  public var prevalence: Double
  /// What qualifies the judgement.
  public var flags: [String]

  /// A judgement; `prediction` is nil if it is withheld.
  public init(
    level: Level, patient: String, lesion: String, prediction: EfficacyPrediction?, logistic: Double,
    prevalence: Double, flags: [String]
  ) {
    self.level = level
    self.patient = patient
    self.lesion = lesion
    self.prediction = prediction
    self.logistic = logistic
    self.prevalence = prevalence
    self.flags = flags
  }
}

extension EfficacyModel {
  /// Lesions of one patient, by name, measured over the model's features.
  public typealias PatientLesions = [(lesion: String, measurement: FeatureMeasurement)]

  /// The patient and each lesion of it judged.
  ///
  /// - `prevalence`: for a setting other than the cohort's; the logistic intercept moves by the difference of
  ///   the logits.
  /// - `allowSmall`: judge single patients although a class has fewer than ten.
  /// - Flags: `exploratory`, `withheld`, `model-dependent` (the two models differ by more than 0.15),
  ///   `missing features`, `several lesions, spread unknown`.
  public func judge(
    patient: String, lesions: PatientLesions, prevalence: Double? = nil, allowSmall: Bool = false
  ) -> [EfficacyJudgement] {
    let groups = prevalence.map(self.groups.replacingPrevalence) ?? self.groups
    let logistic =
      prevalence.map { self.logistic.shifted(by: logit($0) - logit(groupPrevalence)) } ?? self.logistic
    let measured = lesions.filter { !$0.measurement.isEmpty }
    func judgement(
      _ level: EfficacyJudgement.Level, _ lesion: String, _ measurements: [FeatureMeasurement]
    ) -> EfficacyJudgement {
      var flags = isExploratory ? ["exploratory"] : []
      if measurements.isEmpty || measurements.contains(where: { $0.means.contains(where: \.isNaN) }) {
        flags.append("missing features")
      }
      var row = EfficacyJudgement(
        level: level, patient: patient, lesion: lesion, prediction: nil, logistic: .nan,
        prevalence: prevalence ?? groupPrevalence, flags: flags)
      guard !measurements.isEmpty else { return row }
      guard allowSmall || !isExploratory else {
        row.flags.append("withheld: fewer than \(Self.enoughPatients) patients in a class")
        return row
      }
      switch level {
      case .lesion:
        row.prediction = groups.predict(lesion: measurements[0], seed: seed)
        row.logistic = logistic.predict(lesion: measurements[0]).probability
      case .patient:
        row.prediction = groups.predict(patient: measurements, seed: seed)
        row.logistic = logistic.predict(patient: measurements)?.probability ?? .nan
        if row.prediction == nil { row.flags.append("several lesions, spread unknown") }
      }
      if let probability = row.prediction?.probability, abs(probability - row.logistic) > Self.modelDependence
      {
        row.flags.append("model-dependent")
      }
      return row
    }
    return [judgement(.patient, "", measured.map(\.measurement))]
      + lesions.map { judgement(.lesion, $0.lesion, $0.measurement.isEmpty ? [] : [$0.measurement]) }
  }

  /// The posterior mean of the prevalence in the cohort.
  var groupPrevalence: Double { groups.meanPrevalence }

  private func logit(_ p: Double) -> Double { log(p / (1 - p)) }
}

extension TwoGroupPosterior {
  /// The mean of π over the draws.
  var meanPrevalence: Double {
    let values = draws.pooled(draws.parameters.count - 1)
    return values.reduce(0, +) / Double(values.count)
  }

  /// The same posterior with a prevalence that is given.
  func replacingPrevalence(_ prevalence: Double) -> TwoGroupPosterior {
    var draws = draws
    for chain in 0..<draws.chainCount {
      for draw in 0..<draws.drawCount { draws[chain, draw, draws.parameters.count - 1] = prevalence }
    }
    return TwoGroupPosterior(features: features, hasWithin: hasWithin, draws: draws)
  }
}

extension LogisticPosterior {
  /// The same posterior with its intercepts moved: a case-control correction to another prevalence.
  func shifted(by step: Double) -> LogisticPosterior {
    var draws = draws
    for chain in 0..<draws.chainCount {
      for draw in 0..<draws.drawCount { draws[chain, draw, 0] += step }
    }
    return LogisticPosterior(features: features, hasWithin: hasWithin, draws: draws)
  }
}
