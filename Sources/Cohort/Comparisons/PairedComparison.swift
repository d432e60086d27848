internal import Diagnostics
internal import Lesions
public import Tables

/// `paired.tsv`: each parameter before and after treatment in the same patients.
public enum PairedComparison {
  /// The columns, in their order.
  public static let columns = [
    "group", "parameter", "n", "mean_pre", "mean_post", "paired_t_p", "wilcoxon_p", "bayes_change",
    "bayes_q05", "bayes_q95", "p_holm", "p_bh", "paired_t", "wilcoxon_v", "wilcoxon_method",
  ]

  /// What the columns mean.
  public static let descriptions: [String: String] = [
    "group": "all patients, or those of one group", "parameter": "the parameter",
    "n": "patients with both visits", "mean_pre": "mean before, in the unit of the parameter",
    "mean_post": "mean after", "paired_t_p": "two-sided paired t test of the values",
    "wilcoxon_p": "two-sided Wilcoxon signed-rank test of the values",
    "bayes_change": "posterior median of the mean change on the axis (log; logit of f), Jeffreys' prior",
    "bayes_q05": "its 5 % quantile", "bayes_q95": "its 95 % quantile",
    "p_holm": "wilcoxon_p by Holm; the family is all parameters of this group",
    "p_bh": "wilcoxon_p by Benjamini and Hochberg, same family", "paired_t": "t of after - before",
    "wilcoxon_v": "sum of the ranks of the increases",
    "wilcoxon_method": "exact, or normal with tie and continuity correction",
  ]

  /// The rows of every parameter, over all patients and within each group that is known.
  public static func table(_ cohort: CohortTable) -> TabSeparatedTable {
    var table = TabSeparatedTable(columns: columns, name: "paired.tsv")
    var groups: [(String, [[CohortLesion]])] = [("all", cohort.patients.map(\.lesions))]
    for grouping in CohortGrouping.allCases {
      let classes = grouping.classes(cohort)
      for (label, isPositive) in [(grouping.labels.positive, true), (grouping.labels.negative, false)] {
        let members = classes.filter { $0.isPositive == isPositive }.map(\.lesions)
        if !members.isEmpty { groups.append(("\(grouping.rawValue) \(label)", members)) }
      }
    }
    for (label, patients) in groups { append(label, patients, to: &table) }
    return table
  }

  private static func append(_ label: String, _ patients: [[CohortLesion]], to table: inout TabSeparatedTable)
  {
    struct Sample {
      var parameter: LesionParameter
      var pre: [Double] = []
      var post: [Double] = []
      var changes: [Double] = []
    }
    let samples = LesionParameter.allCases.map { parameter -> Sample in
      var sample = Sample(parameter: parameter)
      for lesions in patients {
        // The same lesions at both visits: one that is missing at a visit counts at neither.
        let both = lesions.filter { !$0.place(of: CohortFeature(.delta, parameter)).isNaN }
        guard !both.isEmpty else { continue }
        sample.pre.append(CohortVariable.feature(CohortFeature(.pre, parameter)).value(both))
        sample.post.append(CohortVariable.feature(CohortFeature(.post, parameter)).value(both))
        sample.changes.append(CohortVariable.feature(CohortFeature(.delta, parameter)).value(both))
      }
      return sample
    }.filter { $0.pre.count > 1 }
    let tests = samples.map { WilcoxonSignedRankTest(pre: $0.pre, post: $0.post) }
    let holm = MultiplicityAdjustment.holm(tests.map(\.pValue))
    let bh = MultiplicityAdjustment.benjaminiHochberg(tests.map(\.pValue))
    for (index, sample) in samples.enumerated() {
      let paired = TTest.paired(pre: sample.pre, post: sample.post)
      let change = TTest.paired(pre: sample.changes.map { _ in 0 }, post: sample.changes)
      let interval = change.interval(level: 0.9)
      let numbers = [
        sample.pre.mean, sample.post.mean, paired.pValue, tests[index].pValue, change.difference,
        interval.lower, interval.upper, holm[index], bh[index], paired.statistic, tests[index].statistic,
      ].map(TabSeparatedTable.field)
      table.append(
        [label, sample.parameter.rawValue, "\(sample.pre.count)"] + numbers + [tests[index].method.rawValue])
    }
  }
}
