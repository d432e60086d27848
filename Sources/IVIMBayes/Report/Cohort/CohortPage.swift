internal import Cohort
internal import Foundation
internal import Reporting
internal import Tables

/// The page of a cohort: group comparisons, paired changes, discrimination, from the tables that `cohort` wrote.
struct CohortPage {
  let groups: TableColumns
  let paired: TableColumns?
  let roc: TableColumns?
  let values: CohortValues?
  let leftOut: LeaveOnePatientOut?
  let name: String
  let isSynthetic: Bool
  let seed: UInt64

  /// Patients of a class below which everything is exploratory.
  private static let enough = EfficacyModel.enoughPatients

  /// The page of the tables called `groups.tsv`, `paired.tsv` and `roc.tsv`; `cohort` is the table that they were computed
  /// from, if its lesions are to be drawn.
  init(
    _ tables: [String: TabSeparatedTable], name: String, cohort: TabSeparatedTable? = nil,
    effective: Set<String> = ["CR", "PR"],
    leftOut: LeaveOnePatientOut? = nil, isSynthetic: Bool, seed: UInt64 = 1
  ) throws(RunError) {
    func table(_ name: String) -> TableColumns? {
      tables[name].map { TableColumns($0) }
    }
    groups =
      table("groups.tsv") ?? TableColumns(TabSeparatedTable(columns: ["grouping", "feature"]))
    (paired, roc) = (table("paired.tsv"), table("roc.tsv"))
    do throws(TableError) {
      values =
        if let cohort, cohort.has("patient"), cohort.has("outcome") {
          try CohortValues(cohort, effective: effective)
        } else { nil }
    } catch { throw RunError(error) }
    (self.name, self.leftOut, self.isSynthetic, self.seed) = (name, leftOut, isSynthetic, seed)
  }

  /// The smaller class of the comparisons.
  private var smallest: Int {
    groups.rows.filter { groups.text("grouping", $0) == "response" }
      .flatMap { [groups.number("n_a", $0), groups.number("n_b", $0)] }.filter(\.isFinite).map {
        Int($0)
      }.min() ?? 0
  }

  func page() -> Page {
    let small = !groups.rows.isEmpty && smallest < Self.enough
    return Page(
      name: "Cohort report", brand: "IVIMBayes · cohort report", headline: headline,
      facts: [Fact("Cohort", Markup(name)), Fact("Smaller group", "\(smallest)")],
      banner: small
        ? "\(Glyph.warning.markup) <b>Exploratory: \(smallest) in the smaller group.</b> Below \(Self.enough) nothing here holds for a single patient, and every interval is wide."
        : nil,
      sections: [answer, groupSection, pairedSection, rocSection, leftOutSection, methods]
        .compactMap { $0 },
      isSynthetic: isSynthetic, maker: "IVIMBayes \(IVIMBayesVersion.current)")
  }

  private var significant: [Int] {
    groups.rows.filter {
      groups.text("grouping", $0) == "response" && groups.number("p_holm", $0) < 0.05
    }
  }

  private var headline: [Markup] {
    let names = significant.map { Self.feature(groups.text("feature", $0)) }
    var lines: [Markup] = [
      names.isEmpty
        ? "No difference between the outcome groups after Holm correction."
        : "\(ParameterName.list(names)) \(names.count == 1 ? "differs" : "differ") between the outcome groups after Holm correction."
    ]
    if let scores = leftOut?.scores, let classes = scores.classScores {
      lines.append(
        "Left-out AUC \(NumberText.probability(classes.auc)), 95 % interval \(Self.interval(classes.reportedInterval().interval.lower, classes.reportedInterval().interval.upper))."
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
    if let scores = leftOut?.scores {
      boxes.append(
        NoteBox(
          "Are the probabilities calibrated?",
          paragraphs: [
            "Brier score <b>\(DecimalPlaces(2).text(scores.brier))</b>, skill \(DecimalPlaces(2).text(scores.brierSkill)); observed to expected \(DecimalPlaces(2).text(scores.observedOverExpected)). Each patient was judged by a model of the others."
          ]))
    }
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

  private var methods: PageSection {
    let text =
      "Groups were compared with Mann–Whitney and Welch tests (Holm and Benjamini–Hochberg correction over all comparisons) and Hedges g; changes within groups with paired t and Wilcoxon signed-rank tests. Discrimination is given as the area under the ROC curve with DeLong intervals; bands are a Bayesian bootstrap over patients (IVIMBayes \(IVIMBayesVersion.current))."
      + (isSynthetic ? " All data reported here are simulated." : "")
    return PageSection(
      "methods", label: "Methods", heading: "Methods, ready for a paper", place: .together,
      [.quotation([Markup(text)])])
  }

}
