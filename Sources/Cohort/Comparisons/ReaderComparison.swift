internal import Diagnostics
internal import Lesions
public import Tables

/// `readers.tsv`: agreement of readers who measured the same lesions.
public enum ReaderComparison {
  /// The columns, in their order.
  public static let columns = [
    "feature", "readers", "n", "icc_2_1", "icc_2_1_low", "icc_2_1_high", "icc_3_1", "icc_3_1_low",
    "icc_3_1_high", "bias", "loa_lower", "loa_upper",
  ]

  /// What the columns mean.
  public static let descriptions: [String: String] = [
    "feature": "pre_ and post_ in the unit of the parameter; delta_ on its axis",
    "readers": "the readers, in order",
    "n": "lesions that every reader measured", "icc_2_1": "absolute agreement of single ratings, ICC(2,1)",
    "icc_2_1_low": "lower end of its 95 % interval (McGraw and Wong)", "icc_2_1_high": "upper end",
    "icc_3_1": "consistency of single ratings, ICC(3,1)", "icc_3_1_low": "lower end of its 95 % interval",
    "icc_3_1_high": "upper end", "bias": "mean of the first reader minus the second",
    "loa_lower": "lower limit of agreement, bias - 1.96 SD", "loa_upper": "upper limit of agreement",
  ]

  /// One row for each variable that at least two lesions have from all readers; nil without two readers.
  public static func table(_ cohort: CohortTable, _ variables: [CohortVariable]) -> TabSeparatedTable? {
    let readers = cohort.lesions.reduce(into: [String]()) {
      if !$0.contains($1.reader) { $0.append($1.reader) }
    }
    guard readers.count > 1 else { return nil }
    var order: [String] = []
    var byLesion: [String: [String: CohortLesion]] = [:]
    for lesion in cohort.lesions {
      let key = "\(lesion.patient)\t\(lesion.lesion)"
      if byLesion[key] == nil { order.append(key) }
      byLesion[key, default: [:]][lesion.reader] = lesion
    }
    var table = TabSeparatedTable(columns: columns, name: "readers.tsv")
    for variable in variables {
      let ratings = order.compactMap { key -> [Double]? in
        let values = readers.map { reader in byLesion[key]?[reader].map { variable.value([$0]) } ?? .nan }
        return values.allSatisfy(\.isFinite) ? values : nil
      }
      guard ratings.count > 1 else { continue }
      let icc = IntraclassCorrelation(ratings: ratings)
      let agreement = BlandAltman(ratings.map { $0[0] }, ratings.map { $0[1] })
      let (absolute, consistent) = (icc.absoluteAgreementInterval(), icc.consistencyInterval())
      let numbers = [
        icc.absoluteAgreement, absolute.lower, absolute.upper, icc.consistency, consistent.lower,
        consistent.upper, agreement.bias, agreement.limitsOfAgreement.lower,
        agreement.limitsOfAgreement.upper,
      ].map(TabSeparatedTable.field)
      table.append([variable.name, readers.joined(separator: ","), "\(ratings.count)"] + numbers)
    }
    return table
  }
}
