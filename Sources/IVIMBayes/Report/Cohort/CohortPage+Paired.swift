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
    if let paired {
      var table = ReportTable(
        [
          .init(""), .init("n"), .init("paired t, p"), .init("Wilcoxon, p"), .init("p, Holm"),
          .init("p, Benjamini–Hochberg"),
        ],
        caption: "Change from before to after within each group.", style: "wide")
      for group in paired.distinct("group") {
        table.addGroup(group)
        for row in paired.rows where paired.text("group", row) == group {
          table.addRow(
            Markup(ParameterName.text(paired.text("parameter", row))),
            [.init(Markup(paired.text("n", row)))]
              + ["paired_t_p", "wilcoxon_p", "p_holm", "p_bh"].map {
                ReportTable.Cell(Markup(NumberText.pValue(paired.number($0, row))))
              })
        }
      }
      blocks.append(.table(table))
    }
    return blocks.isEmpty
      ? nil
      : PageSection(
        "lines", label: "Before and after", heading: "Before and after, by group", place: .newPage,
        blocks)
  }
}
