import Foundation
import Tables
import TestSupport
import Testing

@testable import Reporting

/// Parts of a page as HTML, each on a page of its own.
@Suite struct PageBlockTests {
  private func html(_ blocks: [PageBlock], banner: Markup? = nil, isSynthetic: Bool = false) throws -> String
  {
    let section = PageSection("one", label: "One & only", heading: "First", isQuick: true, blocks)
    return try page([section], banner: banner, isSynthetic: isSynthetic).html()
  }

  private func page(_ sections: [PageSection], banner: Markup? = nil, isSynthetic: Bool = false) -> Page {
    Page(
      name: "P<1>", brand: "test", headline: ["A line"], facts: [Fact("Scan", "pre")], banner: banner,
      sections: sections, isSynthetic: isSynthetic, maker: "ivimbayes 1")
  }

  private func figure(_ name: String) -> Figure {
    Figure(
      name: name, title: "Title of \(name)", description: "d", width: 10, height: 10, canvas: SVGCanvas(),
      data: TabSeparatedTable(columns: ["x"]))
  }

  @Test func `A table has a heading for each column, groups across it, and cells that know their column`()
    throws
  {
    var table = ReportTable(
      [.init(""), .init("Median"), .init("90 % interval")], caption: "Values <of> \("a&b")")
    #expect(table.isEmpty)
    table.addGroup("Lesion 1")
    table.addRow("ADC", [.init("1.2"), .init("1.1 to 1.3")])
    table.addRow("D*", [.init("not informed", span: 2)], isMuted: true)
    let html = try html([.table(table)])
    #expect(html.contains("<caption>Values <of> a&amp;b</caption>"))
    #expect(html.contains("colspan=\"3\" scope=\"rowgroup\"") && html.contains(">Lesion 1</th>"))
    #expect(html.contains("data-label=\"Median\"><span class=\"v\">1.2</span>"))
    #expect(html.contains("data-label=\"\" colspan=\"2\"><span class=\"v\">not informed</span>"))
    #expect(html.contains("<tr role=\"row\" class=\"muted\"><th scope=\"row\" role=\"rowheader\">D*</th>"))
    // A column without a title is named for those who do not see it.
    #expect(html.contains("<span class=\"sr\">of what</span>"))
  }

  @Test func `Drawings in cells and grids are the figures of the page, in its order`() throws {
    var table = ReportTable([.init("a"), .init("b"), .init("c"), .init("d")], caption: "")
    table.addAxis(figure("axis"))
    table.addRow("x", [.init("1"), .strip(figure("strip")), .init("2")])
    let grid = FigureGrid(
      "Curves", [(figure("curve"), "caption"), (figure("other"), nil)], key: "how to read")
    let maps = MapGrid("Lesion 1", titles: ["median"], rows: [.init("ADC", [("median", figure("map"))])])
    let page = page([
      PageSection("s", label: "s", [.figures(grid), .maps(maps), .table(table), .prose("text")])
    ])
    #expect(page.figures.map(\.name) == ["curve", "other", "map", "strip"])
    let html = try page.html()
    #expect(html.contains("<h3>Curves</h3>") && html.contains("<div class=\"key\">how to read</div>"))
    #expect(html.components(separatedBy: "<figcaption>caption</figcaption>").count == 2)
    #expect(html.contains("fig-axis-t") && html.contains("class=\"strip\""))
  }

  @Test func `Facts stand in two columns, the first the longer, and one alone in one`() throws {
    func columns(_ count: Int) throws -> Int {
      let facts = (0..<count).map { Fact("term \($0)", "value") }
      return try html([.list(facts)]).components(separatedBy: "<dl class=\"kv\">").count - 1
    }
    #expect(try columns(1) == 1 && columns(5) == 2 && columns(0) == 0)
    #expect(FactList((0..<5).map { Fact("\($0)", "v") }).columns.map(\.items.count) == [3, 2])
  }

