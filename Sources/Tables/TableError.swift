/// What can be wrong with a table in a text file. Every case carries its evidence; `description` says where, what
/// and what to do.
public enum TableError: Error, Equatable, Sendable {
  /// The file is missing or may not be read.
  case unreadable(file: String, reason: String)
  /// The bytes are no UTF-8 text.
  case notText(file: String)
  /// There is no header line.
  case empty(file: String)
  /// Two columns have one name.
  case duplicateColumn(file: String, column: String)
  /// A line has more or fewer fields than the header.
  case wrongFieldCount(file: String, line: Int, expected: Int, found: Int)
  /// A quoted field has no end.
  case openQuote(file: String, line: Int)
  /// A column that is needed is not there.
  case missingColumn(file: String, column: String, present: [String])
  /// A field that must be a number is not one.
  case notANumber(file: String, line: Int, column: String, text: String)
  /// A row that does not say whose it is.
  case missingKey(file: String, line: Int, column: String)
}

extension TableError: CustomStringConvertible {
  /// Where, what is wrong, and what to do: one line.
  public var description: String {
    let (place, problem, advice) = parts
    return "\(place): \(problem). \(advice)."
  }

  private var parts: (place: String, problem: String, advice: String) {
    switch self {
    case .unreadable(let file, let reason):
      (file, "the table cannot be read: \(reason)", "Check the path and the permissions")
    case .notText(let file):
      (file, "this is not a UTF-8 text", "Save the table as tab-separated text in UTF-8")
    case .empty(let file):
      (
        file, "the table is empty",
        "Give a header line with the names of the columns, then one line for each row"
      )
    case .duplicateColumn(let file, let column):
      ("\(file), line 1", "two columns are named \"\(column)\"", "Rename or remove one of them")
    case .wrongFieldCount(let file, let line, let expected, let found):
      (
        "\(file), line \(line)", "there are \(found) fields under \(expected) columns",
        "Separate the fields by single tabs, or by commas throughout, and write n/a for a missing value"
      )
    case .openQuote(let file, let line):
      ("\(file), line \(line)", "a quoted field does not end", "Close the quotation mark on the same line")
    case .missingColumn(let file, let column, let present):
      (
        "\(file), line 1", "there is no column \"\(column)\" among \(present.joined(separator: ", "))",
        "Add the column, or correct its name"
      )
    case .missingKey(let file, let line, let column):
      (
        "\(file), line \(line), column \"\(column)\"", "the row does not say whose it is",
        "Write the key of the participant in every row"
      )
    case .notANumber(let file, let line, let column, let text):
      (
        "\(file), line \(line), column \"\(column)\"", "\"\(text)\" is not a number",
        text.contains(",")
          ? "Write every number of the table with a decimal point, or every one with a decimal comma, and none with a "
            + "mark between thousands"
          : "Write numbers in decimal digits with a decimal point, and n/a for a missing value"
      )
    }
  }
}
