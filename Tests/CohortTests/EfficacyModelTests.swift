@testable import Cohort
import Lesions
import TestSupport
import Testing

@Suite struct EfficacyModelTests {
  /// Short chains: what is tested here is bookkeeping, not the posterior.
  private func plan(_ prevalence: Prevalence = .learned) -> EfficacyModel.Plan {
    let short = CohortSampling(chains: 1, warmup: 5, draws: 20)
    return EfficacyModel.Plan(prevalence: prevalence, sampling: short, foldSampling: short, seed: 4)
  }

  private func cohort(_ effective: Int, _ ineffective: Int, lesions: Int = 1) -> [CohortPatient] {
    SimulatedCohort(
      effective: effective, ineffective: ineffective, separation: [1.5, -1], lesions: lesions, errorSD: 0.3,
      seed: 6
    ).patients
  }

  private let lesion = FeatureMeasurement(means: [1, -1], covariance: [0.1, 0, 0, 0.1])

  @Test func `Fewer than five patients in a class are refused, with the numbers`() {
    #expect(throws: CohortError.tooFewPatients(cohort: "C", effective: 4, ineffective: 12, needed: 5)) {
      try EfficacyModel.train(cohort(4, 12), cohort: "C", plan: plan())
    }
  }

  @Test func `Patients without any of the features do not count`() {
    var patients = cohort(5, 5)
    patients[0].lesions = [FeatureMeasurement(means: [.nan, .nan], covariance: [1, 0, 0, 1])]
    #expect(throws: CohortError.tooFewPatients(cohort: "C", effective: 4, ineffective: 5, needed: 5)) {
      try EfficacyModel.train(patients, cohort: "C", plan: plan())
    }
  }

  @Test func `No features, or too many, are refused`() {
    var plan = plan()
    plan.features = []
    #expect(throws: CohortError.unusableFeatureCount(cohort: "C", count: 0, most: 4)) {
      try EfficacyModel.train(cohort(5, 5), cohort: "C", plan: plan)
    }
  }

  @Test func `Five to nine patients in a class make an exploratory model that withholds single patients`()
    throws
  {
    let model = try EfficacyModel.train(cohort(6, 12), cohort: "small", plan: plan())
    #expect(model.isExploratory)
    let rows = model.judge(patient: "new", lesions: [("1", lesion)])
    #expect(rows.map(\.level) == [.patient, .lesion])
    #expect(rows.allSatisfy { $0.prediction == nil && $0.flags.contains("exploratory") })
    let asked = model.judge(patient: "new", lesions: [("1", lesion)], allowSmall: true)
    #expect(asked.allSatisfy { $0.prediction != nil && $0.flags.contains("exploratory") })
  }

  @Test func `Every number carries cohort, size, Brier score and what it is for`() throws {
    let model = try EfficacyModel.train(cohort(12, 11), cohort: "synthetic", plan: plan())
    #expect(!model.isExploratory)
    let brier = try #require(model.evaluation).brier
    #expect(brier > 0 && brier < 0.35)
    #expect(
      model.stamp.hasPrefix(
        "synthetic, n = 23 (12 effective, 11 ineffective), leave-one-patient-out Brier 0.")
        && model.stamp.hasSuffix("research use only"))
    #expect(model.evaluation?.effective == 12)
  }

  @Test func `A lesion and its patient agree if it is the only one, and missing features are flagged`() throws
  {
    let model = try EfficacyModel.train(cohort(12, 11), cohort: "C", plan: plan())
    let rows = model.judge(patient: "new", lesions: [("1", lesion)])
    #expect(rows[0].prediction == rows[1].prediction)
    #expect(rows[0].flags.isEmpty || rows[0].flags == ["model-dependent"])
    let partly = FeatureMeasurement(means: [1, .nan], covariance: [0.1, 0, 0, 0.1])
    #expect(model.judge(patient: "new", lesions: [("1", partly)])[1].flags.contains("missing features"))
    let nothing = FeatureMeasurement(means: [.nan, .nan], covariance: [1, 0, 0, 1])
    let empty = model.judge(patient: "new", lesions: [("1", nothing)])
    #expect(empty.allSatisfy { $0.prediction == nil && $0.flags.contains("missing features") })
    let pair = model.judge(patient: "new", lesions: [("1", lesion), ("2", lesion)])
    #expect(pair[0].prediction == nil)
    #expect(pair[0].flags.contains("several lesions, spread unknown"))
    #expect(pair[2].prediction != nil)
  }

  @Test func `Another prevalence moves both models and leaves the Bayes factor`() throws {
    let model = try EfficacyModel.train(cohort(12, 11, lesions: 2), cohort: "C", plan: plan())
    let (usual, rare) = (
      model.judge(patient: "n", lesions: [("1", lesion), ("2", lesion)]),
      model.judge(patient: "n", lesions: [("1", lesion), ("2", lesion)], prevalence: 0.1)
    )
    #expect(rare[0].prevalence == 0.1)
    #expect(try #require(rare[0].prediction).probability < (try #require(usual[0].prediction)).probability)
    #expect(
      isClose(rare[0].prediction?.bayesFactor ?? 0, usual[0].prediction?.bayesFactor ?? 1, relative: 1e-9))
    #expect(rare[0].logistic < usual[0].logistic)
  }

  @Test func `Leaving out the only patient with several lesions leaves that patient unpredicted`() {
    var patients = cohort(6, 6)
    patients[3].lesions.append(patients[3].lesions[0])
    let short = CohortSampling(chains: 1, warmup: 5, draws: 10)
    let left = LeaveOnePatientOut(
      patients, features: ["a", "b"], model: TwoGroupModel(), logistic: ErrorsInVariablesLogistic(),
      sampling: short,
      seed: 1)
    #expect(left.folds.count == 11)
    #expect(!left.folds.contains { $0.patient == patients[3].id })
    #expect(left.folds.allSatisfy { (0...1).contains($0.logistic) })
  }
}

@Suite struct CohortErrorTests {
  @Test(arguments: [
    (
      CohortError.tooFewPatients(cohort: "C", effective: 4, ineffective: 12, needed: 5),
      "needs 5 in each class",
      "cohort \"C\"", "Add patients"
    ),
    (.unusableFeatureCount(cohort: "C", count: 9, most: 4), "9 features", "cohort \"C\"", "--features"),
    (.unusableSummary(cohort: "G", reason: "the SD is 0"), "the SD is 0", "summary \"G\"", "Give n"),
  ])
  func `A message says what is wrong, where, and what to do`(
    error: CohortError, problem: String, place: String, advice: String
  ) {
    #expect(error.description.contains(problem))
    #expect(error.description.contains(place))
    #expect(error.description.contains(advice))
  }
}
