internal import Diagnostics
public import Tables

/// `groups.tsv`: each variable in two groups of patients.
public enum GroupComparison {
  /// The columns, in their order.
  public static let columns = [
    "grouping", "feature", "group_a", "n_a", "mean_a", "sd_a", "group_b", "n_b", "mean_b", "sd_b",
    "mann_whitney_p", "welch_p", "hedges_g", "bayes_difference", "bayes_q05", "bayes_q95", "p_holm", "p_bh",
    "mann_whitney_u", "mann_whitney_method", "welch_t", "welch_df", "bayes_p_increase",
  ]

  /// What the columns mean.
  public static let descriptions: [String: String] = [
    "grouping": "response: effective against ineffective treatment; pdl1: positive against negative",
    "feature":
      "pre_ and post_ in the unit of the parameter; delta_ on its axis (log; logit of f); or a column of the table",
    "group_a": "the positive group", "n_a": "its patients with this feature",
    "mean_a": "mean over patients; a patient is the mean of its lesions on the axis",
    "sd_a": "standard deviation over patients", "group_b": "the other group", "n_b": "its patients",
    "mean_b": "its mean", "sd_b": "its standard deviation", "mann_whitney_p": "two-sided Mann-Whitney test",
    "welch_p": "two-sided Welch t test",
    "hedges_g": "standardised difference a - b, corrected for small groups",
    "bayes_difference": "median of mean a - mean b, Behrens-Fisher posterior under Jeffreys' prior",
    "bayes_q05": "its 5 % quantile", "bayes_q95": "its 95 % quantile",
    "p_holm": "mann_whitney_p by Holm; the family is all features of this grouping",
    "p_bh": "mann_whitney_p by Benjamini and Hochberg, same family", "mann_whitney_u": "U of group a",
    "mann_whitney_method": "exact, or normal with tie and continuity correction",
    "welch_t": "t of a - b", "welch_df": "its degrees of freedom",
    "bayes_p_increase": "P(mean a > mean b); a p-value that is not small is no evidence of equality",
  ]

  /// The rows of `variables` under every grouping that the table has.
  public static func table(_ cohort: CohortTable, _ variables: [CohortVariable]) -> TabSeparatedTable {
    var table = TabSeparatedTable(columns: columns, name: "groups.tsv")
    for grouping in CohortGrouping.allCases {
      let classes = grouping.classes(cohort)
      let samples = variables.map { variable -> (positive: [Double], negative: [Double]) in
        let values = zip(variable.values(classes.map(\.lesions)), classes.map(\.isPositive))
          .filter { !$0.0.isNaN }
        return (values.filter(\.1).map(\.0), values.filter { !$0.1 }.map(\.0))
      }
      let used = variables.indices.filter { !samples[$0].positive.isEmpty && !samples[$0].negative.isEmpty }
      let tests = used.map { MannWhitneyTest(samples[$0].positive, samples[$0].negative) }
      let holm = MultiplicityAdjustment.holm(tests.map(\.pValue))
      let bh = MultiplicityAdjustment.benjaminiHochberg(tests.map(\.pValue))
      for (place, index) in used.enumerated() {
        let (a, b) = samples[index]
        let (welch, bayes) = (TTest.welch(a, b), BehrensFisherDifference(a, b))
        let head = [grouping.rawValue, variables[index].name]
        let groups = [(grouping.labels.positive, a), (grouping.labels.negative, b)].flatMap { label, values in
          [label, "\(values.count)"]
            + [values.mean, values.sampleVariance.squareRoot()].map(TabSeparatedTable.field)
        }
        let numbers = [
          tests[place].pValue, welch.pValue, EffectSize(a, b).hedgesG, bayes?.difference ?? .nan,
          bayes?.quantile(0.05) ?? .nan, bayes?.quantile(0.95) ?? .nan, holm[place], bh[place],
          tests[place].statistic,
        ].map(TabSeparatedTable.field)
        table.append(
          head + groups + numbers + [tests[place].method.rawValue]
            + [welch.statistic, welch.degreesOfFreedom, bayes?.probabilityOfIncrease ?? .nan]
            .map(TabSeparatedTable.field))
      }
    }
    return table
  }
}
