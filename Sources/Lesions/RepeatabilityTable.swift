public import Foundation
public import Tables

/// Test–retest pairs on disk, what they say of each parameter, and the file that `delta --repeatability`
/// takes.
public struct RepeatabilityTable: Sendable, Equatable {
  /// The repeatability of each parameter that the pairs hold.
  public let studies: [LesionParameter: Repeatability]

  /// The studies of a table `subject parameter first second`, with `first_sd second_sd` (of the logarithms)
  /// if known.
  ///
  /// Rows with a missing value are left out.
  /// - Throws: `unknownParameter`, `notPositive` or `noRows`; a missing column is an error of the table.
  public init(pairs table: TabSeparatedTable) throws {
    guard !table.rows.isEmpty else { throw LesionsError.noRows(file: table.name) }
    let names = try table.strings("parameter")
    _ = try table.strings("subject")
    let (first, second) = (try table.numbers("first"), try table.numbers("second"))
    let hasDeviations = table.has("first_sd") && table.has("second_sd")
    let firstSD = hasDeviations ? try table.numbers("first_sd") : []
    let secondSD = hasDeviations ? try table.numbers("second_sd") : []
    var pairs: [LesionParameter: [Repeatability.Pair]] = [:]
    for (index, row) in table.rows.enumerated() {
      guard let parameter = LesionParameter(rawValue: names[index]) else {
        throw LesionsError.unknownParameter(file: table.name, line: row.line, name: names[index])
      }
      for (column, value) in [("first", first[index]), ("second", second[index])] where value <= 0 {
        throw LesionsError.notPositive(file: table.name, line: row.line, column: column, value: value)
      }
      guard first[index].isFinite, second[index].isFinite else { continue }
      let deviations = hasDeviations ? (firstSD[index], secondSD[index]) : nil
      let known = deviations.flatMap { $0.0.isFinite && $0.1.isFinite ? $0 : nil }
      pairs[parameter, default: []].append(
        Repeatability.Pair(first[index], second[index], posteriorSDs: known))
    }
    studies = pairs.compactMapValues(Repeatability.init)
  }

  /// The columns of the table that is written.
  public static let columns = [
    "parameter", "wsd", "wcv", "rc", "rc_lower", "rc_upper", "n", "bias", "loa_lower", "loa_upper", "wsd_log",
    "wsd_phys", "percent_lower", "percent_upper",
  ]

  /// One row for each parameter: w, RC, bias and limits in its unit, `wsd_log` and `wsd_phys` of its
  /// logarithm.
  public var table: TabSeparatedTable {
    var table = TabSeparatedTable(columns: Self.columns, name: "repeatability.tsv")
    for parameter in LesionParameter.allCases {
      guard let study = studies[parameter] else { continue }
      let (interval, limits) = (study.coefficientInterval(), study.agreement.limitsOfAgreement)
      let numbers = [
        study.withinSD, study.withinCV, study.coefficient, interval.lower, interval.upper,
        Double(study.count),
        study.agreement.bias, limits.lower, limits.upper, study.logWithinSD, study.physiologicalSD ?? .nan,
        study.percentLimits.lower, study.percentLimits.upper,
      ]
      table.append([parameter.rawValue] + numbers.map(TabSeparatedTable.field))
    }
    return table
  }

  /// The variabilities as JSON, by parameter: what ``variabilities(contentsOf:)`` reads.
  public func json(source: String) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let entries = studies.map { ($0.key.rawValue, $0.value.variability(source: source)) }
    return try encoder.encode(Dictionary(uniqueKeysWithValues: entries))
  }

  /// The variabilities that a `repeatability.json` holds.
  ///
  /// - Throws: `missingFile`, `unreadable` for a file that is none of these, `unknownParameter`.
  public static func variabilities(contentsOf file: URL) throws(LesionsError) -> [LesionParameter:
    ScanVariability]
  {
    let entries: [String: ScanVariability]
    guard let contents = try? SmallFile.read(file) else { throw .missingFile(file: file.relativePath) }
    do {
      entries = try JSONDecoder().decode([String: ScanVariability].self, from: contents)
    } catch {
      throw .unreadable(file: file.relativePath, reason: "this is not a repeatability file")
    }
    var variabilities: [LesionParameter: ScanVariability] = [:]
    for (name, variability) in entries {
      guard let parameter = LesionParameter(rawValue: name) else {
        throw .unknownParameter(file: file.relativePath, line: 1, name: name)
      }
      variabilities[parameter] = variability
    }
    return variabilities
  }
}
