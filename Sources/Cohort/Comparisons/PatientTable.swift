internal import Lesions
public import Tables

/// `patients.tsv`: the value of every patient that the tables of a cohort compare, so that figures and tables are of the same
/// numbers.
public enum PatientTable {
  /// What the columns mean.
  public static let descriptions: [String: String] = {
    var texts = [
      "patient": "key of the patient", "response": "effective or ineffective", "pdl1": "positive or negative",
    ]
    for feature in CohortFeature.all {
      texts[feature.name] =
        feature.phase == .delta
        ? "mean change over the lesions of the patient, on the axis (log; logit of f)"
        : "mean over the lesions of the patient on the axis (log; logit of f), in the unit of the parameter"
    }
    for parameter in LesionParameter.allCases {
      texts["paired_pre_\(parameter.rawValue)"] = "before, over the lesions that were measured at both visits"
      texts["paired_post_\(parameter.rawValue)"] = "after, over the same lesions"
    }
    return texts
  }()

  /// One row for each patient of `cohort`: the groups, every one of `variables`, and each parameter that was measured at both
  /// visits.
  public static func table(_ cohort: CohortTable, _ variables: [CohortVariable]) -> TabSeparatedTable {
    let parameters = LesionParameter.allCases.filter { parameter in
      cohort.lesions.contains { isPaired($0, parameter) }
    }
    var table = TabSeparatedTable(
      columns: ["patient", "response", "pdl1"] + variables.map(\.name)
        + parameters.flatMap { ["paired_pre_\($0.rawValue)", "paired_post_\($0.rawValue)"] },
      name: "patients.tsv")
    let patients = cohort.patients
    let columns = variables.map { $0.values(patients.map(\.lesions)) }
    for (row, (patient, lesions)) in patients.enumerated() {
      let values = columns.map { $0[row] }
      let pairs = parameters.flatMap { parameter -> [Double] in
        let both = lesions.filter { isPaired($0, parameter) }
        return [.pre, .post].map { CohortVariable.feature(CohortFeature($0, parameter)).value(both) }
      }
      table.append(
        [
          patient, label(.response, lesions[0].isEffective), label(.pdl1, lesions[0].isPDL1Positive),
        ] + (values + pairs).map(TabSeparatedTable.field))
    }
    return table
  }

  private static func isPaired(_ lesion: CohortLesion, _ parameter: LesionParameter) -> Bool {
    !lesion.place(of: CohortFeature(.delta, parameter)).isNaN
  }

  private static func label(_ grouping: CohortGrouping, _ isPositive: Bool?) -> String {
    isPositive.map { $0 ? grouping.labels.positive : grouping.labels.negative } ?? TabSeparatedTable.missing
  }
}
