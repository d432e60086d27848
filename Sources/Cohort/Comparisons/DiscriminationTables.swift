internal import InferenceCore
internal import Diagnostics
internal import GSLSupport
public import Lesions
public import Tables

/// `roc.tsv` and `roc-pairs.tsv`: how well each variable separates two groups of patients.
public struct DiscriminationTables: Sendable {
  /// The columns of `roc.tsv`.
  public static let columns = [
    "grouping", "feature", "direction", "n_positive", "n_negative", "auc", "delong_low", "delong_high",
    "bootstrap_low", "bootstrap_high", "latent_auc", "latent_low", "latent_high", "cutoff", "cutoff_low",
    "cutoff_high", "sensitivity", "specificity", "lopo_auc", "delong_variance", "interval_method",
  ]
  /// The columns of `roc-pairs.tsv`.
  public static let pairColumns = [
    "grouping", "feature_a", "feature_b", "n_positive", "n_negative", "auc_a", "auc_b", "difference",
    "difference_low", "difference_high", "z", "p", "p_holm", "p_bh", "covariance",
  ]
  /// What the columns of both mean.
  public static let descriptions: [String: String] = [
    "grouping": "response: positive is effective; pdl1: positive is positive",
    "feature": "the variable, one value for each patient",
    "direction": "higher or lower: the side of the variable that was found positive, so that auc >= 0.5",
    "n_positive": "patients of the positive group", "n_negative": "patients of the other group",
    "auc": "apparent area under the ROC curve, ties counting half",
    "delong_low": "lower end of the 95 % interval of interval_method",
    "delong_high": "its upper end", "bootstrap_low": "2.5 % quantile of the Bayesian bootstrap",
    "bootstrap_high": "97.5 % quantile",
    "latent_auc":
      "median AUC of the true values: two-group model with measurement error and Bayesian bootstrap",
    "latent_low": "its 2.5 % quantile", "latent_high": "its 97.5 % quantile",
    "cutoff": "Youden's cut-off, not validated: chosen on the data that it is judged by",
    "cutoff_low": "2.5 % quantile of its Bayesian bootstrap", "cutoff_high": "97.5 % quantile",
    "sensitivity": "of the cut-off, apparent", "specificity": "of the cut-off, apparent",
    "lopo_auc": "AUC of leave-one-patient-out probabilities of the two-group model of this variable alone",
    "delong_variance": "DeLong's variance of auc",
    "interval_method": "delong; logit above an AUC of 0.9; hanley-mcneil when the classes separate",
    "feature_a": "the first variable", "feature_b": "the second", "auc_a": "AUC of the first",
    "auc_b": "AUC of the second, over the same patients", "difference": "auc_a - auc_b",
    "difference_low": "lower end of its 95 % interval", "difference_high": "upper end",
    "z": "DeLong's paired statistic", "p": "two-sided", "p_holm": "by Holm over the pairs of the grouping",
    "p_bh": "by Benjamini and Hochberg", "covariance": "DeLong's covariance of the two AUCs",
  ]

  private let cohort: CohortTable
  private let variables: [CohortVariable]
  private let variabilities: [LesionParameter: ScanVariability]
  private let seed: UInt64
  private static let bootstrapDraws = 2000

  /// The tables of `variables`.
  public init(
    _ cohort: CohortTable, _ variables: [CohortVariable], variabilities: [LesionParameter: ScanVariability],
    seed: UInt64
  ) {
    self.cohort = cohort
    self.variables = variables
    self.variabilities = variabilities
    self.seed = seed
  }

  /// The number of curves that may be made: each variable under each grouping.
  public var curveCount: Int { CohortGrouping.allCases.count * variables.count }

  /// `roc.tsv`; `step` is called after each curve.
  public func curves(step: () -> Void = {}) -> TabSeparatedTable {
    var table = TabSeparatedTable(columns: Self.columns, name: "roc.tsv")
    for grouping in CohortGrouping.allCases {
      let classes = grouping.classes(cohort)
      for (index, variable) in variables.enumerated() {
        let values = variable.values(classes.map(\.lesions))
        let known = values.indices.filter { values[$0].isFinite }
        guard
          let scores = ClassScores(
            known.map { values[$0] }, isPositive: known.map { classes[$0].isPositive })
        else { continue }
        let (oriented, direction) = scores.oriented()
        let sign = direction == .higher ? 1.0 : -1.0
        var stream = RandomStream(StreamKey(seed: seed, unit: index, purpose: .resampling))
        let bootstrap = oriented.bootstrapAUCs(Self.bootstrapDraws, using: &stream).sorted()
        let cutoff = YoudenCutoff(oriented).mostEven
        let cutoffs = YoudenCutoff.bootstrapThresholds(of: oriented, count: 500, using: &stream)
          .map { sign * $0 }.sorted()
        let spread = max(known.map { values[$0] }.sampleVariance.squareRoot(), .leastNormalMagnitude)
        let patients = variable.patients(
          classes, variabilities: variabilities, center: known.map { values[$0] }.mean, spread: spread)
        let posterior = posterior(of: patients, unit: index)
        let latent = latentAUCs(posterior, patients, sign: sign, unit: index, using: &stream)
        let (interval, method) = oriented.reportedInterval()
        let numbers = [
          oriented.auc, interval.lower, interval.upper, bootstrap.quantile(0.025), bootstrap.quantile(0.975),
          latent.quantile(0.5), latent.quantile(0.025), latent.quantile(0.975), sign * cutoff.threshold,
          cutoffs.quantile(0.025), cutoffs.quantile(0.975), cutoff.sensitivity, cutoff.specificity,
          leaveOneOutAUC(patients, posterior), oriented.delongVariance,
        ].map(TabSeparatedTable.field)
        table.append(
          [
            grouping.rawValue, variable.name, direction.rawValue, "\(scores.positives.count)",
            "\(scores.negatives.count)",
          ] + numbers + [method.rawValue])
        step()
      }
    }
    return table
  }

