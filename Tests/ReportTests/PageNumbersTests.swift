import Foundation
import Reporting
import Tables
import TestSupport
import Testing

@testable import Diagnostics
@testable import IVIMBayes

/// A number in the page, the table and the draws is the same number.
@Suite struct PageNumbersTests {
  static let patient = Task { try await FixturePatient.standard() }

  static func check() async throws -> PageCheck {
    let patient = try await Self.patient.value
    return try PageCheck(
      html: try patient.page(), visits: [patient.pre, patient.post], changes: patient.changes)
  }

  @Test func `Every value of the page is that of the lesion table, rounded, and that of the draws`()
    async throws
  {
    #expect(try await Self.check().checkValues() == 2 * 2 * 4 * 3)
  }

  @Test func `Every change of the page is that of changes.tsv, rounded`() async throws {
    let check = try await Self.check()
    #expect(try check.checkChanges() == 2 * 4)
    #expect(try check.checkSentences() > 1)
  }

  @Test func `Variation, computation and quality are those of the files`() async throws {
    // Five parameters have a figure (D* is prior-dominated), four runs, and two lesions in each.
    #expect(try await Self.check().checkTheRest() >= 4 + 4 + 8)
  }

  /// The same check on a page whose numbers were tampered with must fail.
  @Test func `A single changed digit is found`() async throws {
    let patient = try await Self.patient.value
    let html = try patient.page()
    let row = try #require(PageText(html: html).rows(ofSection: "grade").first)
    let number = try #require(row.cells[0].split(separator: " ").first.map(String.init))
    let digit = try #require(number.last)
    let other = number.dropLast() + (digit == "9" ? "7" : "9")
    let altered = html.replacing(">\(number) ", with: ">\(other) ")
    #expect(altered != html)
    withKnownIssue("the altered number does not match") {
      _ = try PageCheck(html: altered, visits: [patient.pre, patient.post], changes: patient.changes)
        .checkValues()
    }
  }

  @Test func `The page of delta is the page of report`() async throws {
    let patient = try await Self.patient.value
    let written = try String(
      contentsOf: patient.changes.appending(path: "changes_report.html"), encoding: .utf8)
    let page = try patient.page()
    #expect(written == page)
  }

  @Test func `Figures are drawn from the draws and the signals`() async throws {
    let patient = try await Self.patient.value
    let folder = try TemporaryFolder()
    var report = Report(patient.pre + patient.post + [patient.changes], output: folder.file("page.html"))
    report.figures = folder.file("figures")
    try report.run()
    let run = try ReportedRun(RunFolder(patient.pre[0]))
    let signals = try TabSeparatedTable.read(folder.file("figures/signal-l1-dwi.tsv"))
    let (visits, kinds) = (try signals.strings("visit"), try signals.strings("kind"))
    let values = try signals.numbers("signal")
    let drawn = visits.indices.filter { visits[$0] == "before" && kinds[$0] == "measured" }.map { values[$0] }
    #expect(drawn == run.signals.filter { $0.lesion == "1" }.map(\.signal))
  }
}

/// The folder that Examples/quickstart.sh made; nil if there is none.
enum Quickstart {
  static let folder = ProcessInfo.processInfo.environment["IVIMBAYES_QUICKSTART"].map { URL(filePath: $0) }
}

/// The same on the page that the quickstart made from simulated scans, where its folder is there.
@Suite(
  .enabled(
    if: Quickstart.folder != nil,
    "the folder of Examples/quickstart.sh is not there; set IVIMBAYES_QUICKSTART"))
struct QuickstartPageTests {
  @Test func `Every number of the quickstart's page is that of its files`() throws {
    let folder = try #require(Quickstart.folder)
    func runs(_ visit: String) -> [URL] { ["ivim", "t1"].map { folder.appending(path: "\(visit)-\($0)") } }
    let html = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
    let check = try PageCheck(
      html: html, visits: [runs("pre"), runs("post")], changes: folder.appending(path: "changes"))
    #expect(try check.checkValues() >= 2 * 2 * 3 * 3)
    #expect(try check.checkChanges() >= 2 * 3)
    #expect(try check.checkSentences() >= 1)
    #expect(try check.checkTheRest() >= 8)
    #expect(html.utf8.count < 3_000_000)
    let efficacy = folder.appending(path: "efficacy/efficacy.tsv")
    if FileManager.default.fileExists(atPath: efficacy.path) {
      let patient = try ReportedChanges(folder.appending(path: "changes")).patient
      try EfficacyPageTests.checkTable(
        PageText(html: html), rows: ReportedEfficacy(efficacy).rows(ofPatient: patient))
    }
  }

  @Test func `The pages of single fits hold their files' numbers too`() throws {
    let folder = try #require(Quickstart.folder)
    for name in ["pre-ivim", "pre-t1", "post-ivim", "post-t1"] {
      let run = folder.appending(path: name)
      let stem = try RunFolder(run).stem
      let html = try String(contentsOf: run.appending(path: "\(stem)_report.html"), encoding: .utf8)
      let check = try PageCheck(html: html, visits: [[run]], changes: nil)
      #expect(try check.checkValues() >= 2 * 3)
      #expect(try check.checkTheRest() >= 3)
    }
  }
}
