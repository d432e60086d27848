internal import Cohort
public import Foundation
internal import Lesions
internal import NIfTI
public import Tables

/// `cohort`: the tables of a clinical paper.
public struct CohortComparison: Sendable {
  /// The cohort table.
  public var cohort: URL
  /// The folder that is made.
  public var output: URL
  /// True if a folder made earlier may be replaced.
  public var overwrites = false
  /// Where paths in the column `changes` begin; nil is the folder of the cohort table.
  var base: URL?
  /// Scan-to-scan variation from a study of the user's own.
  public var repeatability: URL?
  /// What is done.
  public var configuration: CohortConfiguration

  /// The comparison of `cohort`, written to `output`.
  public init(cohort: URL, output: URL, _ configuration: CohortConfiguration = CohortConfiguration()) {
    self.cohort = cohort
    self.output = output
    self.configuration = configuration
  }

  /// Computes and writes the tables; they come back in the order in which they are written.
  ///
  /// - `meter`: makes the meter of a number of curves or patients.
  public func run(
    notice: (String) -> Void = { _ in }, meter: (Int) -> ProgressMeter = { _ in .silent }
  ) throws(RunError) -> [TabSeparatedTable] {
    let inputs = [cohort] + [repeatability].compactMap { $0 }
    return try OutputFolder.write(
      OutputPlace(output, kind: .cohort, overwriting: overwrites, inputs: inputs)
    ) { folder in
      let compared = try compare(notice: notice, meter: meter)
      let (table, leftOut) = try leftOut(
        compared.cohort, variabilities: compared.variabilities, notice: notice, meter: meter)
      var tables = compared.tables
      if let table { tables.append((table, LeaveOnePatientOut.descriptions)) }
      try Self.write(tables, into: folder)
      try writePage(into: folder, leftOut: leftOut)
      try AtomicFile.write(
        DatasetDescription.judgement("ivimbayes cohort"),
        to: folder.file(DatasetDescription.name))
      return tables.map(\.table)
    }
  }

  /// A table, and what its columns mean.
  typealias Described = (table: TabSeparatedTable, descriptions: [String: String])

  /// The tables, not yet written.
  ///
  /// - Throws: status 65 if the cohort can be compared in no way.
  func tables(notice: (String) -> Void) throws(RunError) -> [Described] {
    try compare(notice: notice, meter: { _ in .silent }).tables
  }

  /// The tables, and the cohort of the first reader that they are of.
  private func compare(notice: (String) -> Void, meter: (Int) -> ProgressMeter) throws(RunError) -> (
    tables: [Described], cohort: CohortTable, variabilities: [LesionParameter: ScanVariability]
  ) {
    do {
      let reading = try CohortReading(
        cohort, base: base, rule: configuration.rule(), pdl1Cutoff: configuration.pdl1Cutoff, force: true)
      reading.notices.forEach(notice)
      let whole = reading.table
      let (table, readers) = whole.ofFirstReader()
      if let readers { notice(readers) }
      let variables =
        try configuration.features.map { try CohortVariable.named($0, in: table) }
        ?? CohortVariable.all(in: table)
      guard !variables.isEmpty else {
        throw RunError(
          .badInput, at: cohort.relativePath, "the table has no feature to compare",
          advice: "Give columns pre_<p> and post_<p>, or name columns of numbers with --features")
      }
      var figures = EfficacyModel.Plan.builtInVariabilities
      if let file = repeatability {
        figures.merge(try RepeatabilityTable.variabilities(contentsOf: file)) { $1 }
      }
      let discrimination = DiscriminationTables(
        table, variables, variabilities: figures, seed: configuration.seed)
      let progress = meter(discrimination.curveCount)
      defer { progress.finish() }
      var tables: [Described] = [
        (GroupComparison.table(table, variables), GroupComparison.descriptions),
        (PairedComparison.table(table), PairedComparison.descriptions),
        (discrimination.curves { progress.add(1) }, DiscriminationTables.descriptions),
        (discrimination.pairs(), DiscriminationTables.descriptions),
      ]
      if let readers = ReaderComparison.table(whole, variables) {
        tables.append((readers, ReaderComparison.descriptions))
      }
      if let logistic = configuration.logistic {
        let predictors = try CohortVariable.named(logistic, in: table)
        tables.append((LogisticTable.table(table, predictors), LogisticTable.descriptions))
      }
      if tables[0].table.rows.isEmpty && tables[1].table.rows.isEmpty && tables.count == 4 {
        throw RunError(
          .badInput, at: cohort.relativePath, "there are no two groups and no two visits to compare",
          advice: "Add a column outcome or pdl1 with both groups, or pre_ and post_ columns")
      }
      tables.append((PatientTable.table(table, variables), PatientTable.descriptions))
      return (tables, table, figures)
    } catch { throw RunError(error) }
  }

  /// Writes each table with its sidecar.
  static func write(_ tables: [Described], into folder: OutputFolder) throws {
    for (table, descriptions) in tables {
      try AtomicFile.write(table.text, to: folder.file(table.name))
      let stem = String(table.name.dropLast(".tsv".count))
      let own = descriptions.filter { table.has($0.key) }
      try AtomicFile.write(TableSidecar.text(own, of: table), to: folder.file("\(stem).json"))
    }
  }
}
