import Foundation
import Reporting
import Tables
import Testing

@testable import Diagnostics
@testable import IVIMBayes

/// Holds every number of a patient's page against the files that it comes from.
struct PageCheck {
  let page: PageText
  /// Runs of each visit in the order of the page: before, after; or those of the only visit.
  let visits: [[ReportedRun]]
  let changes: ReportedChanges?

  init(html: String, visits: [[URL]], changes: URL?) throws {
    page = PageText(html: html)
    self.visits = try visits.map { try $0.map { try ReportedRun(RunFolder($0)) } }
    self.changes = try changes.map { try ReportedChanges($0) }
  }

  static let factors = ["ADC": 1e3, "D": 1e3, "D*": 1e3, "f·D*": 1e3, "f": 100, "T1": 1e3]
  static let names = ["ADC": "adc", "D": "d", "D*": "dstar", "f·D*": "fdstar", "f": "f", "T1": "t1"]

  /// The parameter at the head of a row, such as "ADC 10⁻³ mm²/s".
  static func parameter(_ head: String) -> String { String(head.split(separator: " ").first ?? "") }

  static func isRounded(_ shown: (value: Double, decimals: Int), of exact: Double) -> Bool {
    abs(shown.value - exact) <= 0.5 * pow(10, -Double(shown.decimals)) * (1 + 1e-9)
  }

  /// The same of a value with its unit: one that ends in zero may be rounded to tens.
  static func isRoundedValue(_ shown: (value: Double, decimals: Int), of exact: Double) -> Bool {
    let isTens =
      shown.decimals == 0 && shown.value >= 100 && shown.value.truncatingRemainder(dividingBy: 10) == 0
    return isTens ? abs(shown.value - exact) <= 5 * (1 + 1e-9) : isRounded(shown, of: exact)
  }

  /// A probability as pages print it, with its ends.
  static func isProbability(_ text: String, of exact: Double) -> Bool {
    if text.hasPrefix("<") { return exact < 0.01 }
    if text.hasPrefix(">") { return exact > 0.99 }
    return PageText.numbers(text).first.map { isRounded($0, of: exact) } ?? false
  }

