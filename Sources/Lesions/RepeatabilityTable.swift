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
  /// Rows with a missing value are left out. The column of subjects may also be called as in
  /// ``TabSeparatedTable/participantColumns``.
  /// - `allowsEqual`: takes measurements that are the same twice.
  /// - Throws: `unknownParameter`, `notPositive`, `implausible`, `equalPairs` or `noRows`; a missing column is an error of
  ///   the table.
  public init(pairs table: TabSeparatedTable, allowsEqual: Bool = false) throws {
    guard !table.rows.isEmpty else { throw LesionsError.noRows(file: table.name) }
    let names = try table.strings("parameter")
    guard let subjects = try table.participants() else {
      throw TableError.missingColumn(file: table.name, column: "subject", present: table.columns)
    }
    let (first, second) = (try table.numbers("first"), try table.numbers("second"))
    let hasDeviations = table.has("first_sd") && table.has("second_sd")
    let firstSD = hasDeviations ? try table.numbers("first_sd") : []
    let secondSD = hasDeviations ? try table.numbers("second_sd") : []
    var pairs: [LesionParameter: [Repeatability.Pair]] = [:]
    var lines: [LesionParameter: [Int]] = [:]
    var seen: [String: Int] = [:]
    for (index, row) in table.rows.enumerated() {
      guard let parameter = LesionParameter(rawValue: names[index].lowercased()) else {
        throw LesionsError.unknownParameter(file: table.name, line: row.line, name: names[index])
      }
      for (column, value) in [("first", first[index]), ("second", second[index])] where !value.isNaN {
        guard value > 0 else {
          throw LesionsError.notPositive(file: table.name, line: row.line, column: column, value: value)
        }
        try Self.check(value, parameter.plausibleValues, table.name, row.line, column)
      }
      if hasDeviations {
        for (column, value) in [("first_sd", firstSD[index]), ("second_sd", secondSD[index])]
        where !value.isNaN {
          try Self.check(value, .logarithmSD, table.name, row.line, column)
        }
      }
      guard first[index].isFinite, second[index].isFinite else { continue }
      let key = "\(subjects[index])\t\(parameter.rawValue)\t\(first[index])\t\(second[index])"
      if let earlier = seen[key], !allowsEqual {
        throw LesionsError.equalPairs(
          file: table.name, line: row.line,
          problem: "the pair of \"\(subjects[index])\" stands in line \(earlier) already")
      }
      seen[key] = row.line
      let deviations = hasDeviations ? (firstSD[index], secondSD[index]) : nil
      let known = deviations.flatMap { $0.0.isFinite && $0.1.isFinite ? $0 : nil }
      pairs[parameter, default: []].append(
        Repeatability.Pair(first[index], second[index], posteriorSDs: known))
      lines[parameter, default: []].append(row.line)
    }
    if !allowsEqual {
      for parameter in LesionParameter.allCases {
        let own = pairs[parameter] ?? []
        let equal = own.indices.filter { own[$0].first == own[$0].second }
        guard 2 * equal.count > own.count, let line = equal.first.flatMap({ lines[parameter]?[$0] }) else {
          continue
        }
        throw LesionsError.equalPairs(
          file: table.name, line: line,
          problem: "\(equal.count) of \(own.count) pairs of \(parameter.rawValue) are the same number twice")
      }
    }
    studies = pairs.compactMapValues(Repeatability.init)
  }

  private static func check(
    _ value: Double, _ range: PlausibleRange, _ file: String, _ line: Int, _ column: String
  ) throws(LesionsError) {
    do throws(PlausibleRange.Implausible) { try range.check(value) } catch {
      throw .implausible(file: file, line: line, column: column, error)
    }
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
