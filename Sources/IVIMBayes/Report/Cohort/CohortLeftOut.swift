internal import Cohort
internal import Tables

/// The probabilities of the patients of a cohort, each by a model of the others.
struct CohortLeftOut: Sendable {
  struct Patient: Sendable {
    let name: String
    let isEffective: Bool
    let probability: Double
  }

  let patients: [Patient]
  let scores: PredictionScores
  /// True if importance weights stood for refits.
  let isWeighted: Bool

  /// The rows of `left-out.tsv`; nil unless both outcomes were predicted.
  init?(_ table: TabSeparatedTable) {
    let columns = TableColumns(table)
    patients = columns.rows.compactMap { row in
      let probability = columns.number("p_effective", row)
      guard probability.isFinite else { return nil }
      return Patient(
        name: columns.text("patient", row), isEffective: columns.text("outcome", row) == "effective",
        probability: probability)
    }
    isWeighted =
      table.has("pareto_k") && columns.rows.contains { !columns.number("pareto_k", $0).isNaN }
    guard
      let scores = PredictionScores(patients.map(\.probability), outcomes: patients.map(\.isEffective)),
      scores.classScores != nil
    else { return nil }
    self.scores = scores
  }

  /// The share of effective treatment among them.
  var prevalence: Double { Double(patients.count { $0.isEffective }) / Double(patients.count) }
}