  /// Medians, intervals, contraction, overlap, R̂ and effective draws; the number of values compared.
  func checkValues() throws -> Int {
    var compared = 0
    for row in page.rows(ofSection: "grade") {
      let name = try #require(Self.names[Self.parameter(row.head)])
      let factor = try #require(Self.factors[Self.parameter(row.head)])
      for (visit, runs) in visits.enumerated() {
        let found = runs.lazy.compactMap { run in
          run.values.first {
            $0.parameter == name && $0.functional == "mean"
              && row.group.lowercased().hasSuffix($0.name.lowercased())
          }.map { (run, $0) }
        }.first
        let (run, value) = try #require(found, "\(row.group) \(row.head)")
        let cells = Array(row.cells[(4 * visit)..<(4 * visit + 4)])
        if value.grade == .priorDominated {
          #expect(cells[0] == "none printed")
        } else {
          let shown = PageText.numbers(cells[0])
          let exact = [value.median, value.q05, value.q95].map { $0 * factor }
          #expect(
            shown.count == 3 && zip(shown, exact).allSatisfy(Self.isRoundedValue), "\(row.head): \(cells[0])")
          let draws = try #require(run.chains(name, of: value.lesion)).flatMap { $0 }.sorted()
          let again = [draws.quantile(0.5), draws.quantile(0.05), draws.quantile(0.95)].map { $0 * factor }
          #expect(zip(exact, again).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) }, "\(row.head)")
          compared += 3
        }
        if value.contraction.isFinite {
          let parts = cells[1].components(separatedBy: " / ")
          #expect(parts.count == 2 && Self.isProbability(parts[1], of: value.overlap), "\(cells[1])")
          #expect(
            value.contraction < 0
              ? PageText.numbers(parts[0]).first.map { Self.isRounded($0, of: value.contraction) } ?? false
              : Self.isProbability(parts[0], of: value.contraction), "\(cells[1])")
        }
        let sampling = PageText.numbers(cells[3])
        #expect(Self.isRounded(sampling[0], of: value.rHat))
        let size = value.bulkESS
        #expect(sampling[1].value == (size >= 400 ? (size / 10).rounded(.down) * 10 : size.rounded(.down)))
      }
    }
    return compared
  }

  /// The rows of the forest; the number of rows that have numbers.
  func checkChanges() throws -> Int {
    let changes = try #require(changes)
    var compared = 0
    for row in page.rows(ofSection: "change") {
      let parameter = try #require(Self.names[Self.parameter(row.head)])
      let factor = try #require(Self.factors[Self.parameter(row.head)])
      let change = try #require(
        changes.rows.first {
          $0.parameter == parameter && row.group.lowercased().hasSuffix($0.name.lowercased())
        }, "\(row.group) \(row.head)")
      guard change.isReadable else {
        #expect(!row.cells.joined().contains { $0.isNumber })
        continue
      }
      let values = PageText.numbers(row.cells[0])
      #expect(zip(values, [change.pre * factor, change.post * factor]).allSatisfy(Self.isRoundedValue))
      let percent = PageText.numbers(row.cells[2])
      let exact = [change.percent.median, change.percent.q05, change.percent.q95]
      #expect(percent.count == 3 && zip(percent, exact).allSatisfy(Self.isRounded), "\(row.cells)")
      #expect(Self.isProbability(row.cells[3], of: max(change.increase, change.decrease)))
      #expect(row.cells[3].hasSuffix(change.increase >= change.decrease ? "rise" : "fall"))
      #expect(Self.isProbability(row.cells[4], of: change.outsideRope))
      let slope = change.isLogit ? 1 - (change.pre + change.post) / 2 : 1
      let rope = try #require(
        row.cells[4].split(separator: "±").last.map { PageText.numbers(String($0)) }?.first)
      #expect(Self.isRounded(rope, of: 100 * change.rope.high * slope))
      let limits = PageText.numbers(row.cells[5])
      if let isBeyond = change.isBeyond {
        #expect(row.cells[5].contains(isBeyond ? "beyond" : "within"))
        let exact = [exp(-change.rc * slope) - 1, exp(change.rc * slope) - 1].map { 100 * $0 }
        #expect(limits.count == 2 && zip(limits, exact).allSatisfy(Self.isRounded), "\(row.cells[5])")
      } else {
        #expect(limits.isEmpty && row.cells[5].contains("not known"))
      }
      compared += 1
    }
    return compared
  }

  /// "ADC rose by about 24 % (90 % interval +7 to +43 %)" on the cards; the number of sentences.
  func checkSentences() throws -> Int {
    let changes = try #require(changes)
    var compared = 0
    let pattern =
      #/(?<name>ADC|T1|D\*|D|f) (?<verb>rose|fell) by about (?<size>[0-9.]+) % \(90 % interval (?<low>[−+0-9.]+) to (?<high>[−+0-9.]+) %\)/#
    for match in page.text.matches(of: pattern) {
      let name = try #require(Self.names[String(match.name)])
      let shown = [match.size, match.low, match.high].compactMap { PageText.numbers(String($0)).first }
      let isTrue = changes.rows.contains { row in
        row.parameter == name && (row.percent.median >= 0) == (match.verb == "rose")
          && Self.isRounded(shown[0], of: abs(row.percent.median))
          && Self.isRounded(shown[1], of: row.percent.q05) && Self.isRounded(shown[2], of: row.percent.q95)
      }
      #expect(isTrue, "\(match.output.0)")
      compared += 1
    }
    return compared
  }

  /// Scan-to-scan variation, computation, and quality; the number of rows.
  func checkTheRest() throws -> Int {
    var compared = 0
    for row in page.rows(ofSection: "scan") {
      let parameter = try #require(Self.names[Self.parameter(row.head)])
      let change = try #require(changes?.rows.first { $0.parameter == parameter && $0.rc.isFinite })
      let cells = [row.cells[0], row.cells[1]].compactMap { PageText.numbers($0).first }
      #expect(zip(cells, [change.wsdTotal, change.wsdPhysiological]).allSatisfy(Self.isRounded))
      #expect(row.cells[3] == change.wsdSource)
      compared += 1
    }
    let runs = visits.flatMap { $0 }
    let health = page.rows(ofSection: "health").prefix(runs.count)
    for (row, run) in zip(health, runs) {
      #expect(
        row.cells[0] == run.record.verdict.word
          && row.cells[4] == "\(run.record.flags.count { $0.severity > .pass })")
      let rHat = try #require(run.values.map(\.rHat).filter(\.isFinite).max())
      #expect(Self.isRounded(try #require(PageText.numbers(row.cells[2]).first), of: rHat))
      let size = try #require(run.values.flatMap { [$0.bulkESS, $0.tailESS] }.filter(\.isFinite).min())
      let shown = try #require(PageText.numbers(row.cells[3]).first).value
      #expect(shown == (size >= 400 ? (size / 10).rounded(.down) * 10 : size.rounded(.down)))
      compared += 1
    }
    for row in page.rows(ofSection: "fit") {
      let run = try #require(
        runs.first { run in
          (run.isT1 ? "T1" : "diffusion") == row.cells[0]
            && (visits.count == 1
              || row.head.hasSuffix(
                visits[0].contains { $0.folder.folder == run.folder.folder } ? "before" : "after"))
        })
      let quality = try #require(run.quality)
      let lesions = try quality.strings("name"), ratios = try quality.numbers("snr")
      let own = lesions.indices.filter {
        row.head.lowercased().replacing(", before", with: "").replacing(", after", with: "")
          .hasSuffix(lesions[$0].lowercased())
      }
      #expect(row.cells[1] == "\(own.count)", "\(row.head)")
      let ratio = own.map { ratios[$0] }.filter(\.isFinite).sorted().quantile(0.5)
      #expect(Self.isRounded(try #require(PageText.numbers(row.cells[3]).first), of: ratio))
      compared += 1
    }
    return compared
  }
}
