public import Foundation

extension TabSeparatedTable {
  /// Reads a table from a file of tab- or comma-separated text.
  ///
  /// - Throws: `unreadable`, `notText`, and what `init(parsing:name:)` throws.
  public static func read(_ file: URL) throws(TableError) -> TabSeparatedTable {
    let bytes: Data
    do throws(SmallFile.Failure) {
      bytes = try SmallFile.read(file)
    } catch {
      throw .unreadable(file: file.relativePath, reason: error.reason)
    }
    guard let text = String(data: bytes, encoding: .utf8), !bytes.contains(0) else {
      throw .notText(file: file.relativePath)
    }
    return try TabSeparatedTable(parsing: text, name: file.relativePath)
  }

  /// Parses a table whose first line holds the names of the columns.
  ///
  /// - Fields are separated by tabs if the first line has a tab, else by commas; with commas, a field may stand in
  ///   double quotes, where "" is one quotation mark (RFC 4180, without line breaks in fields).
  /// - Line ends LF or CR LF; a byte-order mark, blank lines and spaces around fields are dropped.
  /// - Throws: `empty`, `duplicateColumn`, `wrongFieldCount`, `openQuote`.
  public init(parsing text: String, name: String) throws(TableError) {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
      .map { (number: $0.offset + 1, text: $0.element) }
    if lines.first?.text.first == "\u{feff}" { lines[0].text = lines[0].text.dropFirst() }
    lines.removeAll { $0.text.allSatisfy(\.isWhitespace) }
    guard let header = lines.first else { throw .empty(file: name) }
    let hasTabs = header.text.contains("\t")
    func fields(_ line: (number: Int, text: Substring)) throws(TableError) -> [String] {
      guard !hasTabs else {
        return line.text.split(separator: "\t", omittingEmptySubsequences: false).map(Self.trimmed)
      }
      guard let fields = Self.commaSeparated(line.text) else {
        throw .openQuote(file: name, line: line.number)
      }
      return fields
    }
    let columns = try fields(header)
    for (index, column) in columns.enumerated() where columns[..<index].contains(column) {
      throw .duplicateColumn(file: name, column: column)
    }
    self.init(columns: columns, name: name)
    for line in lines.dropFirst() {
      let fields = try fields(line)
      guard fields.count == columns.count else {
        throw .wrongFieldCount(file: name, line: line.number, expected: columns.count, found: fields.count)
      }
      append(fields, line: line.number)
    }
  }

  private static func trimmed(_ field: Substring) -> String {
    field.trimmingCharacters(in: .whitespaces)
  }

  /// The fields of a comma-separated line; nil if a quotation does not end.
  private static func commaSeparated(_ line: Substring) -> [String]? {
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    var wasQuoted = false
    func finished() -> String { wasQuoted ? field : trimmed(field[...]) }
    var rest = line
    while let character = rest.popFirst() {
      if isQuoted {
        if character != "\"" {
          field.append(character)
        } else if rest.first == "\"" {
          field.append("\"")
          rest.removeFirst()
        } else {
          isQuoted = false
        }
      } else if character == "\"", field.allSatisfy(\.isWhitespace) {
        (field, isQuoted, wasQuoted) = ("", true, true)
      } else if character == "," {
        fields.append(finished())
        (field, wasQuoted) = ("", false)
      } else if !wasQuoted || !character.isWhitespace {
        field.append(character)
      }
    }
    return isQuoted ? nil : fields + [finished()]
  }
}
