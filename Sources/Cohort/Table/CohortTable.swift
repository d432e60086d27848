public import Lesions
public import Tables

/// A cohort as a table of lesions: `patient lesion outcome pdl1 reader`, `pre_<p> pre_<p>_sd post_<p> post_<p>_sd` in the
/// units of the files with SDs of the logarithms, or `changes` with the path of a `changes.nc`.
///
/// Outcome and PD-L1 belong to the patient. Other columns are kept: those of numbers as markers.
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

  /// Reads the rows of `table`.
  ///
  /// - `pdl1Cutoff`: percentages from here on are positive.
  /// - Throws: `CohortError` with the line: `unknownOutcome`, `conflictingOutcome`, `unknownPDL1`, `duplicateLesion`,
  ///   `unusableValue`, `unknownColumn`, `noRows`; `TableError` for text where a number must be.
  public init(_ table: TabSeparatedTable, rule: OutcomeRule = OutcomeRule(), pdl1Cutoff: Double = 1) throws {
    guard !table.rows.isEmpty else { throw CohortError.noRows(table: table.name) }
    try Self.checkColumns(table)
    name = table.name
    hasOutcomes = table.has("outcome")
    hasPDL1 = table.has("pdl1")
    func words(_ column: String) throws -> [String]? {
      table.has(column) ? try table.strings(column) : nil
    }
    let patients = try words("patient")
    let keys = (lesion: try words("lesion"), reader: try words("reader"))
    let (outcomes, markers) = (try words("outcome"), try words("pdl1"))
    let measured = try Self.measurements(table)
    let others = Self.markers(table)
    let paths = try words("changes")
    var rows: [CohortLesion] = []
    var seen: [String: Int] = [:]
    for (index, row) in table.rows.enumerated() {
      let place = (table: table.name, line: row.line)
      let outcome = try outcomes.flatMap { try Self.outcome($0[index], rule, place: place) }
      let pdl1 = try markers.flatMap { try Self.pdl1($0[index], cutoff: pdl1Cutoff, place: place) }
      let path = paths?[index] ?? TabSeparatedTable.missing
      let lesion = CohortLesion(
        patient: patients?[index] ?? "row \(row.line)", lesion: keys.lesion?[index] ?? "1",
        reader: keys.reader?[index] ?? "", isEffective: outcome, isPDL1Positive: pdl1,
        measurements: measured[index], draws: nil,
        changes: path.isEmpty || path == TabSeparatedTable.missing ? nil : path,
        markers: others.mapValues { $0[index] }, line: row.line)
      let key = [lesion.patient, lesion.lesion, lesion.reader].joined(separator: "\t")
      if let first = seen[key] {
        throw CohortError.duplicateLesion(
          table: table.name, line: row.line, firstLine: first, patient: lesion.patient, lesion: lesion.lesion)
      }
      seen[key] = row.line
      if let other = rows.first(where: {
        $0.patient == lesion.patient
          && ($0.isEffective != lesion.isEffective || $0.isPDL1Positive != lesion.isPDL1Positive)
      }) {
        throw CohortError.conflictingOutcome(
          table: table.name, line: row.line, firstLine: other.line, patient: lesion.patient,
          column: other.isEffective != lesion.isEffective ? "outcome" : "pdl1")
      }
      rows.append(lesion)
    }
    lesions = rows
    notices = Self.notices(table, hasPatients: patients != nil)
  }

  /// The largest standard deviation of a logarithm that a measurement may have.
  private static var largestSpread: Double { 10 }

  private static func outcome(_ word: String, _ rule: OutcomeRule, place: (table: String, line: Int))
    throws(CohortError) -> Bool?
  {
    switch rule.reading(word) {
    case .effective: return true
    case .ineffective: return false
    case .missing: return nil
    case .unknown:
      throw .unknownOutcome(table: place.table, line: place.line, word: word, known: rule.vocabulary)
    }
  }

  private static func pdl1(_ word: String, cutoff: Double, place: (table: String, line: Int))
    throws(CohortError) -> Bool?
  {
    switch word.lowercased() {
    case "positive", "pos", "+": return true
    case "negative", "neg", "-": return false
    case "", "n/a", "na", "nan": return nil
    default:
      let number = Double(word.hasSuffix("%") ? String(word.dropLast()) : word)
      guard let number, (0...100).contains(number) else {
        throw .unknownPDL1(table: place.table, line: place.line, word: word)
      }
      return number >= cutoff
    }
  }

  /// `pre_`, `post_` and `delta_` begin names of features only: anything else is a misspelling.
  private static func checkColumns(_ table: TabSeparatedTable) throws(CohortError) {
    for column in table.columns {
      let stem = column.hasSuffix("_sd") ? String(column.dropLast(3)) : column
      guard ["pre_", "post_", "delta_"].contains(where: column.hasPrefix) else { continue }
      guard let feature = CohortFeature(name: stem), feature.phase != .delta else {
        throw .unknownColumn(table: table.name, column: column)
      }
    }
  }

  private static func measurements(_ table: TabSeparatedTable) throws -> [[LesionParameter:
    LesionMeasurements]]
  {
    var rows = [[LesionParameter: LesionMeasurements]](repeating: [:], count: table.rows.count)
    for parameter in LesionParameter.allCases {
      for phase in [CohortFeature.Phase.pre, .post] {
        let column = CohortFeature(phase, parameter).name
        guard table.has(column) else { continue }
        let values = try table.numbers(column)
        let spreads =
          table.has("\(column)_sd") ? try table.numbers("\(column)_sd") : values.map { _ in Double.nan }
        for (index, row) in table.rows.enumerated() where !values[index].isNaN {
          guard spreads[index].isNaN || 0...Self.largestSpread ~= spreads[index] else {
            throw CohortError.unusableValue(
              table: table.name, line: row.line, column: "\(column)_sd", value: spreads[index],
              reason: "it is the standard deviation of the logarithm, 0.05 for 5 %: "
                + "not negative, and at most \(Int(Self.largestSpread))")
          }
          guard
            let measured = LesionMeasurements.Measured(
              parameter, value: values[index], relativeSD: spreads[index])
          else {
            throw CohortError.unusableValue(
              table: table.name, line: row.line, column: column, value: values[index],
              reason: parameter.scale == .logit
                ? "a fraction lies between 0 and 1, both excluded"
                : "it is not positive, so it has no logarithm")
          }
          var entry = rows[index][parameter] ?? LesionMeasurements(pre: nil, post: nil)
          if phase == .pre { entry.pre = measured } else { entry.post = measured }
          rows[index][parameter] = entry
        }
      }
    }
    return rows
  }

  /// Every other column whose fields are all numbers or missing.
  private static func markers(_ table: TabSeparatedTable) -> [String: [Double]] {
    let known = ["patient", "lesion", "outcome", "pdl1", "reader", "changes"]
    return table.columns.reduce(into: [:]) { found, column in
      guard !known.contains(column), !["pre_", "post_"].contains(where: column.hasPrefix) else { return }
      if let numbers = try? table.numbers(column), numbers.contains(where: \.isFinite) {
        found[column] = numbers
      }
    }
  }

  private static func notices(_ table: TabSeparatedTable, hasPatients: Bool) -> [String] {
    let bare = table.columns.filter {
      CohortFeature(name: $0) != nil && !table.has("\($0)_sd")
    }
    return [
      hasPatients ? nil : "no column patient: each row is taken as a patient of its own",
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
