internal import Tables

/// The JSON file beside a table: what its columns mean.
enum TableSidecar {
  /// An object for each of `descriptions`; a column of `table` that holds text which a spreadsheet would run as a formula
  /// has a note.
  static func text(_ descriptions: [String: String], of table: TabSeparatedTable) -> String {
    var columns = descriptions.mapValues { ["Description": $0] }
    for (column, line) in formulas(in: table) where columns[column] != nil {
      columns[column]?["Note"] =
        "the text of line \(line) begins like a formula of a spreadsheet (=, +, -, @): import this column as text"
    }
    return JSONText.object(columns)
  }

  /// The columns with text that begins with =, +, - or @ and is no number, each with the first such line.
  static func formulas(in table: TabSeparatedTable) -> [String: Int] {
    var found: [String: Int] = [:]
    for row in table.rows {
      for (column, field) in zip(table.columns, row.fields)
      where found[column] == nil && isFormula(field, table) {
        found[column] = row.line
      }
    }
    return found
  }

  private static func isFormula(_ field: String, _ table: TabSeparatedTable) -> Bool {
    guard let first = field.first, "=+-@".contains(first), field.count > 1 else { return false }
    return table.number(field) == nil
  }
}
