internal import Foundation
internal import Reporting
internal import Tables

/// What `efficacy predict` wrote: probabilities of efficacy with all that must stand beside them.
struct ReportedEfficacy: Sendable {
  let rows: [Row]

  struct Row: Sendable {
    let level: String
    let patient: String
    let lesion: String
    let probability: Double
    let lower: Double
    let upper: Double
    let knownLow: Double
    let knownHigh: Double
    let logistic: Double
    let bayesFactor: Double
    let imagingShare: Double
    let cohortShare: Double
    let prevalence: Double
    let cohort: String
    let calibrated: String
    let flag: String

    /// The name of the cohort, without what stands behind it.
    var cohortName: String { cohort.components(separatedBy: ", n = ")[0] }
  }

  init(_ file: URL) throws(RunError) {
    do {
      let table = try TabSeparatedTable.read(file)
      var texts: [String: [String]] = [:]
      for column in ["level", "patient", "lesion", "cohort", "calibrated", "flag"] {
        texts[column] = try table.strings(column)
      }
      var numbers: [String: [Double]] = [:]
      for column in [
        "p_effective", "p_lower", "p_upper", "p_if_known_low", "p_if_known_high", "p_logistic",
        "bayes_factor",
        "share_imaging", "share_cohort", "prevalence",
      ] { numbers[column] = try table.numbers(column) }
      rows = table.rows.indices.map { row in
        func text(_ column: String) -> String { texts[column]?[row] ?? "" }
        func number(_ column: String) -> Double { numbers[column]?[row] ?? .nan }
        return Row(
          level: text("level"), patient: text("patient"), lesion: text("lesion"),
          probability: number("p_effective"),
          lower: number("p_lower"), upper: number("p_upper"), knownLow: number("p_if_known_low"),
          knownHigh: number("p_if_known_high"), logistic: number("p_logistic"),
          bayesFactor: number("bayes_factor"),
          imagingShare: number("share_imaging"), cohortShare: number("share_cohort"),
          prevalence: number("prevalence"),
          cohort: text("cohort"), calibrated: text("calibrated"), flag: text("flag"))
      }
    } catch { throw RunError(error) }
  }

  /// The lesion of a patient, by label or name.
  func row(of lesion: ReportedLesion) -> Row? {
    rows.first { $0.level == "lesion" && ($0.lesion == lesion.label || $0.lesion == lesion.name) }
  }

  var patient: Row? { rows.first { $0.level == "patient" } }
}
