internal import InferenceCore
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
    /// k̂ of the importance weights, the larger of both models; nil where the models were refitted.
    public var shape: Double?
  }

  /// How the models without a patient are found.
  public enum Method: Sendable, Equatable {
    /// Both models are fitted again without the patient.
    case refits
    /// The draws of the models of all patients are weighted; models are refitted only where k̂ fails.
    case weights
  }

  /// The largest cohort whose models are refitted for every patient; beyond it weights are as good and their cost grows
  /// with the number of patients only.
  public static let mostRefits = 40

  /// One fold for each patient that could be predicted: patients with several lesions drop out if all others
  /// have one.
  public let folds: [Fold]

  /// Judges each of `patients` by both models without it.
  ///
  /// - `posteriors`: the models of all patients, for weights; without them models are refitted.
  /// - `method`: nil refits up to ``mostRefits`` patients and weights the draws beyond.
  /// - `step` is called once for each patient that is done.
  public init(
    _ patients: [CohortPatient], features: [String], model: TwoGroupModel,
    logistic: ErrorsInVariablesLogistic,
    posteriors: (groups: TwoGroupPosterior, logistic: LogisticPosterior)? = nil,
    sampling: CohortSampling = .fold, seed: UInt64, method: Method? = nil, step: () -> Void = {}
  ) {
    func refit(_ left: Int) -> Fold? {
      var rest = patients
      let patient = rest.remove(at: left)
      let groups = model.fit(rest, features: features, sampling: sampling, seed: seed, unit: left + 1)
      guard let probability = groups.probability(patient: patient.lesions) else { return nil }
      let second = logistic.fit(rest, features: features, sampling: sampling, seed: seed, unit: left + 1)
        .predict(patient: patient.lesions)
      return Fold(
        patient: patient.id, isEffective: patient.isEffective, probability: probability,
        logistic: second?.probability ?? .nan, shape: nil)
    }
    let method = method ?? (patients.count > Self.mostRefits ? .weights : .refits)
    guard method == .weights, let posteriors else {
      folds = patients.indices.compactMap { left in
        defer { step() }
        return refit(left)
      }
      return
    }
    let groups = posteriors.groups.leavingOut(patients, prevalence: model.prevalence, step: step)
    let second = posteriors.logistic.leavingOut(patients)
    let draws = [posteriors.groups.draws, posteriors.logistic.draws].map { $0.chainCount * $0.drawCount }
    let limits = draws.map(LeftOutPrediction.largestShape)
    // Without its only patient of several lesions a cohort has no spread within patients: another model.
    let several = patients.count { $0.lesions.count > 1 }
    folds = patients.indices.compactMap { left in
      let patient = patients[left]
      let isOnly = several == 1 && patient.lesions.count > 1
      guard groups[left].shape <= limits[0], second[left].shape <= limits[1], !isOnly else {
        return refit(left)
      }
      return Fold(
        patient: patient.id, isEffective: patient.isEffective, probability: groups[left].probability,
        logistic: second[left].probability, shape: max(groups[left].shape, second[left].shape))
    }
  }

  /// How good the predictions of the two-group model were; nil without any.
  public var scores: PredictionScores? {
    PredictionScores(folds.map(\.probability), outcomes: folds.map(\.isEffective))
  }

  /// One row for each fold: `patient outcome p_effective p_logistic pareto_k`.
  public var table: TabSeparatedTable {
    var table = TabSeparatedTable(
      columns: ["patient", "outcome", "p_effective", "p_logistic", "pareto_k"], name: "left-out.tsv")
    for fold in folds {
      table.append(
        [fold.patient, fold.isEffective ? "effective" : "ineffective"]
          + [fold.probability, fold.logistic, fold.shape ?? .nan].map(TabSeparatedTable.field))
    }
    return table
  }

  /// What the columns of `table` mean.
  public static let descriptions: [String: String] = [
    "patient": "key of the patient", "outcome": "what happened: effective or ineffective",
    "p_effective": "probability by the two-group model without this patient",
    "p_logistic": "probability by the logistic model without this patient",
    "pareto_k":
      "k-hat of the importance weights that stand for the models without this patient, at most 0.7; n/a where both models "
      + "were fitted again without it",
  ]
}
