internal import Cohort
internal import Reporting
internal import Tables

/// The page of a cohort: group comparisons, paired changes, discrimination, from the tables that `cohort` wrote.
struct CohortPage {
  let groups: TableColumns
  let paired: TableColumns?
  let roc: TableColumns?
  let readers: TableColumns?
  let values: CohortValues?
  let leftOut: CohortLeftOut?
  let record: CohortRecord

  var isSynthetic: Bool { record.isSynthetic }

  /// Patients of a class below which everything is exploratory.
  private static let enough = EfficacyModel.enoughPatients

  /// The page of what `folder` holds.
  init(_ folder: CohortFolder) {
    func table(_ name: String) -> TableColumns? { folder.tables[name].map { TableColumns($0) } }
    groups = table("groups.tsv") ?? TableColumns(TabSeparatedTable(columns: ["grouping", "feature"]))
    (paired, roc, readers) = (table("paired.tsv"), table("roc.tsv"), table("readers.tsv"))
    values = folder.tables["patients.tsv"].map { CohortValues($0) }
    leftOut = folder.tables["left-out.tsv"].flatMap { CohortLeftOut($0) }
    record = folder.record
  }

  /// The smaller class of the comparisons.
  private var smallest: Int {
    groups.rows.filter { groups.text("grouping", $0) == "response" }
      .flatMap { [groups.number("n_a", $0), groups.number("n_b", $0)] }.compactMap { Int(exactly: $0) }
      .min() ?? 0
  }

  func page() -> Page {
    let hasGroups = groups.rows.contains { groups.text("grouping", $0) == "response" }
    return Page(
      name: "Cohort report", brand: "IVIMBayes · cohort report", headline: headline, facts: facts,
      banner: hasGroups && smallest < Self.enough
        ? "\(Glyph.warning.markup) <b>Exploratory: \(NumberText.count(smallest, "patient")) in the smaller group.</b> Below \(Self.enough) nothing here holds for a single patient, and every interval is wide."
        : nil,
      sections: [
        answer, groupSection, pairedSection, rocSection, leftOutSection, readerSection, methods, provenance,
      ].compactMap { $0 },
      isSynthetic: isSynthetic, maker: "IVIMBayes \(IVIMBayesVersion.current)")
  }

  private var facts: [Fact] {
    var facts = [Fact("Cohort", Markup(record.cohort))]
    if let row = groups.rows.first(where: { groups.text("grouping", $0) == "response" }) {
      facts.append(
        Fact(
          "Patients", "\(groups.text("n_a", row)) effective, \(groups.text("n_b", row)) ineffective"))
    }
    facts.append(Fact("Effective", Markup(Self.list(record.effective))))
    return facts
  }

  private var significant: [Int] {
    groups.rows.filter {
      groups.text("grouping", $0) == "response" && groups.number("p_holm", $0) < 0.05
    }
  }

  private var headline: [Markup] {
    guard groups.rows.contains(where: { groups.text("grouping", $0) == "response" }) else {
      return ["\(record.cohort): no two outcome groups to compare."]
    }
    let names = significant.map { Self.feature(groups.text("feature", $0)) }
    var lines: [Markup] = [
      names.isEmpty
        ? "No difference between the outcome groups after Holm correction."
        : "\(ParameterName.list(names)) \(names.count == 1 ? "differs" : "differ") between the outcome groups after Holm correction."
    ]
    if let classes = leftOut?.scores.classScores {
      let interval = classes.reportedInterval().interval
      lines.append(
        "Left-out AUC \(NumberText.probability(classes.auc)), 95 % interval \(Self.interval(interval.lower, interval.upper))."
      )
    }
    return lines
  }

  private var answer: PageSection {
    var boxes: [NoteBox] = []
    if let roc {
      let best = roc.rows.filter { roc.text("grouping", $0) == "response" }
        .sorted { roc.number("auc", $0) > roc.number("auc", $1) }.prefix(3)
      boxes.append(
        NoteBox(
          "How well do the changes separate the groups?",
          paragraphs: ["Apparent AUC with 95&nbsp;% intervals; apparent values are optimistic."],
          points: best.map { row in
            "\(Self.feature(roc.text("feature", row))): <b>\(NumberText.probability(roc.number("auc", row)))</b> (\(Self.interval(roc.number("delong_low", row), roc.number("delong_high", row))))"
          }))
    }
    boxes.append(
      NoteBox(
        "Are the probabilities calibrated?",
        paragraphs: [
          leftOut.map { calibration($0.scores) }
            ?? "There are no left-out probabilities: \(record.lack)."
        ]))
    boxes.append(
      NoteBox(
        "What must not be concluded", glyph: .hatched,
        points: [
          "A p value above 0.05 is not evidence of equality.", "Cut-offs are not validated.",
          "Calibration cannot be judged finely below about 100 patients.",
          Markup(Statements.concurrent),
        ]))
    return PageSection("answer", label: "Summary", place: .first, isQuick: true, [.boxes(boxes)])
  }

  private func calibration(_ scores: PredictionScores) -> Markup {
    let slope = scores.calibrationLine.map { DecimalPlaces(2).text($0.slope) } ?? "none: the classes separate"
    return
      "Brier score <b>\(DecimalPlaces(2).text(scores.brier))</b>, skill \(DecimalPlaces(2).text(scores.brierSkill)); observed to expected \(DecimalPlaces(2).text(scores.observedOverExpected)); calibration slope \(slope). Each patient was judged by a model of the others."
  }
}
