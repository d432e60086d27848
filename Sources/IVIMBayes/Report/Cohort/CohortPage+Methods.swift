internal import Reporting

extension CohortPage {
  /// A paragraph for a paper.
  var methods: PageSection {
    var sentences = [
      "Values of patients are means over their lesions on the logarithmic axis (logit for f); patients with \(Self.list(record.effective)) were called effective.",
      "Groups were compared with Mann–Whitney and Welch tests (Holm and Benjamini–Hochberg correction over all features of a grouping), Hedges g, and the difference of means under Jeffreys’ prior (Behrens–Fisher); changes within groups with paired t and Wilcoxon signed-rank tests.",
      "Discrimination is given as the area under the ROC curve with DeLong intervals; bands are a Bayesian bootstrap over patients (Rubin 1981).",
    ]
    if leftOut != nil {
      let without =
        isWeighted
        ? "judging each patient by the others through Pareto-smoothed importance sampling (Vehtari, Gelman and Gabry 2017), refitted where k̂ exceeds 0.7"
        : "refitted without each patient in turn"
      sentences.append(
        "Probabilities of effective treatment come from a two-group Gaussian model of \(modelFeatures) with measurement error, \(without)."
      )
    }
    sentences.append("Computed with IVIMBayes \(record.version), seed \(record.seed).")
    if isSynthetic { sentences.append("All data reported here are simulated.") }
    return PageSection(
      "methods", label: "Methods", heading: "Methods, ready for a paper", place: .together,
      [.quotation([Markup(sentences.joined(separator: " "))])])
  }

  /// The features of the model, with the number of patients that have each.
  private var modelFeatures: String {
    ParameterName.list(
      record.modelFeatures.indices.map { index in
        let name = Self.feature(record.modelFeatures[index])
        guard let counts = record.featureCounts, counts.indices.contains(index) else { return name }
        return "\(name) (\(NumberText.count(counts[index], "patient")))"
      })
  }

  /// True if weights stood for refits.
  private var isWeighted: Bool { leftOut?.isWeighted ?? false }

  /// Which table, by which version.
  var provenance: PageSection {
    PageSection(
      "prov", label: "Provenance", heading: "Provenance",
      lede:
        "Every number of this page stands in the tables beside it, with a sidecar that explains its columns.",
      [
        .list([
          Fact("program", "IVIMBayes \(record.version), seed \(String(record.seed))"),
          Fact("cohort table", "\(record.cohort), SHA-256 <span class=\"hash\">\(record.table)</span>"),
          Fact("effective", Markup(Self.list(record.effective))),
          Fact(
            "model of the left-out probabilities",
            record.modelFeatures.isEmpty
              ? "none: \(record.lack)" : Markup(modelFeatures)),
        ])
      ])
  }
}
