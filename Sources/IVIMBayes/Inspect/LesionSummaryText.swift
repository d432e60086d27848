internal import Diagnostics
internal import InferenceCore
public import Reporting
public import Tables

/// The lesion table as a person reads it: in ms, %, 10⁻³ mm²/s, with the decimals that the posterior allows.
public enum LesionSummaryText {
  /// The rows of `table`, which has the columns of `STEM_lesions.tsv`.
  ///
  /// - Throws: what the columns lack.
  public static func text(of table: TabSeparatedTable, style: TerminalStyle = .plain) throws(RunError)
    -> String
  {
    do throws(TableError) {
      return String(SummaryTable(titles: titles, rows: try rows(of: table)).text(style: style).dropLast())
    } catch { throw RunError(error) }
  }

  private static let titles = ["lesion", "name", "parameter", "functional"]

  private static func rows(of table: TabSeparatedTable) throws(TableError) -> [SummaryTable.Row] {
    var labels: [[String]] = []
    for title in titles { labels.append(try table.strings(title)) }
    var numbers: [String: [Double]] = [:]
    for column in [
      "mean", "sd", "q05", "median", "q95", "hdi_lower", "hdi_upper", "mcse_mean", "rhat", "ess_bulk",
      "ess_tail",
    ] { numbers[column] = try table.numbers(column) }
    let (parameters, units) = (try table.strings("parameter"), try table.strings("unit"))
    let (grades, statuses) = (try table.strings("grade"), try table.strings("status"))
    return table.rows.indices.map { row in
      func number(_ column: String) -> Double { numbers[column]?[row] ?? .nan }
      let summary = PosteriorSummary(
        Parameter(parameters[row], unit: units[row]), mean: number("mean"), sd: number("sd"),
        q05: number("q05"),
        median: number("median"), q95: number("q95"),
        hdi: HighestDensityInterval(lower: number("hdi_lower"), upper: number("hdi_upper")),
        mcseMean: number("mcse_mean"), rHat: number("rhat"), bulkESS: number("ess_bulk"),
        tailESS: number("ess_tail"))
      return SummaryTable.Row(
        zip(titles, labels).map { title, cells in
          title == "parameter" ? ParameterName.text(cells[row]) : cells[row]
        }, summary: summary,
        grade: Grade.allCases.first { $0.word == grades[row] } ?? .outside,
        status: statuses[row] == PointEstimateTable.status ? nil : Verdict(recorded: statuses[row]))
    }
  }
}
