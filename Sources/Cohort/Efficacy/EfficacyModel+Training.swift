public import Lesions

extension EfficacyModel {
  /// How a model is trained.
  public struct Plan: Sendable {
    /// The features; named before the outcomes were known.
    public var features: [CohortFeature]
    /// The share of effective treatment.
    public var prevalence: Prevalence
    /// Scan-to-scan variation of each parameter.
    public var variabilities: [LesionParameter: ScanVariability]
    /// What counts as effective; recorded only.
    public var effectiveResponses: EffectiveResponses
    /// How the cohort was scanned and fitted; recorded only.
    public var fingerprint: ProtocolFingerprint?
    /// Length of the chains.
    public var sampling: CohortSampling
    /// Length of the chains of the refits.
    public var foldSampling: CohortSampling
    /// The seed.
    public var seed: UInt64

    /// The default plan: the study's features, prevalence learned, built-in variabilities.
    public init(
      features: [CohortFeature] = CohortFeature.defaults, prevalence: Prevalence = .learned,
      variabilities: [LesionParameter: ScanVariability] = Plan.builtInVariabilities,
      effectiveResponses: EffectiveResponses = .objectiveResponse, fingerprint: ProtocolFingerprint? = nil,
      sampling: CohortSampling = .standard, foldSampling: CohortSampling = .fold, seed: UInt64 = 1
    ) {
      self.features = features
      self.prevalence = prevalence
      self.variabilities = variabilities
      self.effectiveResponses = effectiveResponses
      self.fingerprint = fingerprint
      self.sampling = sampling
      self.foldSampling = foldSampling
      self.seed = seed
    }

    /// The built-in table, for every parameter that has a figure.
    public static var builtInVariabilities: [LesionParameter: ScanVariability] {
      Dictionary(
        uniqueKeysWithValues: LesionParameter.allCases.compactMap { parameter in
          ScanVariability.builtIn(parameter).map { (parameter, $0) }
        })
    }
  }

  /// A model of `patients`, whose measurements are over `plan.features`.
  ///
  /// Lesions without any of the features are left out, and patients without such lesions with them.
  /// - Throws: `unusableFeatureCount`; `tooFewPatients` with fewer than five patients in a class; `tooManyPatients`;
  ///   `featureWithoutPatients` for a feature that nobody has.
  public static func train(_ patients: [CohortPatient], cohort: String, plan: Plan) throws(CohortError)
    -> EfficacyModel
  {
    try trainLeavingOut(patients, cohort: cohort, plan: plan).model
  }

  /// As `train`, with the predictions of the patients left out, which the model itself does not hold.
  ///
  /// - `step` is called once for each patient that is left out.
  public static func trainLeavingOut(
    _ patients: [CohortPatient], cohort: String, plan: Plan, step: () -> Void = {}
  ) throws(CohortError) -> (model: EfficacyModel, leftOut: LeaveOnePatientOut) {
    guard (1...TwoGroupModel.mostFeatures).contains(plan.features.count) else {
      throw .unusableFeatureCount(
        cohort: cohort, count: plan.features.count, most: TwoGroupModel.mostFeatures)
    }
    let usable = patients.compactMap { patient -> CohortPatient? in
      let lesions = patient.lesions.filter { !$0.isEmpty }
      return lesions.isEmpty
        ? nil : CohortPatient(id: patient.id, isEffective: patient.isEffective, lesions: lesions)
    }
    let effective = usable.count { $0.isEffective }
    guard min(effective, usable.count - effective) >= fewestPatients else {
      throw .tooFewPatients(
        cohort: cohort, effective: effective, ineffective: usable.count - effective, needed: fewestPatients)
    }
    guard usable.count <= mostPatients else {
      throw .tooManyPatients(cohort: cohort, count: usable.count, most: mostPatients)
    }
    let counts = plan.features.indices.map { feature in
      usable.count { $0.lesions.contains { !$0.means[feature].isNaN } }
    }
    if let missing = counts.firstIndex(of: 0) {
      throw .featureWithoutPatients(
        table: "cohort \"\(cohort)\"", name: plan.features[missing].name,
        reason: "it is missing in all of them")
    }
    let names = plan.features.map(\.name)
    let model = TwoGroupModel(prevalence: plan.prevalence)
    let logistic = ErrorsInVariablesLogistic(
      prevalence: { if case .fixed(let value) = plan.prevalence { value } else { 0.5 } }())
    let groups = model.fit(usable, features: names, sampling: plan.sampling, seed: plan.seed)
    let second = logistic.fit(usable, features: names, sampling: plan.sampling, seed: plan.seed)
    let left = LeaveOnePatientOut(
      usable, features: names, model: model, logistic: logistic, posteriors: (groups, second),
      sampling: plan.foldSampling, seed: plan.seed, step: step)
    let trained = EfficacyModel(
      cohort: cohort, features: plan.features, effectiveResponses: plan.effectiveResponses,
      effectiveCount: effective, ineffectiveCount: usable.count - effective, featureCounts: counts,
      fingerprint: plan.fingerprint,
      variabilities: plan.variabilities,
      groups: groups.rounded, logistic: second.rounded,
      evaluation: left.scores.flatMap(ModelEvaluation.init), seed: plan.seed)
    return (trained, left)
  }
}
