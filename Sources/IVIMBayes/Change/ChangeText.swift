internal import Diagnostics
public import Lesions
public import Reporting
internal import Tables

/// The changes as a person reads them: in ms, %, 10⁻³ mm²/s, with the decimals that the posteriors allow.
public enum ChangeText {
  /// One line for each lesion and parameter of `functional`, as aligned columns.
  public static func table(
    _ changes: [LesionChange], functional: LesionFunctional = .mean, style: TerminalStyle = .plain
  ) -> String {
    var table = TextTable(
      columns: [
        ("lesion", .left), ("name", .left), ("parameter", .left), ("unit", .left), ("before", .right),
        ("after", .right), ("change", .right), ("90 % interval", .right), ("p_increase", .right),
        ("p_in_rope", .right), ("scan-to-scan", .left), ("grade", .left), ("status", .left),
      ])
    for row in changes where row.functional == functional {
      table.append(
        cells(row), emphasis: row.verdict > .pass ? .bold : row.grade == .priorDominated ? .faint : .none)
    }
    return String(table.text(style: style).dropLast())
  }

  /// What has changed, lesion by lesion, in the words of the page: one line for each lesion.
  ///
  /// A lesion of which no direction is resolved says so in one word for all its parameters; of changes whose sampling failed
  /// or that the data do not inform nothing is said, as on the page.
  public static func sentences(_ changes: [LesionChange], functional: LesionFunctional = .mean) -> [String] {
    var lines: [(name: String, sentences: [String], isUsable: Bool)] = []
    for row in changes where row.functional == functional {
      guard let change = row.change, row.isReported, change.variability != nil else { continue }
      let percent = change.percentDraws.sorted()
      let words = ChangeWords(
        parameter: row.parameter.rawValue, percentMedian: percent.quantile(0.5),
        percentLower: percent.quantile(0.05), percentUpper: percent.quantile(0.95),
        probabilityOfIncrease: change.probabilityOfIncrease,
        probabilityOfDecrease: change.probabilityOfDecrease)
      if lines.last?.name != row.name { lines.append((row.name, [], false)) }
      guard row.verdict != .fail, row.grade != .priorDominated else { continue }
      lines[lines.count - 1].isUsable = true
      if words.direction != .unresolved { lines[lines.count - 1].sentences.append(words.sentence) }
    }
    return lines.map { name, sentences, isUsable in
      let name = PrintableText.line(name)
      guard isUsable else { return "\(name): no change can be interpreted" }
      return
        "\(name): \(sentences.isEmpty ? "no direction of change is resolved" : sentences.joined(separator: "; "))"
    }
  }

  /// The rows of one functional (all of them if nil), tab-separated (`tsv`) or JSON (`json`), unrounded.
  public static func text(_ changes: [LesionChange], functional: LesionFunctional?, as format: String)
    -> String
  {
    TableText.text(
      of: ChangeTable.table(changes.filter { functional == nil || $0.functional == functional }), as: format)
  }

  private static func cells(_ row: LesionChange) -> [String] {
    let unit = DisplayUnit(parameter: row.parameter.rawValue, unit: row.parameter.unit)
    let labels = [
      row.lesion, row.name == row.lesion ? "" : row.name, ParameterName.text(row.parameter.rawValue),
      unit.symbol,
    ]
    guard let change = row.change, row.isReported else {
      let reason = row.isMissing ? "missing" : max(row.verdict, row.change == nil ? .fail : .warn).word
      return labels + Array(repeating: "", count: 7) + [row.gradeWord, reason]
    }
    let places = min(Self.places(change.preDraws, unit), Self.places(change.postDraws, unit))
    let percent = change.percentDraws.sorted()
    func shown(_ percent: Double) -> String { NumberText.percentChange(percent / 100) }
    // Without scan-to-scan variation there is no probability that another scan would bear out.
    let known =
      change.variability == nil
      ? Array(repeating: TabSeparatedTable.missing, count: 3)
      : [
        "\(shown(percent.quantile(0.05))) to \(shown(percent.quantile(0.95)))",
        NumberText.probability(change.probabilityOfIncrease),
        NumberText.probability(change.probabilityInEquivalence),
      ]
    return labels + [
      places.text(change.preMedian * unit.factor), places.text(change.postMedian * unit.factor),
      shown(percent.quantile(0.5)),
    ] + known + [
      change.isBeyondRepeatability.map { $0 ? "beyond" : "within" } ?? "unknown", row.grade.word,
      row.verdict.word,
    ]
  }

  private static func places(_ draws: [Double], _ unit: DisplayUnit) -> DecimalPlaces {
    let sorted = draws.sorted()
    return DecimalPlaces(
      halfWidth: (sorted.quantile(0.95) - sorted.quantile(0.05)) / 2 * unit.factor, mcse: 0,
      significantDigits: 2)
  }
}
