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
    var table = ReportTable(
      [
        .init(""), .init("AUC apparent, DeLong (95 %)"),
        .init("AUC latent, if measured without error (95 %)"),
        .init("left-out AUC"), .init("positive side"),
        .init("sensitivity / specificity at the Youden cut-off, not validated"),
      ],
      caption:
        "Kinds of AUC are kept apart. Latent values describe changes known without error and lean on the model; no scan attains them.",
      style: "wide")
    for row in roc.rows {
      table.addRow(
        "\(Self.feature(roc.text("feature", row))) <span class=\"u\">\(roc.text("grouping", row))</span>",
        [
          .init(
            "\(NumberText.probability(roc.number("auc", row))) <span class=\"nw\">(\(Self.interval(roc.number("delong_low", row), roc.number("delong_high", row))))</span>"
          ),
          .init(
            Markup(
              Self.known(
                roc.number("latent_auc", row), roc.number("latent_low", row),
                roc.number("latent_high", row)))),
          .init(Markup(Self.probability(roc.number("lopo_auc", row)))),
          .init(Markup(roc.text("direction", row))),
          .init(
            "\(Self.probability(roc.number("sensitivity", row))) / \(Self.probability(roc.number("specificity", row)))"
          ),
        ])
    }
    return PageSection(
      "roc", label: "ROC", heading: "ROC curves with uncertainty", place: .newPage,
      (figures.isEmpty ? [] : [.figures(FigureGrid(nil, figures))]) + [.table(table)])
  }
}
