internal import Cohort
internal import Foundation
internal import Reporting
internal import Tables

/// The measured lesions of a cohort as its figures need them: outcome, and every parameter before and after.
struct CohortValues: Sendable {
  struct Lesion: Sendable {
    let patient: String
    let isEffective: Bool
    let values: [String: Double]
  }

  let lesions: [Lesion]

  /// The rows of a cohort table with a known outcome: `patient outcome` and columns `pre_<p> post_<p>`.
  init(_ table: TabSeparatedTable, effective: Set<String> = ["CR", "PR"]) throws(TableError) {
    let (patients, outcomes) = (try table.strings("patient"), try table.strings("outcome"))
    let columns = table.columns.filter { name in
      (name.hasPrefix("pre_") || name.hasPrefix("post_")) && !name.hasSuffix("_sd")
    }
    var numbers: [String: [Double]] = [:]
    for column in columns { numbers[column] = try table.numbers(column) }
    lesions = table.rows.indices.compactMap { row in
      let outcome = outcomes[row]
      let isEffective =
        effective.contains(outcome.uppercased()) || outcome.lowercased() == "effective"
      let isKnown =
        isEffective || ["SD", "PD", "CR", "PR"].contains(outcome.uppercased())
        || outcome.lowercased() == "ineffective"
      guard isKnown else { return nil }
      return Lesion(
        patient: patients[row], isEffective: isEffective,
        values: numbers.compactMapValues { $0[row] }.filter { $0.value.isFinite })
    }
  }

  /// The parameters measured at both visits.
  var parameters: [String] {
    ParameterName.ordered(
      lesions.flatMap { lesion in
        lesion.values.keys.filter { $0.hasPrefix("pre_") }.map { String($0.dropFirst(4)) }
          .filter { lesion.values["post_\($0)"] != nil }
      })
  }

  /// Pairs of one outcome in the unit of display.
  func pairs(_ parameter: String, effective: Bool) -> [(before: Double, after: Double)] {
    let factor = DisplayUnit(parameter: parameter, unit: ReportContents.fileUnit(parameter)).factor
    return lesions.filter { $0.isEffective == effective }.compactMap { lesion in
      guard let before = lesion.values["pre_\(parameter)"],
        let after = lesion.values["post_\(parameter)"]
      else { return nil }
      return (before * factor, after * factor)
    }
  }

  /// The scores of a feature (`pre_<p> post_<p> delta_<p>`) on its axis, those of the effective group first; nil unless both
  /// groups have one. Negated if low values speak for the positive class.
  func scores(_ feature: String, isHigherPositive: Bool) -> ClassScores? {
    let parts = feature.split(separator: "_", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    func axis(_ value: Double) -> Double {
      parts[1].hasPrefix("f") && parts[1] != "fdstar" ? log(value / (1 - value)) : log(value)
    }
    func score(_ lesion: Lesion) -> Double? {
      let before = lesion.values["pre_\(parts[1])"].map(axis)
      let after = lesion.values["post_\(parts[1])"].map(axis)
      switch parts[0] {
      case "pre": return before
      case "post": return after
      default: return before.flatMap { before in after.map { $0 - before } }
      }
    }
    let sign = isHigherPositive ? 1.0 : -1.0
    return ClassScores(
      positives: lesions.filter(\.isEffective).compactMap(score).map { sign * $0 },
      negatives: lesions.filter { !$0.isEffective }.compactMap(score).map { sign * $0 })
  }
}
