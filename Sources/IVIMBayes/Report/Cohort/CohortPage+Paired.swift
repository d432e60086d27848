internal import Reporting

extension CohortPage {
  var pairedSection: PageSection? {
    var blocks: [PageBlock] = []
    if let values {
      let figures = values.parameters.map { parameter -> (figure: Figure, caption: Markup?) in
        let unit = DisplayUnit(parameter: parameter, unit: ReportContents.fileUnit(parameter))
          .symbol
        let title =
          ParameterName.text(parameter) + (unit.isEmpty ? "" : ", \(unit)") + " (log scale)"
        return (
          PairedLinesFigure([
            .init(
              mark: .effective, label: "effective", pairs: values.pairs(parameter, response: "effective")),
            .init(
              mark: .ineffective, label: "ineffective",
              pairs: values.pairs(parameter, response: "ineffective")),
          ]).figure(
            name: "lines-\(Figure.slug(parameter))", title: title, isSynthetic: isSynthetic), nil
        )
      }
      if !figures.isEmpty {
        blocks.append(
          .figures(
            FigureGrid(
              nil, figures,
              key:
                "<p><b>How to read.</b> <span class=\"effective\">Filled circles: effective.</span> <span class=\"ineffective\">Open squares: ineffective.</span> Thin lines: patients. Thick line: geometric mean, with its change.</p><p>A single line is one noisy pair of scans: read the groups, not single slopes.</p>"
            )))
      }
    }
    if let paired { blocks.append(.table(pairedTable(paired))) }
    return blocks.isEmpty
      ? nil
      : PageSection(
        "lines", label: "Before and after", heading: "Before and after, by group", place: .newPage,
        blocks)
  }

  private func pairedTable(_ paired: TableColumns) -> ReportTable {
    var table = ReportTable(
      [
        .init(""), .init("n"), .init("mean before → after"), .init("change, Bayesian (90 %)"),
        .init("paired t, p"), .init("Wilcoxon, p"), .init("p, Holm"), .init("p, Benjamini–Hochberg"),
      ],
      caption:
        "Change from before to after within each group. Change: mean over the patients on the logarithmic axis, in percent (f: logit), with its posterior interval under Jeffreys’ prior. Bold: Holm p below 0.05; corrections are of the Wilcoxon test over the parameters of a group.",
      style: "wide")
    for group in paired.distinct("group") {
      table.addGroup(Self.group(group))
      for row in paired.rows where paired.text("group", row) == group {
        let parameter = paired.text("parameter", row)
        func p(_ column: String) -> String { NumberText.pValue(paired.number(column, row)) }
        table.addRow(
          Self.head(of: parameter),
          [
            .init(Markup(paired.text("n", row))),
            .init(
              "<span class=\"nw\">\(value("mean_pre", parameter, paired, row)) → \(value("mean_post", parameter, paired, row))</span>"
            ),
            .init(pairedChange(parameter, paired, row)), .init(Markup(p("paired_t_p"))),
            .init(Markup(p("wilcoxon_p"))),
            .init(Self.corrected(paired, row)),
            .init(Markup(p("p_bh"))),
          ])
      }
    }
    return table
  }

  /// The p of Holm in a row of `table`, bold below 0.05.
  static func corrected(_ table: TableColumns, _ row: Int) -> Markup {
    let p = table.number("p_holm", row)
    let text = NumberText.pValue(p)
    return p < 0.05 ? "<b>\(text)</b>" : Markup(text)
  }

  /// A mean with three significant digits or more, in the unit of display.
  private func value(_ column: String, _ parameter: String, _ paired: TableColumns, _ row: Int) -> String {
    let unit = DisplayUnit(parameter: parameter, unit: ReportContents.fileUnit(parameter))
    let mean = paired.number(column, row) * unit.factor
    guard mean.isFinite else { return "–" }
    return max(DecimalPlaces(0), DecimalPlaces(halfWidth: mean, mcse: .nan, significantDigits: 3)).text(mean)
  }

  private func pairedChange(_ parameter: String, _ paired: TableColumns, _ row: Int) -> Markup {
    let numbers = ["bayes_change", "bayes_q05", "bayes_q95"].map { paired.number($0, row) }
    return numbers.allSatisfy(\.isFinite) ? Self.change(parameter, numbers) : "–"
  }
}
