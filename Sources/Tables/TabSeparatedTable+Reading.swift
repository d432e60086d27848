public import Foundation

extension TabSeparatedTable {
  /// Reads a table from a file of text in UTF-8, or in UTF-16 with a byte-order mark as Excel saves "Unicode text".
  ///
  /// - Throws: `unreadable`, `notText`, and what `init(parsing:name:)` throws.
  public static func read(_ file: URL) throws(TableError) -> TabSeparatedTable {
    let bytes: Data
    do throws(SmallFile.Failure) {
      bytes = try SmallFile.read(file)
    } catch {
      throw .unreadable(file: file.relativePath, reason: error.reason)
    }
    let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    guard let text = String(data: bytes, encoding: isWide ? .utf16 : .utf8), !text.utf8.contains(0) else {
      throw .notText(file: file.relativePath)
    }
    return try TabSeparatedTable(parsing: text, name: file.relativePath)
  }

  /// Parses a table whose first line holds the names of the columns, in the forms that BIDS, Excel and R write.
  ///
  /// - Fields are separated by tabs if the header has one, else by semicolons, else by commas; fields may stand in double
  ///   quotes, between tabs if all names of columns do.
  /// - Line ends LF, CR LF or CR; a byte-order mark, blank lines, rows of empty fields, columns without a name (row names
  ///   of R, empty columns of Excel) and spaces around fields are dropped.
  /// - Numbers have decimal commas if a field of the table is such a number and none is one with a point.
  /// - Throws: `empty`, `duplicateColumn`, `wrongFieldCount`, `openQuote`.
  public init(parsing text: String, name: String) throws(TableError) {
    let lines = Self.lines(of: text)
    guard let header = lines.first else { throw .empty(file: name) }
    let separator = FieldSeparator(header: header.text)
    let isQuoted = separator.quotes(header: header.text)
    func fields(_ line: (number: Int, text: Substring)) throws(TableError) -> [String] {
      guard let fields = separator.fields(line.text, isQuoted: isQuoted) else {
        throw .openQuote(file: name, line: line.number)
      }
      return fields
    }
    var names = try fields(header)
    var rows: [Row] = []
    rows.reserveCapacity(lines.count)
    for line in lines.dropFirst() {
      let own = try fields(line)
      if names.count == 1 || own.contains(where: { !$0.isEmpty }) {
        rows.append(Row(fields: own, line: line.number))
      }
    }
    // R writes the names of rows without a name for their column.
    if !rows.isEmpty, rows.allSatisfy({ $0.fields.count == names.count + 1 }),
      rows.contains(where: { $0.fields.last?.isEmpty == false })
    {
      names.insert("", at: 0)
    }
    let named = names.indices.filter { !names[$0].isEmpty }
    var seen: Set<String> = []
    for place in named where !seen.insert(names[place]).inserted {
      throw .duplicateColumn(file: name, column: names[place])
    }
    guard !named.isEmpty else { throw .empty(file: name) }
    self.init(columns: named.map { names[$0] }, name: name)
    for row in rows {
      // Excel pads rows with empty fields.
      guard row.fields.count >= names.count, row.fields[names.count...].allSatisfy(\.isEmpty) else {
        throw .wrongFieldCount(file: name, line: row.line, expected: names.count, found: row.fields.count)
      }
      append(named.map { row.fields[$0] }, line: row.line)
    }
    findDecimalMark()
  }

  /// The lines that are not blank, with their numbers from 1.
  private static func lines(of text: String) -> [(number: Int, text: Substring)] {
    var text = text[...]
    if text.unicodeScalars.first == "\u{feff}" { text.unicodeScalars.removeFirst() }
    let isOldMac = !text.utf8.contains(UInt8(ascii: "\n"))
    let end = UInt8(ascii: isOldMac ? "\r" : "\n")
    var lines: [(number: Int, text: Substring)] = []
    for (index, line) in text.utf8.split(separator: end, omittingEmptySubsequences: false).enumerated() {
      var line = Substring(line)
      if line.utf8.last == UInt8(ascii: "\r") { line.unicodeScalars.removeLast() }
      if line.contains(where: { !$0.isWhitespace }) { lines.append((index + 1, line)) }
    }
    return lines
  }
}
