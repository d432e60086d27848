import Cohort
import Foundation
import GSLSupport
import Lesions
import Tables
import TestSupport

@testable import IVIMBayes

/// The output folder of a `cohort`: its own tables of simulated patients, without the model.
struct FixtureCohort {
  var effective = 11
  var ineffective = 12
  var names: (Int) -> String = { "P\($0)" }
  /// The change of ADC of the effective group on the logarithmic axis.
  var shift = 0.2
  var hasLeftOut = true

  /// The table that users write.
  var table: TabSeparatedTable {
    var table = TabSeparatedTable(
      columns: ["patient", "lesion", "outcome", "pdl1", "pre_adc", "post_adc", "pre_t1", "post_t1"],
      name: "cohort")
    var stream = RandomStream(StreamKey(seed: 5, purpose: .simulation))
    for index in 0..<(effective + ineffective) {
      let isEffective = index < effective
      // Every third patient has two lesions: values of patients are means of lesions.
      for lesion in 0...(index % 3 == 0 ? 1 : 0) {
        let adc = 1.1e-3 * exp(0.1 * stream.normal()), t1 = 1.45 * exp(0.05 * stream.normal())
        let numbers = [
          adc, adc * exp((isEffective ? shift : 0.02) + 0.1 * stream.normal()), t1,
          t1 * exp((isEffective ? -0.5 * shift : 0) + 0.03 * stream.normal()),
        ]
        table.append(
          [
            names(index), "\(lesion + 1)", isEffective ? "PR" : "SD",
            index % 2 == 0 ? "positive" : "negative",
          ]
            + numbers.map(TabSeparatedTable.field))
      }
    }
    return table
  }

  /// Writes the folder; left-out probabilities are the outcomes, blurred.
  func write(in folder: TemporaryFolder, as name: String = "SYNTHETIC-tables") throws -> URL {
    let cohort = try CohortTable(table)
    let variables = CohortVariable.all(in: cohort)
    var tables = [
      GroupComparison.table(cohort, variables), PairedComparison.table(cohort), roc(cohort, variables),
      PatientTable.table(cohort, variables),
    ]
    var stream = RandomStream(StreamKey(seed: 6, purpose: .simulation))
    if hasLeftOut {
      var left = TabSeparatedTable(
        columns: ["patient", "outcome", "p_effective", "p_logistic", "pareto_k"], name: "left-out.tsv")
      for (patient, lesions) in cohort.patients {
        let isEffective = lesions[0].isEffective ?? false
        let p = 1 / (1 + exp(-(isEffective ? 1 : -1) - 1.5 * stream.normal()))
        left.append(
          [patient, isEffective ? "effective" : "ineffective"] + [p, p, .nan].map(TabSeparatedTable.field))
      }
      tables.append(left)
    }
    let url = folder.file(name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for table in tables { try Data(table.text.utf8).write(to: url.appending(path: table.name)) }
    let record = CohortRecord(
      cohort: "cohort", table: String(repeating: "ab", count: 32), isSynthetic: true, seed: 1,
      effective: "CR,PR",
      modelFeatures: hasLeftOut ? ["delta_adc", "post_t1"] : [],
      lack: hasLeftOut ? "" : "fewer than 5 patients of an outcome have delta_adc, post_t1", version: "1.2.3",
      statement: IVIMBayesVersion.researchUse)
    try Data(record.text().utf8).write(to: url.appending(path: CohortRecord.name))
    return url
  }

  /// `roc.tsv` without what is sampled, which takes minutes in a debug build.
  private func roc(_ cohort: CohortTable, _ variables: [CohortVariable]) -> TabSeparatedTable {
    var table = TabSeparatedTable(columns: DiscriminationTables.columns, name: "roc.tsv")
    for variable in variables {
      let known = cohort.patients.compactMap { patient, lesions in
        lesions[0].isEffective.map { (variable.value(lesions), $0) }
      }
      guard let scores = ClassScores(known.map(\.0), isPositive: known.map(\.1)) else { continue }
      let (oriented, direction) = scores.oriented()
      let (interval, method) = oriented.reportedInterval()
      let cutoff = YoudenCutoff(oriented).mostEven
      let missing = TabSeparatedTable.missing
      table.append(
        ["response", variable.name, direction.rawValue, "\(effective)", "\(ineffective)"]
          + [oriented.auc, interval.lower, interval.upper].map(TabSeparatedTable.field)
          + [missing, missing, missing, missing, missing, missing, missing, missing]
          + [cutoff.sensitivity, cutoff.specificity, 0.77, oriented.delongVariance].map(
            TabSeparatedTable.field)
          + [method.rawValue])
    }
    return table
  }

  /// The page of its folder.
  func page() throws -> String {
    let folder = try TemporaryFolder()
    let url = try write(in: folder)
    let out = folder.file("page.html")
    return try withExtendedLifetime(folder) {
      try Report([url], output: out).run()
      return try String(contentsOf: out, encoding: .utf8)
    }
  }
}
