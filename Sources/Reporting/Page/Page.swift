/// A page that a person reads: one file without scripts, links to elsewhere, or anything to load.
///
/// The same page gives the same bytes.
public struct Page: Sendable {
  /// What the page is, above the title.
  public var brand: String
  /// The answer: the title of the page, line by line.
  public var headline: [Markup]
  /// Who, when, what.
  public var facts: [Fact]
  /// What must be read before anything else; nil if there is nothing.
  public var banner: Markup?
  /// The sections in their order.
  public var sections: [PageSection]
  /// True if the data were simulated: then the page says so in its title, in its top bar, and on every printed page.
  public var isSynthetic: Bool
  /// The name of the page in the window of a browser.
  public var name: String
  /// The program and its version.
  public var maker: String

  /// A page of `sections`.
  public init(
    name: String, brand: String, headline: [Markup], facts: [Fact], banner: Markup? = nil,
    sections: [PageSection],
    isSynthetic: Bool, maker: String
  ) {
    self.name = name
    self.brand = brand
    self.headline = headline
    self.facts = facts
    self.banner = banner
    self.sections = sections
    self.isSynthetic = isSynthetic
    self.maker = maker
  }

  /// The page as a file.
  ///
  /// - Throws: `brokenTemplate`, which no input can cause.
  public func html() throws(ReportError) -> String { try PageTemplates.render(Content(self)) }

  /// Every figure of the page, in its order.
  public var figures: [Figure] { sections.flatMap(\.blocks).flatMap(\.ownFigures) }

  /// What the template sees.
  private struct Content: Sendable {
    struct Entry: Sendable {
      var when: String?
      var id: String
      var label: String
    }
    let documentTitle: String
    let style = PageTemplates.style
    let printStyle: String
    let patterns = Figure.hatch
    let researchUse = Statements.researchUse
    let synthetic = Statements.synthetic
    let isSynthetic: Bool
    let brand: String
    let headline: [Markup]
    let facts: [Fact]
    let contents: [Entry]
    let banner: Markup?
    let sections: [PageSection]
    let maker: String

    init(_ page: Page) {
      documentTitle = (page.isSynthetic ? "SYNTHETIC · " : "") + "\(page.name) · IVIMBayes"
      printStyle =
        "@page{size:A4;margin:13mm 13mm 16mm;@bottom-left{content:\"\(page.isSynthetic ? "SYNTHETIC · " : "")"
        + "research use only\";font:8pt sans-serif;color:#1c1b19}"
        + "@bottom-right{content:counter(page) \" / \" counter(pages);font:8pt sans-serif;color:#1c1b19}}"
      isSynthetic = page.isSynthetic
      brand = page.brand
      headline = page.headline
      facts = page.facts
      let firstSlow = page.sections.firstIndex { !$0.isQuick }
      contents = page.sections.enumerated().map { index, section in
        let when = index == 0 && section.isQuick ? "One minute:" : index == firstSlow ? "Ten minutes:" : nil
        return Entry(when: when, id: section.id, label: section.label)
      }
      banner = page.banner
      sections = page.sections
      maker = page.maker
    }
  }
}

/// A section of a page.
public struct PageSection: Sendable {
  let id: String
  /// What the contents call it.
  let label: String
  let heading: String?
  let kind: String?
  let lede: Markup?
  let isQuick: Bool
  let blocks: [PageBlock]

  /// Where a section begins on paper.
  public enum Place: String, Sendable {
    /// The first section, under the title.
    case first
    /// On a new page.
    case newPage = "new"
    /// Where there is room, never split.
    case together = "keep"
    /// Where the one before ends.
    case following = ""
  }

  /// A section; `isQuick` ones are for the reader of one minute.
  public init(
    _ id: String, label: String, heading: String? = nil, place: Place = .following, isQuick: Bool = false,
    lede: Markup? = nil, _ blocks: [PageBlock]
  ) {
    self.id = id
    self.label = label
    self.heading = heading
    kind = place == .following ? nil : place.rawValue
    self.lede = lede
    self.isQuick = isQuick
    self.blocks = blocks
  }
}
