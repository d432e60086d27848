import Foundation
import Reporting
import TestSupport
import Testing

@testable import IVIMBayes

/// What every page keeps: safe, whole, readable, whatever the names and the numbers.
@Suite struct PageFormTests {
  static func singlePage(_ run: FixtureRun) throws -> String {
    let folder = try TemporaryFolder()
    let url = try run.write(in: folder, as: "run")
    let out = folder.file("page.html")
    return try withExtendedLifetime(folder) {
      try Report([url], output: out).run()
      return try String(contentsOf: out, encoding: .utf8)
    }
  }

  /// Ids once, references met, nothing that loads or runs, statements word for word.
  static func expectSound(_ html: String, _ comment: Comment) throws {
    func all(_ pattern: String) throws -> [String] {
      html.matches(of: try Regex(pattern, as: (Substring, Substring).self)).map { String($0.output.1) }
    }
    let ids = try all(#"\sid="([^"]*)""#)
    #expect(Set(ids).count == ids.count, comment)
    for reference in try all(#"aria-labelledby="([^"]*)""#).flatMap({
      $0.split(separator: " ").map(String.init)
    })
      + all("href=\"#([^\"]*)\"") + all(#"url\(#([^)]*)\)"#)
    { #expect(ids.contains(reference), "\(reference)") }
    for forbidden in [
      "<script", "javascript:", "http://", "https://", "<link", "<iframe", "onload=", "@import",
    ] {
      #expect(!html.lowercased().contains(forbidden), comment)
    }
    let targets = try all(#"href="([^"]*)""#)
    #expect(
      targets.allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("data:image/png;base64,") },
      comment)
    #expect(html.contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:"), comment)
    #expect(html.components(separatedBy: Statements.researchUse).count == 3, "top and end")
    #expect(html.utf8.count < 3_000_000, comment)
    let opened = html.matches(of: #/<(?:svg|section|table|tr|td|div|figure|article)[ >]/#).count
    let closed = html.matches(of: #/</(?:svg|section|table|tr|td|div|figure|article)>/#).count
    #expect(opened == closed, comment)
  }

  @Test func `Names of any characters stand as they are, and nothing of them becomes markup`() async throws {
    let names = [
      "<b>&\"quoted\"</b> 'x'", "Lungenflügel łąka 肺 🫁",
      String(repeating: "long ", count: 40) + "<script>alert(1)</script>",
    ]
    let html = try PageFormTests.singlePage(.diffusion(names))
    try Self.expectSound(html, "names")
    let text = PageText(html: html).text
    #expect(text.contains("Lesion <b>&\"quoted\"</b> 'x'") && text.contains("Lungenflügel łąka 肺 🫁"))
    let patient = try await FixturePatient.standard(names: Array(names.prefix(2)))
    try Self.expectSound(try patient.page(), "names of changes")
  }

  @Test func `One lesion and sixty: sound, and small`() throws {
    let one = try Self.singlePage(.diffusion(["only"]))
    try Self.expectSound(one, "one")
    #expect(one.contains("class=\"card\""))
    let sixty = try Self.singlePage(.diffusion((1...60).map { "lesion \($0)" }))
    try Self.expectSound(sixty, "sixty")
    #expect(PageText(html: sixty).text.contains("60 lesions measured"))
    #expect(PageText(html: sixty).rows(ofSection: "grade").count == 60 * 5)
    let five = try Self.singlePage(.diffusion((1...5).map { "lesion \($0)" }))
    #expect(five.utf8.count < 1_000_000)
  }

  @Test func `A prior-dominated quantity has no value anywhere`() async throws {
    let html = try await FixturePatient.standard().page()
    let text = PageText(html: html).text
    #expect(text.contains("D* of every lesion: not informed by these data"))
    for row in PageText(html: html).rows(ofSection: "grade") where row.head.hasPrefix("D*") {
      #expect(row.cells[0] == "none printed" && row.cells[4] == "none printed")
    }
    // Labels, titles and descriptions of drawings included.
    for sentence in html.matches(of: #/<(?:title|desc)[^>]*>([^<]*)</#).map({ String($0.output.1) })
    where sentence.contains("D*") { #expect(!sentence.contains(#/[0-9]+\.[0-9]/#), "\(sentence)") }
    var silent = FixtureRun.diffusion(["quiet"])
    for name in ["adc", "d", "f"] { silent.lesions[0].grades[name] = .priorDominated }
    let quiet = try Self.singlePage(silent)
    try Self.expectSound(quiet, "all prior-dominated")
    #expect(PageText(html: quiet).text.contains("Lesion quiet: no parameter can be interpreted."))
  }

  @Test func `Two visits put no tags into the text, and each heading once`() async throws {
    let html = try await FixturePatient.standard().page()
    #expect(!html.contains("&lt;span") && !html.contains("&lt;b&gt;"))
    let headings = html.matches(of: #/<h2[^>]*>(.*?)<\/h2>/#).map { String($0.output.1) }
    #expect(Set(headings).count == headings.count, "\(headings)")
    // A head of a column is never empty: axe-core calls that a fault.
    #expect(html.matches(of: #/<th[^>]*><\/th>/#).isEmpty)
  }

  @Test func `Sixty lesions at two visits stay below 3 MB, counted in the title`() async throws {
    let names = (1...60).map { "node \($0)" }
    let scale = (1...60).map { 1 + 0.01 * Double($0 % 30) }
    let patient = try await FixturePatient(
      pre: [.diffusion(names)], post: [.diffusion(names, stem: "sub-P1_ses-post", scale: scale, seed: 3)])
    let start = ContinuousClock.now
    let html = try patient.page()
    print("page of 60 lesions at two visits: \(html.utf8.count / 1000) kB in \(ContinuousClock.now - start)")
    try Self.expectSound(html, "sixty at two visits")
    #expect(PageText(html: html).text.contains("of 60 lesions changed beyond scan-to-scan variation."))
    #expect(PageText(html: html).rows(ofSection: "change").count == 60 * 4)
  }

  @Test func `A new lesion that carries the label of one that is gone is another lesion`() async throws {
    let match = "pre\tpost\tname\n1\t1\tstays\n2\tn/a\tgone\nn/a\t2\tnew\n"
    let patient = try await FixturePatient(
      pre: [.diffusion(["stays", "gone"])],
      post: [.diffusion(["stays", "new"], stem: "sub-P1_ses-post", scale: [1.2, 1], seed: 3)], match: match)
    let html = try patient.page()
    try Self.expectSound(html, "labels")
    let text = PageText(html: html).text
    #expect(text.contains("Lesion gone: no value after.") && text.contains("Lesion new: no value before."))
    #expect(text.contains("Lesion stays: no change beyond scan-to-scan variation."))
  }

  @Test func `A time without end is told and drawn`() throws {
    var run = FixtureRun.t1(["x"])
    run.method = "sasha"
    run.times = [0.1, 0.4, 0.9, 1.6, .infinity]
    let html = try Self.singlePage(run)
    try Self.expectSound(html, "infinite")
    #expect(PageText(html: html).text.contains("0.1, 0.4, 0.9, 1.6, ∞ s"))
    #expect(html.contains(">∞</text>") && !html.contains("\"inf") && !html.contains("nan,"))
  }

  @Test func `A lesion without a partner has no value, and no zero`() async throws {
    let patient = try await FixturePatient(
      pre: [.diffusion(["stays", "goes"])],
      post: [.diffusion(["stays"], stem: "sub-P1_ses-post", scale: [1.2], seed: 3)])
    let html = try patient.page()
    try Self.expectSound(html, "missing")
    let text = PageText(html: html).text
    #expect(text.contains("Lesion goes: no value after."))
    for row in PageText(html: html).rows(ofSection: "change") where row.group.hasSuffix("goes") {
      #expect(
        row.cells.joined() == "one visit only" + "none printed" + "––" + " none"
          || row.cells[0] == "one visit only")
      #expect(!row.cells.joined().contains { $0.isNumber })
    }
  }

  @Test func `A failed run stands above everything, with what to do`() throws {
    var run = FixtureRun.diffusion(["bad"])
    run.verdict = .fail
    run.lesions[0].status = .fail
    run.flags = [
      [
        "not-mixed", "d mean of bad", "fail", "R-hat 1.200 (limit 1.010)",
        "run longer: raise --max-draws or --min-ess",
      ]
    ]
    let html = try Self.singlePage(run)
    try Self.expectSound(html, "failed")
    let text = PageText(html: html).text
    let banner = try #require(text.range(of: "Do not use the numbers on this page"))
    let cards = try #require(text.range(of: "Lesion bad label 1"))
    #expect(banner.lowerBound < cards.lowerBound)
    #expect(text.contains("Computation: FAIL") && text.contains("R-hat 1.200 (limit 1.010)"))
    #expect(html.contains("Chains of the flagged quantities") && html.contains("class=\"muted\""))
  }

  @Test func `Simulated data are stamped in title, bar, charts and print, real ones nowhere`() throws {
    let stamped = try Self.singlePage(.diffusion(["x"]))
    #expect(stamped.contains("<title>SYNTHETIC · ") && stamped.contains("class=\"stamp\">SYNTHETIC"))
    #expect(stamped.contains("content:\"SYNTHETIC · research use only\""))
    for panel in stamped.components(separatedBy: "<svg class=\"panel\"").dropFirst() {
      #expect(panel.prefix { _ in true }.components(separatedBy: "</svg>")[0].contains(">SYNTHETIC<"))
    }
    var real = FixtureRun.diffusion(["x"])
    real.isSynthetic = false
    let measured = try Self.singlePage(real)
    #expect(!measured.contains("SYNTHETIC"))
  }

  @Test func `Without draws, without cohort and twice over: the page is whole, says so, and is the same`()
    async throws
  {
    var run = FixtureRun.diffusion(["x"])
    run.keepsDraws = false
    let html = try Self.singlePage(run)
    try Self.expectSound(html, "no draws")
    #expect(!html.contains("id=\"post\"") && html.contains("id=\"maps\""))
    let patient = try await FixturePatient.standard()
    let page = try patient.page()
    let again = try patient.page()
    #expect(page == again)
    #expect(PageText(html: page).text.contains("No cohort was given, so there is no probability."))
  }

  @Test func `Figures are kept as drawings that stand alone, with their data`() throws {
    let folder = try TemporaryFolder()
    let url = try FixtureRun.diffusion(["x"]).write(in: folder, as: "run")
    var report = Report([url], output: folder.file("page.html"))
    report.figures = folder.file("figures")
    try report.run()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("figures").path).sorted()
      .filter { $0 != ".ivimbayes.json" }
    #expect(names.contains("density-l1-adc.svg") && names.contains("map-l1-dstar-median.tsv"))
    #expect(names.contains("signal-l1-dwi.tsv") && names.count % 2 == 0)
    let drawing = try String(contentsOf: folder.file("figures/density-l1-adc.svg"), encoding: .utf8)
    #expect(drawing.hasPrefix("<svg xmlns=") && drawing.contains("<pattern id=\"hatch\""))
  }

  @Test func `The text of a page changes only when it is meant to`() async throws {
    let text = PageText(html: try await FixturePatient.standard().page()).text
      .replacing(#/[0-9a-f]{64}/#, with: "DIGEST")
      .replacing(IVIMBayesVersion.current, with: "VERSION")
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/patient-page.txt")
    if ProcessInfo.processInfo.environment["IVIMBAYES_WRITE_GOLDEN"] != nil {
      try Data(text.utf8).write(to: file)
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    #expect(text == golden)
  }
}
