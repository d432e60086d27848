import Cohort
import Foundation
import GSLSupport
import Tables
import TestSupport
import Testing

@testable import IVIMBayes
@testable import Reporting

/// The page of a cohort and the bands of its curves.
@Suite struct CohortPageTests {
  static func page(classes: (Int, Int)) throws -> String {
    let folder = try TemporaryFolder()
    var cohort = TabSeparatedTable(
      columns: ["patient", "lesion", "outcome", "pre_adc", "post_adc"], name: "cohort")
    var stream = RandomStream(StreamKey(seed: 5, purpose: .simulation))
    for index in 0..<(classes.0 + classes.1) {
      let isEffective = index < classes.0
      let before = 1.1e-3 * exp(0.1 * stream.normal())
      let after = before * exp((isEffective ? 0.2 : 0.02) + 0.1 * stream.normal())
      cohort.append(
        ["<p\(index)>", "1", isEffective ? "PR" : "SD"] + [before, after].map(TabSeparatedTable.field))
    }
    var groups = TabSeparatedTable(
      columns: [
        "grouping", "feature", "group_a", "n_a", "mean_a", "sd_a", "group_b", "n_b", "mean_b", "sd_b",
        "mann_whitney_p",
        "welch_p", "hedges_g", "bayes_difference", "bayes_q05", "bayes_q95", "p_holm", "p_bh",
      ], name: "groups.tsv")
    groups.append([
      "response", "delta_adc", "effective", "\(classes.0)", "0.2", "0.15", "ineffective", "\(classes.1)",
      "0.02", "0.14",
      "0.0004", "0.001", "1.68", "0.199", "0.11", "0.285", "0.0032", "0.0032",
    ])
    groups.append([
      "response", "pre_adc", "effective", "\(classes.0)", "0.0011", "0.00012", "ineffective", "\(classes.1)",
      "0.00112",
      "0.00011", "0.79", "0.81", "-0.04", "-0.00002", "-0.0001", "0.00008", "1", "0.79",
    ])
    var roc = TabSeparatedTable(
      columns: ["grouping", "feature", "direction", "auc", "delong_low", "delong_high", "lopo_auc"],
      name: "roc.tsv")
    roc.append(["response", "delta_adc", "higher", "0.886", "0.69", "0.97", "0.86"])
    let tables = folder.file("SYNTHETIC-tables")
    try FileManager.default.createDirectory(at: tables, withIntermediateDirectories: true)
    for table in [groups, roc] { try Data(table.text.utf8).write(to: tables.appending(path: table.name)) }
    var report = Report([tables], output: folder.file("cohort.html"))
    report.cohort = try folder.write(cohort.text, as: "SYNTHETIC-cohort.tsv")
    return try withExtendedLifetime(folder) {
      try report.run()
      return try String(contentsOf: report.output, encoding: .utf8)
    }
  }

  @Test func `Differences, p values and areas are those of the tables, rounded`() throws {
    let html = try Self.page(classes: (11, 12))
    try PageFormTests.expectSound(html, "cohort")
    let page = PageText(html: html)
    #expect(page.text.contains("Δ ADC differs between the outcome groups after Holm correction."))
    let rows = page.rows(ofSection: "groups")
    #expect(rows.map(\.head) == ["Δ ADC", "ADC before 10⁻³ mm²/s"])
    #expect(
      rows[0].cells == [
        "+22 % (SD 0.15), n = 11", "+2 % (SD 0.14), n = 12", "+22 % (+12 to +33)", "+1.7", "<0.001", "0.001",
        "0.003", "0.003",
      ])
    #expect(rows[1].cells[0] == "1.10 (SD 0.12), n = 11" && rows[1].cells[2] == "−0.020 (−0.100 to +0.080)")
    #expect(page.text.contains("Δ ADC: 0.89 (0.69 to 0.97)"))
    for name in ["roc-delta-adc", "lines-adc"] { #expect(html.contains("id=\"fig-\(name)-t\"")) }
    #expect(!html.contains("Exploratory"))
  }

  @Test func `A class of five to nine is called exploratory`() throws {
    let html = try Self.page(classes: (6, 9))
    #expect(PageText(html: html).text.contains("Exploratory: 6 in the smaller group."))
  }

  @Test func `The area under a drawn curve is the AUC, and its band narrows with patients`() throws {
    func scores(_ count: Int) throws -> ClassScores {
      var stream = RandomStream(StreamKey(seed: 9, purpose: .simulation))
      return try #require(
        ClassScores(
          positives: (0..<count).map { _ in (stream.normal() + 1).rounded(toPlaces: 1) },
          negatives: (0..<count).map { _ in stream.normal().rounded(toPlaces: 1) }))
    }
    let small = try scores(12)
    let curve = CohortBands.curve(small)
    let area = zip(curve, curve.dropFirst()).reduce(0) { sum, step in
      sum + (step.1.falsePositive - step.0.falsePositive) * (step.1.truePositive + step.0.truePositive) / 2
    }
    #expect(abs(area - small.auc) < 1e-12)
    func width(_ scores: ClassScores) -> Double {
      CohortBands.band(scores, seed: 1).reduce(0) { $0 + $1.upper - $1.lower }
    }
    #expect(width(try scores(120)) < 0.5 * width(small))
  }
}

extension Double {
  fileprivate func rounded(toPlaces places: Int) -> Double {
    let factor = pow(10, Double(places))
    return (self * factor).rounded() / factor
  }
}
