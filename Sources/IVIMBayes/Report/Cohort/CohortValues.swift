internal import Cohort
internal import Reporting
internal import Tables

/// The patients of a cohort as its figures need them: the values that its tables compare.
struct CohortValues: Sendable {
  private let patients: TableColumns

  /// The rows of `patients.tsv`.
  init(_ table: TabSeparatedTable) { patients = TableColumns(table) }

  /// The parameters measured at both visits.
  var parameters: [String] {
    let lead = "paired_pre_"
    return ParameterName.ordered(
      patients.columnNames.filter { $0.hasPrefix(lead) }.map { String($0.dropFirst(lead.count)) })
  }

  /// The pairs of the patients whose response is `label`, in the unit of display.
  func pairs(_ parameter: String, response label: String) -> [(before: Double, after: Double)] {
    let factor = DisplayUnit(parameter: parameter, unit: ReportContents.fileUnit(parameter)).factor
    return patients.rows.filter { patients.text("response", $0) == label }.compactMap { row in
      let before = patients.number("paired_pre_\(parameter)", row)
      let after = patients.number("paired_post_\(parameter)", row)
      return before.isFinite && after.isFinite ? (before * factor, after * factor) : nil
    }
  }

  /// The values of a variable in both groups of response; negated if low values were found positive. Nil unless both groups
  /// have one.
  func scores(_ variable: String, isHigherPositive: Bool) -> ClassScores? {
    let labels = CohortGrouping.response.labels
    func values(_ label: String) -> [Double] {
      patients.rows.filter { patients.text("response", $0) == label }
        .map { patients.number(variable, $0) }.filter(\.isFinite).map { isHigherPositive ? $0 : -$0 }
    }
    return ClassScores(positives: values(labels.positive), negatives: values(labels.negative))
  }
}
