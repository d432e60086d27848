/// A table of text fields with named columns, as BIDS keeps them: tab-separated, a header line, `n/a` for a missing
/// value.
///
/// Deliberately holds text only: a column becomes numbers when it is asked for as numbers, and then an error can
/// name the line.
public struct TabSeparatedTable: Sendable, Equatable {
  /// One line of the table.
  public struct Row: Sendable, Equatable {
    /// The fields, one for each column.
    public var fields: [String]
    /// The line of the file, counted from 1; for rows made in memory, where they would stand.
    public let line: Int
  }

  /// What messages call the table: the file it was read from.
  public let name: String
  /// The names of the columns.
  public let columns: [String]
  /// The rows, in the order of the file.
  public private(set) var rows: [Row] = []
  /// True if numbers are written with a decimal comma: `0,5`.
  public private(set) var hasDecimalCommas = false

  /// How a missing value is written.
  public static let missing = "n/a"

  /// Tables are equal by their name, columns and rows, however their numbers are written.
  public static func == (one: TabSeparatedTable, other: TabSeparatedTable) -> Bool {
    one.name == other.name && one.columns == other.columns && one.rows == other.rows
  }

  /// A table without rows.
  public init(columns: [String], name: String = "table") {
    precondition(Set(columns).count == columns.count, "two columns have one name: \(columns)")
    self.columns = columns
    self.name = name
  }

  /// Appends a row of one field for each column; tabs and line breaks in a field become spaces.
  public mutating func append(_ fields: [String]) {
    append(fields, line: rows.count + 2)
  }

  mutating func append(_ fields: [String], line: Int) {
    precondition(fields.count == columns.count, "\(fields.count) fields for \(columns.count) columns")
    let safe = fields.map { field in
      field.contains(where: { $0 == "\t" || $0.isNewline })
        ? String(field.map { $0 == "\t" || $0.isNewline ? " " : $0 }) : field
    }
    rows.append(Row(fields: safe, line: line))
  }

  /// The whole table as text: tabs between fields, a line feed after every line.
  public var text: String {
    ([columns] + rows.map(\.fields)).map { $0.joined(separator: "\t") + "\n" }.joined()
  }

  /// A number as a field: the shortest text that gives the same number again, `n/a` for NaN.
  public static func field(_ number: Double) -> String {
    if number.isNaN { return missing }
    if number == number.rounded(), abs(number) < 0x1p53 { return String(Int(number)) }
    return "\(number)"
  }

  /// The table with those of its columns for which `isKept` holds.
  public func keepingColumns(where isKept: (String) -> Bool) -> TabSeparatedTable {
    let kept = columns.indices.filter { isKept(columns[$0]) }
    var table = TabSeparatedTable(columns: kept.map { columns[$0] }, name: name)
    for row in rows { table.append(kept.map { row.fields[$0] }, line: row.line) }
    return table
  }

  /// True if there is a column of this name, in upper or lower case.
  public func has(_ column: String) -> Bool { index(of: column) != nil }

  /// The place of the column `name`: as it is written, or else the only one that differs by upper and lower case alone.
  public func index(of name: String) -> Int? {
    if let exact = columns.firstIndex(of: name) { return exact }
    let lower = name.lowercased()
    let places = columns.indices.filter { columns[$0].lowercased() == lower }
    return places.count == 1 ? places[0] : nil
  }

  /// The fields of one column, whose name may differ by upper and lower case.
  ///
  /// - Throws: `missingColumn`.
  public func strings(_ column: String) throws(TableError) -> [String] {
    guard let index = index(of: column) else {
      throw .missingColumn(file: name, column: column, present: columns)
    }
    return rows.map { $0.fields[index] }
  }

  /// The numbers of one column; NaN for a missing value (``isMissing(_:)``), infinite for `inf` and `-inf`.
  ///
  /// - Throws: `missingColumn`, or `notANumber` with the line.
  public func numbers(_ column: String) throws(TableError) -> [Double] {
    var numbers: [Double] = []
    for (row, text) in zip(rows, try strings(column)) {
      guard let number = number(text) else {
        throw .notANumber(file: name, line: row.line, column: column, text: text)
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The number in a field of this table; NaN if it is missing, nil if it is none.
  public func number(_ field: String) -> Double? {
    if Self.isMissing(field) { return .nan }
    switch field {
    case "inf", "+inf": return .infinity
    case "-inf": return -.infinity
    default: break
    }
    if hasDecimalCommas, DecimalMark.kind(of: field) == .comma {
      return DecimalNumber.parse(DecimalMark.withPoint(field))
    }
    // A decimal number that is too large would be infinite.
    return DecimalNumber.parse(field).flatMap { $0.isFinite ? $0 : nil }
  }

  /// The whole numbers of one column.
  ///
  /// - Throws: `missingColumn`, or `notANumber` for a missing value, a fraction, or a number beyond ±2⁵³.
  public func integers(_ column: String) throws(TableError) -> [Int] {
    var integers: [Int] = []
    for (row, text) in zip(rows, try strings(column)) {
      guard let number = number(text), abs(number) <= 0x1p53, let integer = Int(exactly: number) else {
        throw .notANumber(file: name, line: row.line, column: column, text: text)
      }
      integers.append(integer)
    }
    return integers
  }

  /// True for a field that says that a value is missing: empty, `n/a`, `NA`, `NaN`, Excel's `#N/A`, in any case.
  public static func isMissing(_ field: String) -> Bool {
    guard field.utf8.count <= 4 else { return false }
    return field.isEmpty || ["n/a", "na", "nan", "#n/a"].contains(field.lowercased())
  }

  /// Finds out whether numbers have decimal commas: some do, and none has a point.
  mutating func findDecimalMark() {
    var hasCommas = false
    for row in rows {
      for field in row.fields {
        switch DecimalMark.kind(of: field) {
        case .point:
          hasDecimalCommas = false
          return
        case .comma: hasCommas = true
        case .other: break
        }
      }
    }
    hasDecimalCommas = hasCommas
  }
}
