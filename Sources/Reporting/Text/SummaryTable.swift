public import Diagnostics
internal import InferenceCore

/// Posterior summaries for a terminal: what `summarize` prints.
public struct SummaryTable: Sendable {
  /// One line: what it is about, its posterior, and how far it can be trusted.
  public struct Row: Sendable {
    /// The cells of the leading columns: lesion, parameter, functional, …
    public var labels: [String]
    /// Name and unit of the parameter come from here, and decide the unit shown.
    public var summary: PosteriorSummary
    /// What the data contributed; `outside` prints nothing.
    public var grade: Grade
    /// The verdict on the sampling; nil prints nothing.
    public var status: Verdict?

    /// A line for `summary`, led by `labels`.
    public init(
      _ labels: [String], summary: PosteriorSummary, grade: Grade = .outside, status: Verdict? = nil
    ) {
      self.labels = labels
      self.summary = summary
      self.grade = grade
      self.status = status
    }
  }

  private let table: TextTable
  private let hasPriorDominated: Bool

  /// The table of `rows`, led by columns with these `titles`.
  ///
  /// Mean, SD, quantiles and interval share the decimals of their row, by ``DecimalPlaces`` with two significant digits.
  public init(titles: [String], rows: [Row]) {
    let numbers = ["mean", "sd", "q05", "median", "q95", "hdi94", "rhat", "ess_bulk", "ess_tail"]
    var table = TextTable(
      columns: (titles + ["unit"]).map { ($0, .left) } + numbers.map { ($0, .right) }
        + ["grade", "status"].map { ($0, .left) })
    for row in rows {
      let isWorse = row.status.map { $0 > .pass } ?? false
      table.append(
        row.labels + Self.cells(row),
        emphasis: isWorse ? .bold : row.grade == .priorDominated ? .faint : .none)
    }
    self.table = table
    hasPriorDominated = rows.contains { $0.grade == .priorDominated }
  }

  private static func cells(_ row: Row) -> [String] {
    let summary = row.summary
    let unit = DisplayUnit(parameter: summary.parameter.name, unit: summary.parameter.unit)
    let halfWidth = (summary.q95 - summary.q05) / 2 * unit.factor
    let places = DecimalPlaces(
      halfWidth: halfWidth, mcse: summary.mcseMean * unit.factor, significantDigits: 2)
    func shown(_ value: Double) -> String { places.text(value * unit.factor) }
    let interval = "\(shown(summary.hdi.lower)) to \(shown(summary.hdi.upper))"
    let values = [summary.mean, summary.sd, summary.q05, summary.median, summary.q95].map(shown)
    let sampling = [
      NumberText.rHat(summary.rHat), NumberText.effectiveSize(summary.bulkESS),
      NumberText.effectiveSize(summary.tailESS),
    ]
    return [unit.symbol] + values + [interval] + sampling + [row.grade.word, row.status?.word ?? ""]
  }

  /// The table as text, with the meaning of "prior-dominated" below if a row has it.
  public func text(style: TerminalStyle = .plain) -> String {
    table.text(style: style)
      + (hasPriorDominated
        ? "prior-dominated: \(Statements.notInformed)\n" : "")
  }
}
