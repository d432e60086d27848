/// A part of a section: exactly one of its members is there. The templates read the members by name.
public struct PageBlock: Sendable {
  var cards: Cards?
  var boxes: Boxes?
  var table: ReportTable?
  var figures: FigureGrid?
  var maps: MapGrid?
  var list: FactList?
  var prose: Markup?
  var quotation: Quotation?

  /// Lesions side by side.
  public static func cards(_ items: [LesionCard]) -> PageBlock { PageBlock(cards: Cards(items: items)) }
  /// Notes side by side.
  public static func boxes(_ items: [NoteBox]) -> PageBlock { PageBlock(boxes: Boxes(items: items)) }
  /// A table.
  public static func table(_ table: ReportTable) -> PageBlock { PageBlock(table: table) }
  /// Figures in a grid.
  public static func figures(_ grid: FigureGrid) -> PageBlock { PageBlock(figures: grid) }
  /// Maps in rows of one parameter.
  public static func maps(_ grid: MapGrid) -> PageBlock { PageBlock(maps: grid) }
  /// Terms and what they are, in two columns.
  public static func list(_ facts: [Fact]) -> PageBlock { PageBlock(list: FactList(facts)) }
  /// A paragraph.
  public static func prose(_ text: Markup) -> PageBlock { PageBlock(prose: text) }
  /// Text to be copied.
  public static func quotation(_ paragraphs: [Markup]) -> PageBlock {
    PageBlock(quotation: Quotation(paragraphs: paragraphs))
  }

  /// The figures of the block, for files of their own.
  var ownFigures: [Figure] {
    (figures?.items.map(\.figure) ?? []) + (maps?.rows.flatMap(\.cells).map(\.figure) ?? [])
      + (table?.figures ?? [])
  }

  struct Cards: Sendable { var items: [LesionCard] }
  struct Boxes: Sendable { var items: [NoteBox] }
  struct Quotation: Sendable { var paragraphs: [Markup] }
}

/// A term and what it is.
public struct Fact: Sendable {
  var term: String
  var value: Markup

  /// `term`: `value`.
  public init(_ term: String, _ value: Markup) { (self.term, self.value) = (term, value) }
}

/// Facts in two columns.
struct FactList: Sendable {
  struct Column: Sendable { var items: [Fact] }
  var columns: [Column]

  init(_ facts: [Fact]) {
    let half = (facts.count + 1) / 2
    columns = [Column(items: Array(facts.prefix(half))), Column(items: Array(facts.dropFirst(half)))]
      .filter { !$0.items.isEmpty }
  }
}

/// A short note with a heading and a glyph: status with its action, what not to read, limits.
public struct NoteBox: Sendable {
  var glyph: Markup?
  var heading: String
  var paragraphs: [Markup]
  var points: [Markup]
  /// A stored property, because the templates see no other.
  var hasPoints: Bool

  /// A note of paragraphs and points.
  public init(_ heading: String, glyph: Glyph? = nil, paragraphs: [Markup] = [], points: [Markup] = []) {
    self.glyph = glyph?.markup
    self.heading = heading
    self.paragraphs = paragraphs
    self.points = points
    hasPoints = !points.isEmpty
  }
}

/// Figures side by side, with a key that says how to read them.
public struct FigureGrid: Sendable {
  struct Item: Sendable {
    var figure: Figure
    var drawing: Markup
    var caption: Markup?
  }
  /// Not called as the section's: a template looks outwards for what is missing.
  var subheading: String?
  var items: [Item]
  var key: Markup?

  /// A grid under a heading.
  public init(_ heading: String? = nil, _ figures: [(figure: Figure, caption: Markup?)], key: Markup? = nil) {
    subheading = heading
    items = figures.map { Item(figure: $0.figure, drawing: $0.figure.inline(), caption: $0.caption) }
    self.key = key
  }
}

/// Rows of maps: one parameter, three kinds of map.
public struct MapGrid: Sendable {
  /// The maps of one parameter.
  public struct Row: Sendable {
    struct Cell: Sendable {
      var title: String
      var figure: Figure
      var drawing: Markup
    }
    var parameter: Markup
    var cells: [Cell]

    /// A row with the maps under the titles of the grid.
    public init(_ parameter: Markup, _ figures: [(title: String, figure: Figure)]) {
      self.parameter = parameter
      cells = figures.map { Cell(title: $0.title, figure: $0.figure, drawing: $0.figure.inline()) }
    }
  }
  var subheading: String
  var titles: [String]
  var rows: [Row]

  /// The maps of one lesion.
  public init(_ heading: String, titles: [String], rows: [Row]) {
    (subheading, self.titles, self.rows) = (heading, titles, rows)
  }
}
