internal import Foundation
internal import GSLSupport
internal import Lesions
public import Tables

/// `logistic.tsv`: maximum-likelihood logistic regression of the group on several variables together.
public enum LogisticTable {
  /// The columns, in their order.
  public static let columns = [
    "grouping", "term", "coefficient", "standard_error", "z", "p", "odds_ratio", "n", "deviance", "auc",
    "delong_low", "delong_high",
  ]

  /// What the columns mean.
  public static let descriptions: [String: String] = [
    "grouping": "response or pdl1", "term": "intercept, or a variable",
    "coefficient": "change of the log odds per unit",
    "standard_error": "from the information matrix", "z": "coefficient over standard error",
    "p": "two-sided Wald test", "odds_ratio": "exp of the coefficient", "n": "patients with all variables",
    "deviance": "-2 log likelihood of the model", "auc": "apparent AUC of the fitted values",
    "delong_low": "lower end of its 95 % DeLong interval", "delong_high": "upper end",
  ]

  /// The regression under every grouping in which it has a finite maximum.
  public static func table(_ cohort: CohortTable, _ variables: [CohortVariable]) -> TabSeparatedTable {
    var table = TabSeparatedTable(columns: columns, name: "logistic.tsv")
    for grouping in CohortGrouping.allCases {
      let rows = grouping.classes(cohort).map { entry in
        (values: variables.map { $0.value(entry.lesions) }, isPositive: entry.isPositive)
      }.filter { $0.values.allSatisfy(\.isFinite) }
      guard !rows.isEmpty,
        let model = LogisticRegression(predictors: rows.map(\.values), outcomes: rows.map(\.isPositive))
      else { continue }
      let fitted = rows.map { model.linearPredictor($0.values) }
      let scores = ClassScores(fitted, isPositive: rows.map(\.isPositive))
      let interval = scores?.delongInterval() ?? .unknown
      for (index, term) in (["intercept"] + variables.map(\.name)).enumerated() {
        let (beta, error) = (model.coefficients[index], model.standardErrors[index])
        let numbers = [
          beta, error, beta / error, 2 * SpecialFunctions.normalUpperTail(abs(beta / error)), exp(beta),
        ]
        table.append(
          [grouping.rawValue, term] + numbers.map(TabSeparatedTable.field) + ["\(rows.count)"]
            + [model.deviance, scores?.auc ?? .nan, interval.lower, interval.upper].map(
              TabSeparatedTable.field))
      }
    }
    return table
  }
}
