import Foundation
import Reporting
import Tables
import TestSupport
import Testing

@testable import IVIMBayes

/// Probabilities of efficacy on the page of a patient and on a page of their own.
@Suite struct EfficacyPageTests {
  static let cohort =
    "SYNTHETIC-cohort, n = 23 (12 effective, 11 ineffective), leave-one-patient-out Brier 0.181; research use only"

  /// `efficacy.tsv` as `efficacy predict` writes it; a NaN probability is withheld.
  static func table(
    patient: String, lesions: [(name: String, probability: Double)], flag: String = "protocol unknown"
  ) -> TabSeparatedTable {
    var table = TabSeparatedTable(columns: EfficacyJudging.columns, name: "efficacy.tsv")
    for (level, name, p) in [("patient", "", lesions.first?.probability ?? .nan)]
      + lesions.map({ ("lesion", $0.name, $0.probability) })
    {
      let numbers = [
        p, 0.6 * p, min(1, 1.2 * p), 0.5 * p, min(1, 1.25 * p), p - 0.21, 8.04 * p, 0.337, 0.663, 0.52,
      ].map(TabSeparatedTable.field)
      table.append(
        [level, patient, name] + numbers + [cohort, "true", flag, String(repeating: "cd", count: 32)])
    }
    return table
  }

  static func folder(_ table: TabSeparatedTable, in folder: TemporaryFolder, as name: String = "efficacy")
    throws
    -> URL
  {
    let url = folder.file(name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try Data(table.text.utf8).write(to: url.appending(path: "efficacy.tsv"))
    let record = EfficacyRecord(
      model: String(repeating: "cd", count: 32), judged: ["changes"], isSynthetic: true, version: "1.2.3",
      statement: IVIMBayesVersion.researchUse)
    try Data(record.text().utf8).write(to: url.appending(path: EfficacyRecord.name))
    return url
  }

  /// Every cell of the table of probabilities against its row; `strips` is 1 if each row has its drawing.
  static func checkTable(_ page: PageText, rows: [ReportedEfficacy.Row], strips: Int = 0) throws {
    let shown = page.rows(ofSection: "eff")
    #expect(shown.count == rows.count)
    for (line, row) in zip(shown, rows) {
      guard row.probability.isFinite else {
        #expect(line.cells.count == 1 && line.cells[0].hasPrefix("none printed"))
        continue
      }
      let cells = [line.cells[0]] + line.cells.dropFirst(1 + strips)
      let parts = cells[0].split(separator: "(").map(String.init)
      #expect(PageCheck.isProbability(parts[0], of: row.probability), "\(cells[0])")
      for (text, low, high) in [
        (String(parts[1].dropLast()), row.lower, row.upper), (cells[1], row.knownLow, row.knownHigh),
      ] {
        let ends = text.components(separatedBy: " to ")
        #expect(
          PageCheck.isProbability(ends[0], of: low) && PageCheck.isProbability(ends[1], of: high), "\(text)")
      }
      #expect(
        row.logistic.isFinite ? PageCheck.isProbability(cells[2], of: row.logistic) : cells[2] == "none")
      #expect(PageCheck.isRounded(try #require(PageText.numbers(cells[3]).first), of: row.bayesFactor))
      let shares = PageText.numbers(cells[4])
      #expect(zip(shares, [100 * row.imagingShare, 100 * row.cohortShare]).allSatisfy(PageCheck.isRounded))
      #expect(PageCheck.isProbability(cells[5], of: row.prevalence))
      #expect(cells[6] == (row.flags.isEmpty ? "none" : row.flags.joined(separator: "; ")))
    }
  }

  @Test func `A patient's page has the probability with everything that qualifies it`() async throws {
    let patient = try await FixturePatient.standard()
    let table = Self.table(
      patient: "P1", lesions: [("right upper lobe", 0.83), ("hilar node", 0.31)], flag: "model-dependent")
    let efficacy = try Self.folder(table, in: patient.folder)
    let html = try patient.page(adding: [efficacy])
    try PageFormTests.expectSound(html, "efficacy")
    let page = PageText(html: html)
    try Self.checkTable(page, rows: ReportedEfficacy(efficacy.appending(path: "efficacy.tsv")).rows)
    for words in [
      "0.83 0.50 to >0.99 90 % interval, cohort model", "Cohort: \(Self.cohort).",
      "Prevalence 0.52, Bayes factor 6.7. Concurrent assessment, not prediction.",
      "Model-dependent: a second model (logistic with errors in variables) gives 0.62.",
    ] { #expect(page.text.contains(words), "\(words)") }
    for never in ["responder", "predicts", "success", "improved"] {
      #expect(!page.text.lowercased().contains(never))
    }
  }

  @Test func `Probabilities of another patient are refused, those of a stranger among them not shown`()
    async throws
  {
    let patient = try await FixturePatient.standard()
    let other = try Self.folder(
      Self.table(patient: "P2", lesions: [("right upper lobe", 0.9)]), in: patient.folder, as: "other")
    #expect(throws: RunError.self) { try patient.page(adding: [other]) }
    var both = Self.table(patient: "P2", lesions: [("right upper lobe", 0.91)])
    for row in Self.table(patient: "P1", lesions: [("right upper lobe", 0.42)]).rows {
      both.append(row.fields)
    }
    let page = PageText(html: try patient.page(adding: [Self.folder(both, in: patient.folder, as: "both")]))
    #expect(page.text.contains("0.42 0.25 to 0.50") && page.rows(ofSection: "eff").count == 2)
  }

  @Test func `A judgement has a page of its own, with the numbers of its table`() throws {
    let folder = try TemporaryFolder()
    var table = Self.table(patient: "<P1> & \"co\"", lesions: [("a <b>", 0.83), ("ł 肺", .nan)])
    for row in Self.table(patient: "P2", lesions: [("1", 0.004)], flag: "exploratory").rows {
      table.append(row.fields)
    }
    let url = try Self.folder(table, in: folder)
    let out = folder.file("page.html")
    try Report([url], output: out).run()
    let html = try String(contentsOf: out, encoding: .utf8)
    try PageFormTests.expectSound(html, "judgement")
    let page = PageText(html: html)
    try Self.checkTable(
      page, rows: ReportedEfficacy(url.appending(path: "efficacy.tsv")).rows, strips: 1)
    #expect(
      page.text.contains("Patient <P1> & \"co\": probability of efficacy 0.83 (90 % interval 0.50 to >0.99).")
    )
    #expect(page.text.contains("Exploratory: fewer than 10 patients in a class of the cohort."))
    #expect(html.contains("<title>SYNTHETIC · "))
  }

  @Test func `Many patients are counted in the title and listed in the table`() throws {
    let folder = try TemporaryFolder()
    var table = Self.table(patient: "P0", lesions: [("1", 0.5)])
    for index in 1..<60 {
      for row in Self.table(patient: "P\(index)", lesions: [("1", 0.01 + 0.016 * Double(index))]).rows {
        table.append(row.fields)
      }
    }
    let url = try Self.folder(table, in: folder)
    try Report([url], output: folder.file("page.html")).run()
    let html = try String(contentsOf: folder.file("page.html"), encoding: .utf8)
    try PageFormTests.expectSound(html, "many")
    #expect(PageText(html: html).text.contains("60 of 60 patients judged"))
    #expect(PageText(html: html).rows(ofSection: "eff").count == 120)
  }
}