  /// The two-group model of one variable; nil for fewer than two patients in a class.
  private func posterior(of patients: [CohortPatient], unit: Int) -> TwoGroupPosterior? {
    guard isEnough(patients) else { return nil }
    return TwoGroupModel().fit(
      patients, features: [variables[unit].name],
      sampling: CohortSampling(chains: 4, warmup: 200, draws: 500),
      seed: seed, unit: unit, keepsPatientEffects: true)
  }

  /// Draws of the AUC of the true values: model draws of the patients' effects under Dirichlet weights. Empty for a marker,
  /// whose error is unknown, and without a model.
  private func latentAUCs(
    _ posterior: TwoGroupPosterior?, _ patients: [CohortPatient], sign: Double, unit: Int,
    using stream: inout RandomStream
  ) -> [Double] {
    guard case .feature = variables[unit], let posterior else { return [] }
    return posterior.patientEffects.compactMap { effects in
      ClassScores(effects.map { sign * $0 }, isPositive: patients.map(\.isEffective)).map { scores in
        scores.auc(
          positiveWeights: stream.uniformDirichlet(count: scores.positives.count),
          negativeWeights: stream.uniformDirichlet(count: scores.negatives.count))
      }
    }.sorted()
  }

  private func isEnough(_ patients: [CohortPatient]) -> Bool {
    let positives = patients.count { $0.isEffective }
    return min(positives, patients.count - positives) >= 2
  }

  /// The AUC of the probabilities of patients left out: by refits in small cohorts, by weights in larger ones
  /// (``LeaveOnePatientOut``).
  private func leaveOneOutAUC(_ patients: [CohortPatient], _ posterior: TwoGroupPosterior?) -> Double {
    guard let posterior else { return .nan }
    let weighted =
      patients.count > LeaveOnePatientOut.mostRefits
      ? posterior.leavingOut(patients, prevalence: .learned, step: {}) : []
    let limit = LeftOutPrediction.largestShape(
      drawCount: posterior.draws.chainCount * posterior.draws.drawCount)
    let several = patients.count { $0.lesions.count > 1 }
    let plan = CohortSampling(chains: 1, warmup: 100, draws: 300)
    var (probabilities, outcomes) = ([Double](), [Bool]())
    for left in patients.indices {
      let patient = patients[left]
      if !weighted.isEmpty, weighted[left].shape <= limit, !(several == 1 && patient.lesions.count > 1) {
        probabilities.append(weighted[left].probability)
        outcomes.append(patient.isEffective)
        continue
      }
      var rest = patients
      rest.remove(at: left)
      let model = TwoGroupModel().fit(rest, features: ["x"], sampling: plan, seed: seed, unit: left + 1)
      guard let probability = model.probability(patient: patient.lesions) else { continue }
      probabilities.append(probability)
      outcomes.append(patient.isEffective)
    }
    return ClassScores(probabilities, isPositive: outcomes)?.auc ?? .nan
  }

  /// `roc-pairs.tsv`: DeLong's paired test of every two variables over the patients that have both.
  public func pairs() -> TabSeparatedTable {
    var table = TabSeparatedTable(columns: Self.pairColumns, name: "roc-pairs.tsv")
    for grouping in CohortGrouping.allCases {
      let classes = grouping.classes(cohort)
      let values = variables.map { variable in variable.values(classes.map(\.lesions)) }
      var rows: [(head: [String], numbers: [Double], covariance: Double)] = []
      for a in variables.indices {
        for b in variables.indices where b > a {
          let both = classes.indices.filter { values[a][$0].isFinite && values[b][$0].isFinite }
          let positive = both.map { classes[$0].isPositive }
          guard let one = ClassScores(both.map { values[a][$0] }, isPositive: positive)?.oriented().scores,
            let two = ClassScores(both.map { values[b][$0] }, isPositive: positive)?.oriented().scores
          else { continue }
          let test = PairedDeLongTest(one, two)
          let interval = test.interval()
          rows.append(
            (
              [
                grouping.rawValue, variables[a].name, variables[b].name, "\(one.positives.count)",
                "\(one.negatives.count)",
              ],
              [
                one.auc, two.auc, test.difference, interval.lower, interval.upper, test.z, test.pValue,
              ], test.covariance
            ))
        }
      }
      let pValues = rows.map { $0.numbers[6] }
      let holm = MultiplicityAdjustment.holm(pValues)
      let bh = MultiplicityAdjustment.benjaminiHochberg(pValues)
      for (index, row) in rows.enumerated() {
        table.append(
          row.head
            + (row.numbers + [holm[index], bh[index], row.covariance]).map(TabSeparatedTable.field))
      }
    }
    return table
  }
}
