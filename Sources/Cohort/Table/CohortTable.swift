public import Lesions
public import Tables

/// A cohort as a table of lesions: `patient lesion outcome pdl1 reader`, `pre_<p> pre_<p>_sd post_<p> post_<p>_sd` in the
/// units of the files with SDs of the logarithms, or `changes` with the path of a `changes.nc`.
///
/// Outcome and PD-L1 belong to the patient, whose column may also be called as in
/// ``TabSeparatedTable/participantColumns``. Names of columns may be in upper or lower case. Other columns are kept: those of
/// numbers as markers. Values are held to ``PlausibleRange``.
public struct CohortTable: Sendable, Equatable {
  /// What messages call the table.
  public let name: String
  /// The rows, in the order of the table.
  public var lesions: [CohortLesion]
  /// True if the table has an outcome column.
  public let hasOutcomes: Bool
  /// True if the table has a PD-L1 column.
  public let hasPDL1: Bool
  /// What a reader should know.
  public let notices: [String]
  /// The columns that are neither keys nor features, with the first field that is no number; nil for columns of numbers.
  let others: [String: String?]

  /// The most rows that a cohort may have: more are a slip, and no model of them would end.
  public static let mostRows = 200_000
  /// The largest number of a marker: squares of larger ones overflow.
  private static var largestMarker: Double { 1e100 }

  /// Reads the rows of `table`.
  ///
  /// - `pdl1Cutoff`: percentages from here on are positive.
  /// - Throws: `CohortError` with the line: `unknownOutcome`, `conflictingOutcome`, `unknownPDL1`, `pdl1Share`,
  ///   `duplicateLesion`, `unusableValue`, `unknownColumn`, `noPatients`, `noRows`, `tooManyRows`; `TableError` for text
  ///   where a number must be.
  public init(_ table: TabSeparatedTable, rule: OutcomeRule = OutcomeRule(), pdl1Cutoff: Double = 1) throws {
    guard !table.rows.isEmpty else { throw CohortError.noRows(table: table.name) }
    guard table.rows.count <= Self.mostRows else {
      throw CohortError.tooManyRows(table: table.name, count: table.rows.count, most: Self.mostRows)
    }
    let columns = try CohortColumns(table)
    name = table.name
    hasOutcomes = columns.outcome != nil
    hasPDL1 = columns.pdl1 != nil
    func words(_ column: String?) throws -> [String]? {
      guard let column, table.has(column) else { return nil }
      return try table.strings(column)
    }
    let patients = try table.participants()
    let keys = (lesion: try words("lesion"), reader: try words("reader"))
    let (outcomes, statuses) = (try words(columns.outcome), try words(columns.pdl1))
    let positive = try statuses.map {
      try PDL1Status.column($0, of: table, named: columns.pdl1 ?? "pdl1", cutoff: pdl1Cutoff)
    }
    let measured = try Self.measurements(table, columns.measured)
    let markers = try Self.markers(table, columns.others)
    let paths = try words("changes")
    var rows: [CohortLesion] = []
    rows.reserveCapacity(table.rows.count)
    var seen: [String: Int] = [:]
    var firstOfPatient: [String: Int] = [:]
    for (index, row) in table.rows.enumerated() {
      let outcome = try outcomes.flatMap {
        try Self.outcome($0[index], rule, place: (table.name, row.line, columns.outcome ?? "outcome"))
      }
      let path = paths?[index] ?? TabSeparatedTable.missing
      let lesion = CohortLesion(
        patient: patients?[index] ?? "row \(row.line)", lesion: keys.lesion?[index] ?? "1",
        reader: keys.reader?[index] ?? "", isEffective: outcome, isPDL1Positive: positive?[index],
        measurements: measured[index], draws: nil, changes: TabSeparatedTable.isMissing(path) ? nil : path,
        markers: markers.mapValues { $0[index] }, line: row.line)
      let key = [lesion.patient, lesion.lesion, lesion.reader].joined(separator: "\t")
      if let first = seen[key] {
        throw CohortError.duplicateLesion(
          table: table.name, line: row.line, firstLine: first, patient: lesion.patient, lesion: lesion.lesion)
      }
      seen[key] = row.line
      if let first = firstOfPatient[lesion.patient] {
        for (column, fields) in [(columns.outcome, outcomes), (columns.pdl1, statuses)] {
          guard let column, let fields, fields[first].lowercased() != fields[index].lowercased() else {
            continue
          }
          if TabSeparatedTable.isMissing(fields[first]) && TabSeparatedTable.isMissing(fields[index]) {
            continue
          }
          throw CohortError.conflictingOutcome(
            table: table.name, line: row.line, firstLine: rows[first].line, patient: lesion.patient,
            column: column)
        }
      } else {
        firstOfPatient[lesion.patient] = index
      }
      rows.append(lesion)
    }
    lesions = rows
    others = Dictionary(uniqueKeysWithValues: columns.others.map { ($0, Self.word(in: $0, of: table)) })
    notices = Self.notices(columns, patients: table.participantColumn)
  }

  private static func outcome(
    _ word: String, _ rule: OutcomeRule, place: (table: String, line: Int, column: String)
  ) throws(CohortError) -> Bool? {
    switch rule.reading(word) {
    case .effective: return true
    case .ineffective: return false
    case .missing: return nil
    case .unknown:
      throw .unknownOutcome(
        table: place.table, line: place.line, column: place.column, word: word, known: rule.vocabulary)
    }
  }

