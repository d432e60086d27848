internal import Tables

/// A table by its columns; what is missing is NaN or empty.
struct TableColumns: Sendable {
  private let table: TabSeparatedTable
  private let columns: [String: Int]

  init(_ table: TabSeparatedTable) {
    self.table = table
    columns = Dictionary(uniqueKeysWithValues: table.columns.enumerated().map { ($1, $0) })
  }

  var rows: Range<Int> { table.rows.indices }

  var columnNames: [String] { table.columns }

  func text(_ column: String, _ row: Int) -> String {
    columns[column].map { table.rows[row].fields[$0] } ?? ""
  }

  func number(_ column: String, _ row: Int) -> Double { Double(text(column, row)) ?? .nan }

  /// The different texts of a column, in the order of the table.
  func distinct(_ column: String) -> [String] {
    rows.map { text(column, $0) }.reduce(into: []) { found, text in
      if !found.contains(text) { found.append(text) }
    }
  }
}
