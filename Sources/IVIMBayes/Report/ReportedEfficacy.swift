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
    let modelDigest: String

    /// The name of the cohort, without what stands behind it.
    var cohortName: String { cohort.components(separatedBy: ", n = ")[0] }

    /// What must be known of the number, each in its words.
    var flags: [String] {
      flag.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty && $0 != TabSeparatedTable.missing && $0 != "ok" }
    }
  }

  init(_ file: URL) throws(RunError) {
    do {
      let table = try TabSeparatedTable.read(file)
      var texts: [String: [String]] = [:]
      for column in ["level", "patient", "lesion", "cohort", "calibrated", "flag"] {
        texts[column] = try table.strings(column)
      }
      if table.has("model_sha256") { texts["model_sha256"] = try table.strings("model_sha256") }
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
          cohort: text("cohort"), calibrated: text("calibrated"), flag: text("flag"),
          modelDigest: text("model_sha256"))
      }
    } catch { throw RunError(error) }
  }

  /// The row of a lesion of `patient`: `efficacy predict` names it, or gives its label where two have one name.
  func row(of lesion: ReportedLesion, patient: String) -> Row? {
    let own = rows.filter { $0.level == "lesion" && $0.patient == patient }
    return [lesion.name, lesion.label].lazy.compactMap { key in own.first { $0.lesion == key } }.first
  }

  /// The rows of one patient.
  func rows(ofPatient patient: String) -> [Row] { rows.filter { $0.patient == patient } }

  /// The patients in the order of the table.
  var patients: [String] {
    rows.map(\.patient).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