  @Test func `A card says its flags and its probability only where it has them`() throws {
    let bare = try html([
      .cards([LesionCard(id: "c1", title: "Lesion <1>", subtitle: "", sentence: "ADC rose")])
    ])
    #expect(
      bare.contains("Lesion &lt;1&gt;") && !bare.contains("<ul class=\"flags\">")
        && !bare.contains("class=\"eff\""))
    let withheld = try html([
      .cards([
        LesionCard(
          id: "c1", title: "L", subtitle: "s", sentence: "x", question: "What",
          flags: [.init(.warning, "look")],
          efficacy: .init(heading: "Probability", sentences: ["too few patients"]))
      ])
    ])
    #expect(withheld.contains("<span>look</span>") && withheld.contains("<p>too few patients</p>"))
    #expect(!withheld.contains("Where its uncertainty comes from"))
    let given = try html([
      .cards([
        LesionCard(
          id: "c1", title: "L", subtitle: "s", sentence: "x",
          efficacy: .init(heading: "Probability", probability: "0.82", interval: "0.6 to 0.9", sentences: []))
      ])
    ])
    #expect(
      given.contains("<span class=\"big\">0.82</span>") && given.contains("Where its uncertainty comes from"))
  }

  @Test func `Notes have points only if there are any, and a quotation its paragraphs`() throws {
    let html = try html([
      .boxes([NoteBox("Limits", glyph: .open, paragraphs: ["one"]), NoteBox("To do", points: ["a", "b"])]),
      .quotation(["first", "second"]),
    ])
    #expect(html.components(separatedBy: "<ul><li>a</li><li>b</li></ul>").count == 2)
    #expect(html.contains("<blockquote><p>first</p><p>second</p></blockquote>"))
  }

  @Test func `The contents tell the reader of one minute from the reader of ten, once each`() throws {
    let html = try page([
      PageSection("a", label: "Answer", isQuick: true, []),
      PageSection("b", label: "Flags", isQuick: true, []),
      PageSection("c", label: "Curves", []), PageSection("d", label: "Methods", []),
    ]).html()
    #expect(html.components(separatedBy: "One minute:").count == 2)
    #expect(html.components(separatedBy: "Ten minutes:").count == 2)
    for id in ["a", "b", "c", "d"] { #expect(html.contains("href=\"#\(id)\"")) }
  }

  @Test func `A banner, a name and the stamp of simulated data stand where they belong`() throws {
    let plain = try html([]), stamped = try html([], banner: "<b>Stop</b>", isSynthetic: true)
    #expect(plain.contains("<title>P&lt;1&gt; · IVIMBayes</title>") && !plain.contains("SYNTHETIC"))
    #expect(stamped.contains("<title>SYNTHETIC · P&lt;1&gt; · IVIMBayes</title>"))
    #expect(stamped.contains("<b>Stop</b>") && stamped.contains(Statements.synthetic))
    #expect(plain.contains("One &amp; only") && plain.contains(Statements.researchUse))
  }

  @Test func `Every glyph is a drawing of its own, hidden from those who hear the words`() {
    let drawings = Glyph.allCases.map(\.markup.html)
    #expect(Set(drawings).count == Glyph.allCases.count)
    #expect(drawings.allSatisfy { $0.contains("aria-hidden=\"true\"") && $0.hasSuffix("</svg>") })
  }

  @Test func `Pieces of markup are put together as they are, texts escaped`() {
    let text = "b < c"
    let parts: [Markup] = ["<i>a</i>", Markup(text)]
    #expect(
      parts.joined(", ").html == "<i>a</i>, b &lt; c" && (parts[0] + parts[1]).html == "<i>a</i>b &lt; c")
    #expect(Markup("").isEmpty && Markup(html: "<br>").description == "<br>")
    let count = 3
    #expect(("\(count) of \("<4>")" as Markup).html == "3 of &lt;4&gt;")
    #expect(Markup.escaped("it's 5 ms at b = 50 s/mm²") == "it&#39;s 5\u{a0}ms at b = 50\u{a0}s/mm²")
  }
}
