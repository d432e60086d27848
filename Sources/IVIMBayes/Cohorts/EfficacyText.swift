public import Cohort
internal import Foundation
internal import Lesions
internal import Reporting
public import Tables

/// Models and judgements as a person reads them.
public enum EfficacyText {
  /// What a trained model is, and how well it judged its own cohort.
  public static func model(_ model: EfficacyModel) -> String {
    var lines = [
      model.stamp,
      "features: \(features(of: model)); effective: \(model.effectiveResponses.label)",
    ]
    if let found = model.evaluation {
      func two(_ value: Double?) -> String { value.map { DecimalPlaces(2).text($0) } ?? "n/a" }
      lines += [
        "leave-one-patient-out, \(found.effective) effective and \(found.ineffective) ineffective:",
        "  Brier \(DecimalPlaces(3).text(found.brier)) (skill \(two(found.brierSkill))), log-loss \(two(found.logLoss)), "
          + "AUC \(NumberText.probability(found.auc)) (95 % \(two(found.aucInterval.lower)) to \(two(found.aucInterval.upper)))",
        "  calibration slope \(two(found.calibrationSlope)), intercept \(two(found.calibrationIntercept)), "
          + "observed/expected \(two(found.observedOverExpected)), ECE \(two(found.expectedCalibrationError))"
          + (found.effective + found.ineffective < 100 ? " (unstable below n = 100)" : ""),
      ]
    }
    if model.isExploratory {
      lines.append(
        "exploratory: fewer than \(EfficacyModel.enoughPatients) patients in a class; single patients are judged with "
          + "--allow-small only")
    }
    return lines.joined(separator: "\n")
  }

  /// The features with the number of patients that have each: "delta_adc (23 patients), post_t1 (4 patients)".
  private static func features(of model: EfficacyModel) -> String {
    model.features.indices.map { index in
      let name = model.features[index].name
      guard let counts = model.featureCounts, counts.indices.contains(index) else { return name }
      return "\(name) (\(NumberText.count(counts[index], "patient")))"
    }.joined(separator: ", ")
  }

  /// What a model from group summaries is.
  public static func model(_ model: GroupSummaryModel) -> String {
    "\(model.stamp)\nfeature: \(model.feature); separation \(DecimalPlaces(2).text(model.separation)) pooled SD; prevalence "
      + NumberText.probability(model.prevalence)
  }

  /// The rows of `efficacy.tsv` in aligned columns, and below them what they are.
  public static func judgements(_ table: TabSeparatedTable) throws(RunError) -> String {
    do throws(TableError) {
      var text = TextTable(
        columns: [
          ("level", .left), ("patient", .left), ("lesion", .left), ("p_effective", .right),
          ("90 % interval", .right), ("if change known", .right), ("p_logistic", .right),
          ("bayes factor", .right),
          ("imaging share", .right), ("flag", .left),
        ])
      var numbers: [String: [Double]] = [:]
      for column in EfficacyJudging.columns[3...12] { numbers[column] = try table.numbers(column) }
      let (levels, patients) = (try table.strings("level"), try table.strings("patient"))
      let (lesions, flags) = (try table.strings("lesion"), try table.strings("flag"))
      for row in table.rows.indices {
        func number(_ column: String) -> Double { numbers[column]?[row] ?? .nan }
        func p(_ column: String) -> String {
          number(column).isNaN ? "" : NumberText.probability(number(column))
        }
        func range(_ low: String, _ high: String) -> String {
          number(low).isNaN ? "" : "\(p(low)) to \(p(high))"
        }
        let factor = number("bayes_factor")
        text.append([
          levels[row], patients[row], lesions[row], p("p_effective"), range("p_lower", "p_upper"),
          range("p_if_known_low", "p_if_known_high"), p("p_logistic"),
          factor.isNaN ? "" : String(format: "%.2g", factor),
          number("share_imaging").isNaN ? "" : "\(DecimalPlaces(0).text(100 * number("share_imaging"))) %",
          flags[row],
        ])
      }
      let cohorts = Set(try table.strings("cohort")).sorted()
      let shares = Set(try table.numbers("prevalence")).sorted().map(NumberText.probability)
      let lines = [
        "p_effective: estimated probability under the model that a patient with such a change belongs to the effective group.",
        "cohort: \(cohorts.joined(separator: "; ")); prevalence \(shares.joined(separator: ", "))",
        "Concurrent assessment, not prediction. Pseudoprogression cannot be excluded by this tool. "
          + "Changes may be due to scanner, protocol or contour.",
        IVIMBayesVersion.researchUse,
      ]
      return text.text() + lines.joined(separator: "\n")
    } catch { throw RunError(error) }
  }
}

/// The tables of `cohort` as a person reads them.
public enum CohortText {
  /// Columns that only the files show.
  private static let hidden: Set<String> = [
    "mann_whitney_method", "mann_whitney_u", "welch_t", "welch_df", "wilcoxon_v", "wilcoxon_method",
    "paired_t", "delong_variance", "covariance", "interval_method", "n_positive", "n_negative",
  ]

  /// Tables of single patients, which only the files show.
  private static let files: Set<String> = ["patients.tsv", "left-out.tsv"]

  /// Every table of groups that has rows, under the name of its file.
  public static func text(of tables: [TabSeparatedTable]) -> String {
    tables.filter { !$0.rows.isEmpty && !files.contains($0.name) }
      .map { "== \($0.name)\n\(TableText.text(of: $0, as: "table", hiding: hidden))\n" }
      .joined(separator: "\n")
  }
}
