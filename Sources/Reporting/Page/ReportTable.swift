/// A table of a page. On a narrow screen each row becomes a card whose cells carry the titles of their columns.
public struct ReportTable: Sendable {
  /// A column by its title.
  public struct Column: Sendable {
    var title: Markup
    /// The title in one line, for the cells of a narrow screen.
    var label: String

    /// A column; `label` is the title without line breaks if it has any.
    public init(_ title: Markup, label: String) { (self.title, self.label) = (title, label) }

    /// A column with a plain title; without one, what the rows are about is said to screen readers only.
    public init(_ title: String) {
      self.init(
        title.isEmpty ? "<span class=\"sr\">of what</span>" : Markup(title), label: Markup.bound(title))
    }
  }

  /// A cell after the head of its row.
  public struct Cell: Sendable {
    var content: Markup
    var isStrip = false
    /// Not called as the row's: a template looks outwards for what is missing.
    var columnSpan: Int?
    var label = ""
    var figure: Figure?

    /// Text.
    public init(_ content: Markup, span: Int? = nil) { (self.content, columnSpan) = (content, span) }

    /// A drawing as wide as the cell.
    public static func strip(_ figure: Figure) -> Cell {
      var cell = Cell(figure.inline(kind: "strip"))
      cell.isStrip = true
      cell.figure = figure
      return cell
    }
  }

  struct Row: Sendable {
    var group: String?
    var span = 0
    var axis: Markup?
    var restSpan = 0
    var hasCells = false
    var isMuted = false
    var head: Markup = ""
    var cells: [Cell] = []
  }

  var style: String
  var caption: Markup
  let columns: [Column]
  private(set) var rows: [Row] = []

  /// A table without rows; the first column holds the heads of the rows.
  public init(_ columns: [Column], caption: Markup, style: String = "") {
    (self.columns, self.caption, self.style) = (columns, caption, style)
  }

  /// A heading across the table.
  public mutating func addGroup(_ title: String) { rows.append(Row(group: title, span: columns.count)) }

  /// An axis above the strips of the third column.
  public mutating func addAxis(_ figure: Figure) {
    rows.append(
      Row(
        axis: Markup(html: figure.inline(kind: "strip").html), restSpan: columns.count - 3))
  }

  /// A row; `isMuted` greys it out.
  public mutating func addRow(_ head: Markup, _ cells: [Cell], isMuted: Bool = false) {
    let labelled = cells.enumerated().map { index, cell in
      var cell = cell
      cell.label =
        cell.columnSpan == nil && !cell.isStrip && index + 1 < columns.count ? columns[index + 1].label : ""
      return cell
    }
    rows.append(Row(hasCells: true, isMuted: isMuted, head: head, cells: labelled))
  }

  /// The drawings in the cells.
  var figures: [Figure] { rows.flatMap(\.cells).compactMap(\.figure) }

  /// True if there are no rows.
  public var isEmpty: Bool { rows.isEmpty }
}