  private static func measurements(_ table: TabSeparatedTable, _ columns: [CohortColumns.Measured]) throws
    -> [[LesionParameter: LesionMeasurements]]
  {
    var rows = [[LesionParameter: LesionMeasurements]](repeating: [:], count: table.rows.count)
    for measured in columns {
      let (column, parameter) = (measured.column, measured.feature.parameter)
      let values = try table.numbers(column)
      let spreads = try measured.spread.map { try table.numbers($0) }
      for (index, row) in table.rows.enumerated() where !values[index].isNaN {
        let value = values[index]
        let spread = spreads?[index] ?? .nan
        try check(value, parameter, table: table.name, line: row.line, column: column)
        if !spread.isNaN, let name = measured.spread {
          do throws(PlausibleRange.Implausible) { try PlausibleRange.logarithmSD.check(spread) } catch {
            throw CohortError.unusableValue(
              table: table.name, line: row.line, column: name, problem: error.problem, advice: error.advice)
          }
        }
        guard
          let place = LesionMeasurements.Measured(parameter, value: value, relativeSD: spread)
        else {
          throw CohortError.unusableValue(
            table: table.name, line: row.line, column: column,
            problem: "\(value) has no place on the axis of \(parameter.rawValue)",
            advice: "Write n/a if it is missing")
        }
        var entry = rows[index][parameter] ?? LesionMeasurements(pre: nil, post: nil)
        if measured.feature.phase == .pre { entry.pre = place } else { entry.post = place }
        rows[index][parameter] = entry
      }
    }
    return rows
  }

  /// Refuses a value that is not on the axis of its parameter, or far from any tissue.
  private static func check(
    _ value: Double, _ parameter: LesionParameter, table: String, line: Int, column: String
  ) throws(CohortError) {
    let missing = "Give the value in the unit of the parameter, or n/a if it is missing"
    if value <= 0 {
      let reason =
        parameter.scale == .logit
        ? "a fraction lies between 0 and 1, both excluded" : "it is not positive, so it has no logarithm"
      throw .unusableValue(
        table: table, line: line, column: column,
        problem: "\(TabSeparatedTable.field(value)) cannot be used: \(reason)", advice: missing)
    }
    do throws(PlausibleRange.Implausible) { try parameter.plausibleValues.check(value) } catch {
      throw .unusableValue(
        table: table, line: line, column: column, problem: error.problem,
        advice: error.likelyUnit == nil ? missing : error.advice)
    }
    if parameter.scale == .logit && value >= 1 {
      throw .unusableValue(
        table: table, line: line, column: column,
        problem:
          "\(TabSeparatedTable.field(value)) cannot be used: a fraction lies between 0 and 1, both excluded",
        advice: missing)
    }
  }

  /// The columns among `names` whose fields are all numbers or missing.
  private static func markers(_ table: TabSeparatedTable, _ names: [String]) throws(CohortError) -> [String:
    [Double]]
  {
    var found: [String: [Double]] = [:]
    for column in names {
      guard let numbers = try? table.numbers(column), numbers.contains(where: { !$0.isNaN }) else { continue }
      if let place = numbers.firstIndex(where: { abs($0) > largestMarker }) {
        throw .unusableValue(
          table: table.name, line: table.rows[place].line, column: column,
          problem: "\(numbers[place]) is too large to be compared with other numbers",
          advice: "Correct the number, or write n/a if it is missing")
      }
      found[column] = numbers
    }
    return found
  }

  /// The first field of a column that is no number.
  private static func word(in column: String, of table: TabSeparatedTable) -> String? {
    guard let index = table.index(of: column) else { return nil }
    return table.rows.lazy.map { $0.fields[index] }.first { table.number($0) == nil }
  }

  private static func notices(_ columns: CohortColumns, patients: String?) -> [String] {
    let bare = columns.measured.filter { $0.spread == nil }.map(\.column)
    let patientNotice =
      patients == nil
      ? "no column patient: each row is taken as a patient of its own"
      : patients?.lowercased() == "patient" ? nil : "column \(patients ?? "") names the patients"
    return [
      patientNotice,
      bare.isEmpty
        ? nil
        : "no standard deviation for \(bare.joined(separator: ", ")): only scan-to-scan variation counts as error",
    ].compactMap { $0 }
  }

  /// The rows of the first reader, and a notice if there are others.
  public func ofFirstReader() -> (table: CohortTable, notice: String?) {
    let readers = lesions.reduce(into: [String]()) { if !$0.contains($1.reader) { $0.append($1.reader) } }
    guard readers.count > 1 else { return (self, nil) }
    var own = self
    own.lesions = lesions.filter { $0.reader == readers[0] }
    return (own, "\(readers.count) readers: everything but readers.tsv is of reader \(readers[0])")
  }

  /// The lesions of every patient, in the order of the table.
  public var patients: [(id: String, lesions: [CohortLesion])] {
    var order: [String] = []
    var byPatient: [String: [CohortLesion]] = [:]
    for lesion in lesions {
      if byPatient[lesion.patient] == nil { order.append(lesion.patient) }
      byPatient[lesion.patient, default: []].append(lesion)
    }
    return order.map { ($0, byPatient[$0] ?? []) }
  }

  /// Patients of known outcome, measured over `features`.
  public func patients(
    _ features: [CohortFeature], variabilities: [LesionParameter: ScanVariability]
  ) -> [CohortPatient] {
    patients.compactMap { id, lesions in
      lesions[0].isEffective.map { isEffective in
        CohortPatient(
          id: id, isEffective: isEffective,
          lesions: lesions.map { $0.measurement(features, variabilities: variabilities) })
      }
    }
  }
}
