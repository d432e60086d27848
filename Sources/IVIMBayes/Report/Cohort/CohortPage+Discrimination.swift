internal import Cohort
internal import Reporting

extension CohortPage {
  var rocSection: PageSection? {
    guard let roc else { return nil }
    let rows = roc.rows.filter { roc.text("grouping", $0) == "response" }
    let figures = rows.sorted { roc.number("auc", $0) > roc.number("auc", $1) }.prefix(6).compactMap {
      row -> (figure: Figure, caption: Markup?)? in
      let feature = roc.text("feature", row)
      guard
        let scores = values?.scores(
          feature, isHigherPositive: roc.text("direction", row) != "lower")
      else { return nil }
      let note = [
        "apparent AUC \(NumberText.probability(roc.number("auc", row)))",
        "DeLong 95 %: \(Self.interval(roc.number("delong_low", row), roc.number("delong_high", row)))",
      ]
      let figure = ROCFigure(
        points: CohortBands.curve(scores), band: CohortBands.band(scores, seed: record.seed)
      ).figure(
        name: "roc-\(Figure.slug(feature))", title: Self.feature(feature), note: note,
        isSynthetic: isSynthetic)
      return (figure, "Line: apparent, optimistic. Band: 90&nbsp;%, patients resampled.")
    }
    return PageSection(
      "roc", label: "ROC", heading: "ROC curves with uncertainty", place: .newPage,
      (figures.isEmpty ? [] : [.figures(FigureGrid(nil, figures))]) + [.table(rocTable(roc))])
  }

  private func rocTable(_ roc: TableColumns) -> ReportTable {
    var table = ReportTable(
      [
        .init(""), .init("AUC apparent, DeLong (95 %)"),
        .init("AUC latent, if measured without error (95 %)"),
        .init("left-out AUC"), .init("positive side"),
        .init("sensitivity / specificity at the Youden cut-off, not validated"),
      ],
      caption:
        "Kinds of AUC are kept apart. Latent values describe changes known without error and lean on the model; no scan attains them. Left-out AUC: each patient judged by a model of the others. Of a feature that does not separate the groups it falls below 0.5, down to 0, because the prevalence among the others leans away from the patient left out.",
      style: "wide")
    for grouping in roc.distinct("grouping") {
      table.addGroup(Self.grouping(grouping))
      for row in roc.rows where roc.text("grouping", row) == grouping { add(row, of: roc, to: &table) }
    }
    return table
  }

  private func add(_ row: Int, of roc: TableColumns, to table: inout ReportTable) {
    func number(_ column: String) -> Double { roc.number(column, row) }
    let latent = Self.known(number("latent_auc"), number("latent_low"), number("latent_high"))
    table.addRow(
      Markup(Self.feature(roc.text("feature", row))),
      [
        .init(
          "\(NumberText.probability(number("auc"))) <span class=\"nw\">(\(Self.interval(number("delong_low"), number("delong_high"))))</span>"
        ),
        .init(Markup(latent)), .init(Markup(Self.probability(number("lopo_auc")))),
        .init(Markup(roc.text("direction", row))),
        .init("\(Self.probability(number("sensitivity"))) / \(Self.probability(number("specificity")))"),
      ])
  }
}
