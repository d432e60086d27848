/// What can be wrong with a cohort or a model. Every case carries its evidence; `description` says what is
/// wrong, where, and what to do.
public enum CohortError: Error, Equatable, Sendable {
  /// A class has fewer patients than any model can be made from.
  case tooFewPatients(cohort: String, effective: Int, ineffective: Int, needed: Int)
  /// More features than the two-group model takes, or none.
  case unusableFeatureCount(cohort: String, count: Int, most: Int)
  /// Group summaries from which no model can be made.
  case unusableSummary(cohort: String, reason: String)
}

extension CohortError: CustomStringConvertible {
  /// Where, what is wrong, and what to do: one line.
  public var description: String {
    let (place, problem, advice) = parts
    return "\(place): \(problem). \(advice)."
  }

  private var parts: (place: String, problem: String, advice: String) {
    switch self {
    case .tooFewPatients(let cohort, let effective, let ineffective, let needed):
      (
        "cohort \"\(cohort)\"",
        "\(effective) patients with effective and \(ineffective) with ineffective treatment have the features: a model needs \(needed) in each class",
        "Add patients of known outcome, or choose features that more of them have; changes are reported without it"
      )
    case .unusableFeatureCount(let cohort, let count, let most):
      (
        "cohort \"\(cohort)\"", "\(count) features were chosen; the model takes 1 to \(most)",
        "Choose the features named before the outcomes were known, with --features"
      )
    case .unusableSummary(let cohort, let reason):
      (
        "summary \"\(cohort)\"", reason,
        "Give n (at least 2), mean and SD (positive) of both groups on the log scale"
      )
    }
  }
}
