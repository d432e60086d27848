internal import Tables

/// A table for a terminal: columns as wide as their widest cell, two spaces between them, no lines.
public struct TextTable: Sendable, Equatable {
  /// Where the text of a column stands.
  public enum Alignment: Sendable {
    case left
    /// For numbers that share their decimals.
    case right
  }

  /// How a row is set off.
  public enum Emphasis: Sendable {
    case none
    case bold
    case faint
  }

  private let titles: [String]
  private let alignments: [Alignment]
  private var rows: [(cells: [String], emphasis: Emphasis)] = []

  /// A table with these columns and no rows.
  public init(columns: [(title: String, alignment: Alignment)]) {
    titles = columns.map(\.title)
    alignments = columns.map(\.alignment)
  }

  /// Adds a row, one cell for each column; line breaks in a cell become spaces, and what a terminal would obey U+FFFD.
  public mutating func append(_ cells: [String], emphasis: Emphasis = .none) {
    precondition(cells.count == titles.count, "\(cells.count) cells in a table of \(titles.count) columns")
    rows.append(
      (cells.map { PrintableText.line(String($0.map { $0.isNewline ? " " : $0 })) }, emphasis))
  }

  /// The number of rows.
  public var rowCount: Int { rows.count }

  /// The table as text, titles in the first line, every line ended; columns whose cells are all empty are left out.
  ///
  /// Widths count the columns of a terminal, not bytes: "mm²/s" is five wide, "肺" two.
  public func text(style: TerminalStyle = .plain) -> String {
    let shown = titles.indices.filter { column in rows.isEmpty || rows.contains { !$0.cells[column].isEmpty }
    }
    let widths = titles.indices.map { column in
      ([titles[column]] + rows.map { $0.cells[column] }).map(TerminalWidth.columns(of:))
        .reduce(0, max)
    }
    func line(_ cells: [String]) -> String {
      let padded = shown.map { column in
        let space = String(repeating: " ", count: widths[column] - TerminalWidth.columns(of: cells[column]))
        return alignments[column] == .left ? cells[column] + space : space + cells[column]
      }
      let joined = padded.joined(separator: "  ")
      return String(joined.reversed().drop { $0 == " " }.reversed())
    }
    let body = rows.map { row in
      switch row.emphasis {
      case .none: line(row.cells)
      case .bold: style.bold(line(row.cells))
      case .faint: style.faint(line(row.cells))
      }
    }
    return ([style.bold(line(titles))] + body).map { $0 + "\n" }.joined()
  }

  /// Tables are equal if they print the same.
  public static func == (one: TextTable, other: TextTable) -> Bool { one.text() == other.text() }
}
