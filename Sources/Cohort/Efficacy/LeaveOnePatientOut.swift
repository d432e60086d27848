public import Tables

/// Predictions for every patient of a cohort by models that were fitted without that patient.
///
/// All that was learned is inside the fold: means, covariances, coefficients, prevalence. What was chosen
/// beforehand (features, reference units) is outside.
public struct LeaveOnePatientOut: Sendable, Equatable, Codable {
  /// One patient left out.
  public struct Fold: Sendable, Equatable, Codable {
    /// The patient's key.
    public var patient: String
    /// The outcome.
    public var isEffective: Bool
    /// P(effective) by the two-group model, from all lesions of the patient.
    public var probability: Double
    /// P(effective) by the logistic model.
    public var logistic: Double
  }

  /// One fold for each patient that could be predicted: patients with several lesions drop out if all others
  /// have one.
  public let folds: [Fold]

  /// Refits both models once for each of `patients`.
  public init(
    _ patients: [CohortPatient], features: [String], model: TwoGroupModel,
    logistic: ErrorsInVariablesLogistic,
    sampling: CohortSampling = .fold, seed: UInt64
  ) {
    folds = patients.indices.compactMap { left in
      var rest = patients
      let patient = rest.remove(at: left)
      let groups = model.fit(rest, features: features, sampling: sampling, seed: seed, unit: left + 1)
      guard let probability = groups.probability(patient: patient.lesions) else { return nil }
      let second = logistic.fit(rest, features: features, sampling: sampling, seed: seed, unit: left + 1)
        .predict(patient: patient.lesions)
      return Fold(
        patient: patient.id, isEffective: patient.isEffective, probability: probability,
        logistic: second?.probability ?? .nan)
    }
  }

  /// How good the predictions of the two-group model were; nil without any.
  public var scores: PredictionScores? {
    PredictionScores(folds.map(\.probability), outcomes: folds.map(\.isEffective))
  }

  /// One row for each fold: `patient outcome p_effective p_logistic`.
  public var table: TabSeparatedTable {
    var table = TabSeparatedTable(
      columns: ["patient", "outcome", "p_effective", "p_logistic"], name: "left-out.tsv")
    for fold in folds {
      table.append(
        [fold.patient, fold.isEffective ? "effective" : "ineffective"]
          + [fold.probability, fold.logistic].map(TabSeparatedTable.field))
    }
    return table
  }

  /// What the columns of `table` mean.
  public static let descriptions: [String: String] = [
    "patient": "key of the patient", "outcome": "what happened: effective or ineffective",
    "p_effective": "probability by the two-group model that was fitted without this patient",
    "p_logistic": "probability by the logistic model that was fitted without this patient",
  ]
}
