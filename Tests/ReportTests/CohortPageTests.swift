import Cohort
import Foundation
import GSLSupport
import Lesions
import Tables
import TestSupport
import Testing

@testable import IVIMBayes
@testable import Reporting

/// The page of a cohort and the bands of its curves.
@Suite struct CohortPageTests {
  /// Holds the numbers of a page against the tables of its folder; the number of rows compared.
  static func check(_ page: PageText, _ folder: URL) throws -> Int {
    func table(_ name: String) throws -> TableColumns {
      TableColumns(try TabSeparatedTable.read(folder.appending(path: name)))
    }
    let (groups, roc, paired) = (try table("groups.tsv"), try table("roc.tsv"), try table("paired.tsv"))
    let shownGroups = page.rows(ofSection: "groups")
    #expect(shownGroups.count == groups.rows.count)
    for (line, row) in zip(shownGroups, groups.rows) {
      for (cell, side) in zip(line.cells, ["a", "b"]) {
        #expect(cell.hasSuffix("n = \(groups.text("n_\(side)", row))"), "\(cell)")
        let value = try #require(PageText.numbers(cell).first)
        let mean = groups.number("mean_\(side)", row)
        let feature = groups.text("feature", row)
        let exact =
          feature.hasPrefix("delta")
          ? 100 * (exp(mean) - 1) : mean * (PageCheck.factors[feature.hasSuffix("f") ? "f" : "ADC"] ?? 1)
        #expect(PageCheck.isRounded(value, of: exact), "\(line.head): \(cell)")
      }
      try expectChange(
        line.cells[2], of: groups.text("feature", row),
        ["bayes_difference", "bayes_q05", "bayes_q95"].map { groups.number($0, row) })
      let pValues = ["mann_whitney_p", "welch_p", "p_holm", "p_bh"].map { groups.number($0, row) }
      for (cell, exact) in zip(line.cells.suffix(4), pValues) {
        let shown = try #require(PageText.numbers(cell).first)
        #expect(cell.hasPrefix("<") ? exact < 0.001 : PageCheck.isRounded(shown, of: exact), "\(cell)")
      }
    }
    let shownCurves = page.rows(ofSection: "roc")
    #expect(shownCurves.count == roc.rows.count)
    for (line, row) in zip(shownCurves, roc.rows) {
      let parts = line.cells[0].components(separatedBy: " (")
      #expect(PageCheck.isProbability(parts[0], of: roc.number("auc", row)))
      #expect(PageCheck.isProbability(parts[1], of: roc.number("delong_low", row)))
      let latent = roc.number("latent_auc", row)
      #expect(latent.isFinite ? PageCheck.isProbability(line.cells[1], of: latent) : line.cells[1] == "–")
      #expect(PageCheck.isProbability(line.cells[2], of: roc.number("lopo_auc", row)))
      #expect(line.cells[3] == roc.text("direction", row))
    }
    let shownPairs = page.rows(ofSection: "lines")
    #expect(shownPairs.count == paired.rows.count)
    for (line, row) in zip(shownPairs, paired.rows) {
      #expect(line.cells[0] == paired.text("n", row))
      let parameter = paired.text("parameter", row)
      let factor = PageCheck.factors[parameter == "f" ? "f" : parameter == "t1" ? "T1" : "ADC"] ?? 1
      let means = ["mean_pre", "mean_post"].map { paired.number($0, row) * factor }
      #expect(
        zip(PageText.numbers(line.cells[1]), means).allSatisfy(PageCheck.isRoundedValue), "\(line.cells[1])")
      try expectChange(
        line.cells[2], of: "delta_\(parameter)",
        ["bayes_change", "bayes_q05", "bayes_q95"].map { paired.number($0, row) })
      for (cell, column) in zip(line.cells.suffix(4), ["paired_t_p", "wilcoxon_p", "p_holm", "p_bh"]) {
        let exact = paired.number(column, row), shown = try #require(PageText.numbers(cell).first)
        #expect(cell.hasPrefix("<") ? exact < 0.001 : PageCheck.isRounded(shown, of: exact), "\(cell)")
      }
    }
    return shownGroups.count + shownCurves.count + shownPairs.count
  }

  /// Median and interval of a difference: in percent if it is one of logarithms, else in the unit of display.
  private static func expectChange(_ cell: String, of feature: String, _ exact: [Double]) throws {
    guard exact.allSatisfy(\.isFinite) else {
      #expect(cell == "–")
      return
    }
    let shown = PageText.numbers(cell.replacing("+", with: ""))
    #expect(shown.count == 3, "\(cell)")
    let isLogit = feature.hasSuffix("_f")
    let factor = PageCheck.factors[isLogit ? "f" : feature.hasSuffix("t1") ? "T1" : "ADC"] ?? 1
    for (number, exact) in zip(shown, exact) {
      let value = feature.hasPrefix("delta") ? (isLogit ? exact : 100 * (exp(exact) - 1)) : exact * factor
      #expect(PageCheck.isRounded(number, of: value), "\(feature): \(cell)")
    }
  }

  @Test func `Every number of the page is that of its tables, rounded`() throws {
    let folder = try TemporaryFolder()
    let url = try FixtureCohort().write(in: folder)
    var report = Report([url], output: folder.file("page.html"))
    report.figures = folder.file("figures")
    try report.run()
    let html = try String(contentsOf: report.output, encoding: .utf8)
    try PageFormTests.expectSound(html, "cohort")
    let page = PageText(html: html)
    // Six features in two groupings, six curves, two parameters in five groups.
    #expect(try Self.check(page, url) == 12 + 6 + 10)
    #expect(page.text.contains("Δ ADC"))
    for name in ["roc-delta-adc", "lines-adc", "lines-t1", "left-out", "calibration"] {
      #expect(html.contains("id=\"fig-\(name)-t\""), "\(name)")
    }
    #expect(!html.contains("Exploratory"))
    // The area under a drawn curve is the AUC of the table: figures are of patients, as the tables are.
    let roc = TableColumns(try TabSeparatedTable.read(url.appending(path: "roc.tsv")))
    for row in roc.rows {
      let name = roc.text("feature", row).replacing("_", with: "-")
      let data = try TabSeparatedTable.read(folder.file("figures/roc-\(name).tsv"))
      let kinds = try data.strings("kind")
      let (x, y) = (try data.numbers("false_positive"), try data.numbers("true_positive"))
      let corners = kinds.indices.filter { kinds[$0] == "curve" }
      let area = zip(corners, corners.dropFirst()).reduce(0) { sum, step in
        sum + (x[step.1] - x[step.0]) * (y[step.1] + y[step.0]) / 2
      }
      #expect(abs(area - roc.number("auc", row)) < 1e-9, "\(name)")
    }
    let drawn = try TabSeparatedTable.read(folder.file("figures/left-out.tsv"))
    let stored = try TabSeparatedTable.read(url.appending(path: "left-out.tsv"))
    #expect(try drawn.numbers("probability").sorted() == stored.numbers("p_effective").sorted())
  }

  @Test func `Left-out figures of the page are those of the left-out probabilities`() throws {
    let folder = try TemporaryFolder()
    let url = try FixtureCohort().write(in: folder)
    try Report([url], output: folder.file("page.html")).run()
    let text = PageText(html: try String(contentsOf: folder.file("page.html"), encoding: .utf8)).text
    let left = try #require(CohortLeftOut(try TabSeparatedTable.read(url.appending(path: "left-out.tsv"))))
    let match = try #require(text.firstMatch(of: #/Brier score ([0-9.]+), skill ([−0-9.]+)/#))
    let shown = [match.output.1, match.output.2].compactMap { PageText.numbers(String($0)).first }
    #expect(zip(shown, [left.scores.brier, left.scores.brierSkill]).allSatisfy(PageCheck.isRounded))
    let auc = try #require(text.firstMatch(of: #/Left-out AUC ([<>0-9.]+)/#))
    #expect(PageCheck.isProbability(String(auc.output.1), of: try #require(left.scores.classScores).auc))
  }

  @Test func `A class of five to nine is called exploratory`() throws {
    let html = try FixtureCohort(effective: 6, ineffective: 9).page()
    try PageFormTests.expectSound(html, "exploratory")
    #expect(PageText(html: html).text.contains("Exploratory: 6 patients in the smaller group."))
  }

  @Test func `Without enough patients for a model the page says why, and stands`() throws {
    let html = try FixtureCohort(effective: 3, ineffective: 4, hasLeftOut: false).page()
    try PageFormTests.expectSound(html, "no model")
    let text = PageText(html: html).text
    #expect(text.contains("There are no left-out probabilities: fewer than 5 patients of an outcome"))
    #expect(!html.contains("id=\"lopo\""))
  }

  @Test func `Patients of any name, and sixty of them, stay whole`() throws {
    let names = ["<b>&\"x\"</b>", "Łucja 肺 🫁", String(repeating: "long ", count: 40)]
    let html = try FixtureCohort(
      effective: 30, ineffective: 30, names: { $0 < 3 ? names[$0] : "P\($0)" }
    ).page()
    try PageFormTests.expectSound(html, "names")
    #expect(html.contains("&lt;b&gt;&amp;&quot;x&quot;&lt;/b&gt;") && html.contains("Łucja 肺 🫁"))
  }

  /// The whole way, with the model; in a debug build it takes minutes.
  @Test(.enabled(if: Optimization.isOn, "a model is trained; run with -c release"))
  func `cohort writes its page with its tables, and report makes the same page from them`() throws {
    let folder = try TemporaryFolder()
    let table = try folder.write(FixtureCohort().table.text, as: "SYNTHETIC-cohort.tsv")
    let out = folder.file("tables")
    _ = try CohortComparison(cohort: table, output: out).run()
    let written = try String(contentsOf: out.appending(path: "cohort_report.html"), encoding: .utf8)
    try PageFormTests.expectSound(written, "cohort")
    #expect(try Self.check(PageText(html: written), out) > 20)
    #expect(written.contains("<title>SYNTHETIC · ") && written.contains("id=\"lopo\""))
    try Report([out], output: folder.file("again.html")).run()
    let again = try String(contentsOf: folder.file("again.html"), encoding: .utf8)
    #expect(written == again)
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
