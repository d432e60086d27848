internal import Foundation
internal import Reporting
public import Tables

/// A table as a person or a program reads it on standard output.
public enum TableText {
  /// `table` as aligned columns (`table`), tab-separated (`tsv`) or a JSON array of objects (`json`).
  ///
  /// Aligned columns leave out the columns in `hidden` and round numbers to four significant digits; the other forms
  /// are complete.
  public static func text(of table: TabSeparatedTable, as format: String, hiding hidden: Set<String> = [])
    -> String
  {
    switch format {
    case "tsv": PrintableText.lines(String(table.text.dropLast()))
    case "json": PrintableText.lines(json(table))
    default: aligned(table, hiding: hidden)
    }
  }

  private static func json(_ table: TabSeparatedTable) -> String {
    let objects = table.rows.map { row in
      Dictionary(uniqueKeysWithValues: zip(table.columns, row.fields.map(value)))
    }
    let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = (try? JSONSerialization.data(withJSONObject: objects, options: options)) ?? Data("[]".utf8)
    return String(decoding: data, as: UTF8.self)
  }

  private static func value(_ field: String) -> Any {
    if field == TabSeparatedTable.missing { return NSNull() }
    return Double(field) ?? field
  }

  private static func aligned(_ table: TabSeparatedTable, hiding hidden: Set<String>) -> String {
    let shown = table.columns.indices.filter { !hidden.contains(table.columns[$0]) }
    var text = TextTable(
      columns: shown.map { column in
        let isNumber = table.rows.contains { Double($0.fields[column]) != nil }
        return (table.columns[column], isNumber ? .right : .left)
      })
    for row in table.rows { text.append(shown.map { rounded(row.fields[$0]) }) }
    return String(text.text().dropLast())
  }

  private static func rounded(_ field: String) -> String {
    guard let number = Double(field), number.isFinite, Int(field) == nil else { return field }
    return String(format: "%.4g", number)
  }
}
