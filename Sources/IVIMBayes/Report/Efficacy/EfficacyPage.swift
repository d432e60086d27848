internal import Cohort
internal import Reporting

/// The page of what `efficacy predict` judged: patients and lesions under the model of one cohort.
struct EfficacyPage {
  let efficacy: ReportedEfficacy
  let record: EfficacyRecord

  /// More patients than this are counted in the title and listed in the table.
  private static let mostNamed = 3
  /// Drawings of more rows than this would make a page that nobody reads.
  private static let mostStrips = 60

  func page() -> Page {
    let isExploratory = efficacy.rows.contains { $0.flags.contains("exploratory") }
    return Page(
      name: "Efficacy report", brand: "IVIMBayes · efficacy report", headline: headline, facts: facts,
      banner: isExploratory
        ? "\(Glyph.warning.markup) <b>Exploratory: fewer than \(EfficacyModel.enoughPatients) patients in a class of the cohort.</b> Nothing here holds for a single patient."
        : nil,
      sections: [answer, table, methods, provenance], isSynthetic: record.isSynthetic,
      maker: "IVIMBayes \(IVIMBayesVersion.current)")
  }

  private var cohorts: [String] {
    efficacy.rows.map(\.cohort).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private var headline: [Markup] {
    let patients = efficacy.rows.filter { $0.level == "patient" }
    guard patients.count <= Self.mostNamed else {
      let known = patients.count { $0.probability.isFinite }
      return ["\(known) of \(patients.count) patients judged under the model of a cohort."]
    }
    return patients.map { row in
      row.probability.isFinite
        ? "Patient \(row.patient): probability of efficacy \(NumberText.probability(row.probability)) (90 % interval \(EfficacyTable.interval(row.lower, row.upper)))."
        : "Patient \(row.patient): no probability, \(EfficacyTable.reason(row))."
    }
  }

  private var facts: [Fact] {
    let lesions = efficacy.rows.count { $0.level == "lesion" }
    return [
      Fact("Cohort", Markup(cohorts.joined(separator: " · "))),
      Fact(
        "Judged",
        "\(NumberText.count(efficacy.patients.count, "patient")), \(NumberText.count(lesions, "lesion"))"
      ),
    ]
  }

  private var answer: PageSection {
    let isUncalibrated = efficacy.rows.contains { $0.calibrated == "false" }
    let dependent = efficacy.rows.filter {
      abs($0.logistic - $0.probability) > EfficacyModel.modelDependence
    }
    var notes: [Markup] = [
      "Not the probability that treatment of this patient will work: how compatible the measured change is with either group of the cohort, at the prevalence stated.",
      "A change of the prevalence changes every probability; the Bayes factor stays.",
    ]
    if !dependent.isEmpty {
      notes.append(
        "<b>Model-dependent</b> in \(dependent.count) of \(efficacy.rows.count) rows: the second model differs by more than \(EfficacyModel.modelDependence.formattedPlainly)."
      )
    }
    if isUncalibrated { notes.append("<b>Uncalibrated</b>: the model was built from group summaries.") }
    return PageSection(
      "answer", label: "Summary", place: .first, isQuick: true,
      [
        .boxes([
          NoteBox(
            "What is said",
            paragraphs: [
              "Estimated probability under the model that a patient with such a change belongs to the effective group.",
              "<b>\(Statements.concurrent)</b>",
            ]),
          NoteBox("What must not be concluded", glyph: .hatched, points: notes),
          NoteBox(
            "Limits of this page",
            points: [
              Markup(Statements.otherCauses), Markup(Statements.pseudoprogression),
              "The changes themselves, their intervals and their quality stand on the page of the patient.",
            ]),
        ])
      ])
  }

  private var table: PageSection {
    let table = EfficacyTable(rows: efficacy.rows, hasStrips: efficacy.rows.count <= Self.mostStrips) { row in
      let isWhole = row.level == "patient"
      let lesion = row.lesion.lowercased().hasPrefix("lesion") ? row.lesion : "lesion \(row.lesion)"
      return isWhole ? "Patient \(row.patient)" : "\(row.patient), \(lesion)"
    }
    return PageSection(
      "eff", label: "Probabilities", heading: "Probabilities of efficacy", isQuick: true,
      [.table(table.table)])
  }

  private var methods: PageSection {
    var sentences = [
      "Patients and lesions were judged under a two-group Gaussian model with measurement error of the cohort \(ParameterName.list(cohorts)); intervals are central 90 % intervals over the posterior of the model.",
      "The share of the uncertainty that is due to imaging (images and scan-to-scan variation) is separated from that due to the size of the cohort. A logistic regression with errors in variables is the second model (IVIMBayes \(record.version)).",
    ]
    if record.isSynthetic { sentences.append("All data reported here are simulated.") }
    return PageSection(
      "methods", label: "Methods", heading: "Methods, ready for a paper", place: .together,
      [.quotation([Markup(sentences.joined(separator: " "))])])
  }

  private var provenance: PageSection {
    PageSection(
      "prov", label: "Provenance", heading: "Provenance",
      lede: "Every number of this page stands in efficacy.tsv beside it; efficacy.json explains its columns.",
      [
        .list(
          [
            Fact("program", "IVIMBayes \(record.version)"),
            Fact("model", "SHA-256 <span class=\"hash\">\(record.model)</span>"),
          ] + record.judged.map { Fact("judged", Markup($0)) })
      ])
  }
}

extension Double {
  /// "0.15".
  fileprivate var formattedPlainly: String { DecimalPlaces(2).text(self) }
}
