import Foundation
import Reporting
import Tables
import Testing

@testable import Diagnostics
@testable import IVIMBayes

/// A number in the page, the table and the draws is the same number.
@Suite struct PageNumbersTests {
  static let patient = Result { try FixturePatient.standard() }

  static let factors = ["ADC": 1e3, "D": 1e3, "D*": 1e3, "f·D*": 1e3, "f": 100, "T1": 1e3]
  static let names = ["ADC": "adc", "D": "d", "D*": "dstar", "f·D*": "fdstar", "f": "f", "T1": "t1"]

  /// The parameter at the head of a row, such as "ADC 10⁻³ mm²/s".
  static func parameter(_ head: String) -> String { String(head.split(separator: " ").first ?? "") }

  static func isRounded(_ shown: (value: Double, decimals: Int), of exact: Double) -> Bool {
    abs(shown.value - exact) <= 0.5 * pow(10, -Double(shown.decimals)) * (1 + 1e-9)
  }

  @Test func `Every value of the page is that of the lesion table, rounded, and that of the draws`() throws {
    let patient = try Self.patient.get()
    let page = PageText(html: try patient.page())
    let rows = page.rows(ofSection: "grade")
    #expect(rows.count == 2 * 6)
    var compared = 0
    for (visit, runs) in [patient.pre, patient.post].enumerated() {
      for url in runs {
        let run = try ReportedRun(RunFolder(url))
        for row in rows {
          let name = Self.parameter(row.head)
          guard let parameter = Self.names[name], let factor = Self.factors[name],
            let value = run.values.first(where: { $0.parameter == parameter && row.group.hasSuffix($0.name) })
          else { continue }
          let cells = Array(row.cells[(4 * visit)..<(4 * visit + 4)])
          if value.grade == .priorDominated {
            #expect(cells[0] == "none printed")
          } else {
            let shown = PageText.numbers(cells[0])
            let exact = [value.median, value.q05, value.q95].map { $0 * factor }
            #expect(
              shown.count == 3 && zip(shown, exact).allSatisfy(Self.isRounded), "\(row.head): \(cells[0])")
            let draws = try #require(run.chains(parameter, of: value.lesion)).flatMap { $0 }.sorted()
            let again = [draws.quantile(0.5), draws.quantile(0.05), draws.quantile(0.95)].map { $0 * factor }
            #expect(zip(exact, again).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) })
            compared += 3
          }
          let sampling = PageText.numbers(cells[3])
          #expect(Self.isRounded(sampling[0], of: value.rHat))
          #expect(sampling[1].value == (value.bulkESS / 10).rounded(.down) * 10)
        }
      }
    }
    #expect(compared == 2 * 2 * 4 * 3)
  }

  @Test func `Every change of the page is that of changes.tsv, rounded`() throws {
    let patient = try Self.patient.get()
    let page = PageText(html: try patient.page())
    let changes = try ReportedChanges(patient.changes)
    var compared = 0
    for row in page.rows(ofSection: "change") {
      let name = Self.parameter(row.head)
      let parameter = try #require(Self.names[name]), factor = try #require(Self.factors[name])
      let lesion = try #require(changes.matches.first { row.group.hasSuffix($0.name) }?.pre)
      let change = try #require(changes.row(parameter, of: lesion))
      if !change.isReadable {
        #expect(!row.cells.joined().contains { $0.isNumber })
        continue
      }
      let values = PageText.numbers(row.cells[0])
      #expect(zip(values, [change.pre * factor, change.post * factor]).allSatisfy(Self.isRounded))
      let percent = PageText.numbers(row.cells[2])
      let exact = [change.percent.median, change.percent.q05, change.percent.q95]
      #expect(percent.count == 3 && zip(percent, exact).allSatisfy(Self.isRounded), "\(row.cells)")
      for (cell, exact) in [
        (row.cells[3], max(change.increase, change.decrease)), (row.cells[4], change.outsideRope),
      ] {
        let shown = try #require(PageText.numbers(cell).first)
        if cell.hasPrefix(">") {
          #expect(exact > 0.99)
        } else if cell.hasPrefix("<") {
          #expect(exact < 0.01)
        } else {
          #expect(Self.isRounded(shown, of: exact))
        }
      }
      #expect(row.cells[5].contains(change.isBeyond == true ? "beyond" : "within"))
      compared += 1
    }
    #expect(compared == 2 * 4)
  }

  @Test func `The page of delta is the page of report`() throws {
    let patient = try Self.patient.get()
    let written = try String(
      contentsOf: patient.changes.appending(path: "changes_report.html"), encoding: .utf8)
    let page = try patient.page()
    #expect(written == page)
  }
}
