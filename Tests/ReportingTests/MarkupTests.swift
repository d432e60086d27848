import Testing

@testable import Reporting

/// HTML from text: what is escaped, and what never begins a line.
@Suite struct MarkupTests {
  @Test func `A per cent sign and a unit stay with their number, in literals, text and titles of columns`() {
    let literal: Markup = "a 90 % interval of <b>\("12 ms")</b>"
    #expect(literal.html == "a 90\u{a0}% interval of <b>12\u{a0}ms</b>")
    #expect(Markup("b in s/mm², D in 10⁻³ mm²/s").html == "b in\u{a0}s/mm², D in 10⁻³\u{a0}mm²/s")
    #expect(ReportTable.Column("change (90 %)").label == "change (90\u{a0}%)")
  }

  @Test func `Text is escaped, and what XML forbids is replaced`() {
    let name = "<b>&\"'\u{1}"
    let markup: Markup = "<i>\(name)</i>"
    #expect(markup.html == "<i>&lt;b&gt;&amp;&quot;&#39;\u{fffd}</i>")
  }
}
