/// What stands between the fields of a line, and how fields are quoted.
///
/// - Tabs, as BIDS has them; fields stand in double quotes if every name of a column does, as R writes them.
/// - Commas or semicolons, as Excel writes them; in double quotes a separator is text, and "" is one quotation mark
///   (RFC 4180, without line breaks in fields).
enum FieldSeparator: Character {
  case tab = "\t"
  case semicolon = ";"
  case comma = ","

  /// The separator of a table with this header: tabs if it has one, else semicolons if it has one outside of quotes.
  init(header: Substring) {
    var isQuoted = false
    var hasSemicolon = false
    for character in header {
      if character == "\t" {
        self = .tab
        return
      }
      if character == "\"" { isQuoted.toggle() }
      if character == ";" && !isQuoted { hasSemicolon = true }
    }
    self = hasSemicolon ? .semicolon : .comma
  }

  /// True if every field of a header between tabs stands in quotes: then quotation marks belong to the form.
  func quotes(header: Substring) -> Bool {
    self == .tab
      && header.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        .allSatisfy { Self.isQuoted(Self.trimmed(Substring($0))) }
  }

  /// The fields of a line, without the spaces around them; nil if a quotation does not end.
  ///
  /// - `isQuoted`: between tabs, quotation marks around a field belong to the form and not to the text.
  func fields(_ line: Substring, isQuoted: Bool) -> [String]? {
    if self == .tab {
      return line.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        .map {
          let field = Self.trimmed(Substring($0))
          return isQuoted ? Self.unquoted(field) : field
        }
    }
    guard line.utf8.contains(UInt8(ascii: "\"")), let separator = rawValue.asciiValue else {
      return line.utf8.split(separator: rawValue.asciiValue ?? 0, omittingEmptySubsequences: false)
        .map { Self.trimmed(Substring($0)) }
    }
    return quotedFields(line, separator: Character(UnicodeScalar(separator)))
  }

  private func quotedFields(_ line: Substring, separator: Character) -> [String]? {
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    var wasQuoted = false
    func finished() -> String { wasQuoted ? field : Self.trimmed(field[...]) }
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
      } else if character == separator {
        fields.append(finished())
        (field, wasQuoted) = ("", false)
      } else if !wasQuoted || !character.isWhitespace {
        field.append(character)
      }
    }
    return isQuoted ? nil : fields + [finished()]
  }

  /// A field in quotes as R writes it, with \" or "" for a quotation mark; other fields as they are.
  private static func unquoted(_ field: String) -> String {
    guard isQuoted(field) else { return field }
    return String(field.dropFirst().dropLast()).replacing("\\\"", with: "\"").replacing("\"\"", with: "\"")
  }

  private static func isQuoted(_ field: String) -> Bool {
    field.utf8.count > 1 && field.first == "\"" && field.last == "\""
  }

  private static func trimmed(_ field: Substring) -> String {
    var field = field
    while let first = field.first, first.isWhitespace { field.removeFirst() }
    while let last = field.last, last.isWhitespace { field.removeLast() }
    return String(field)
  }
}
