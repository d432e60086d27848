import Diagnostics
import InferenceCore
import Testing

@testable import Reporting

struct TextTableTests {
  static let bold = TerminalStyle(isPlain: false)

  @Test func `columns are as wide as their widest cell, whatever its bytes`() {
    var table = TextTable(columns: [("unit", .left), ("empty", .left), ("mean", .right)])
    table.append(["mm²/s", "", "1.2"])
    table.append(["ms", "", "−1412"])
    #expect(table.text() == "unit    mean\nmm²/s    1.2\nms     −1412\n")
    #expect(table.rowCount == 2)
  }

  @Test func `wide letters take two columns of a terminal, and marks on letters none`() {
    var table = TextTable(columns: [("name", .left), ("n", .right)])
    for name in ["肺上葉", "ｗｉ", "폐", "👩‍⚕️", "e\u{301}a", "abcdef"] { table.append([name, "1"]) }
    let lines = table.text().split(separator: "\n").dropFirst().map(String.init)
    #expect(lines == ["肺上葉  1", "ｗｉ    1", "폐      1", "👩‍⚕️      1", "e\u{301}a      1", "abcdef  1"])
  }

  @Test func `a table without rows has its titles, and a line break stays in its cell`() {
    var table = TextTable(columns: [("a", .left), ("b", .right)])
    #expect(table.text() == "a  b\n")
    table.append(["two\nlines", "1"])
    #expect(table.text() == "a          b\ntwo lines  1\n")
  }

  @Test func `emphasis is escape sequences around whole lines, and nothing in plain text`() {
    var table = TextTable(columns: [("a", .left)])
    table.append(["x"], emphasis: .bold)
    table.append(["y"], emphasis: .faint)
    #expect(table.text() == "a\nx\ny\n")
    #expect(table.text(style: Self.bold) == "\u{1B}[1ma\u{1B}[0m\n\u{1B}[1mx\u{1B}[0m\n\u{1B}[2my\u{1B}[0m\n")
  }

  @Test func `NO_COLOR, a dumb terminal and a pipe make text plain`() {
    #expect(!TerminalStyle(environment: ["TERM": "xterm"], isTerminal: true).isPlain)
    #expect(!TerminalStyle(environment: ["TERM": "xterm", "NO_COLOR": ""], isTerminal: true).isPlain)
    #expect(TerminalStyle(environment: ["TERM": "xterm", "NO_COLOR": "1"], isTerminal: true).isPlain)
    #expect(TerminalStyle(environment: ["TERM": "dumb"], isTerminal: true).isPlain)
    #expect(TerminalStyle(environment: [:], isTerminal: true).isPlain)
    #expect(TerminalStyle(environment: ["TERM": "xterm"], isTerminal: false).isPlain)
  }
}

struct SummaryTableTests {
  private func summary(_ name: String, _ unit: String, centre: Double, sd: Double) throws -> PosteriorSummary
  {
    let group = try #require(ExampleDraws.file().group("posterior"))
    let chains = try #require(group.chains(of: "log_posterior")).map { $0.map { centre + sd * $0 } }
    return PosteriorSummary(Parameter(name, unit: unit), chains: chains)
  }

  @Test func `a summary is shown in its unit, with the decimals its width allows`() throws {
    let rows = [
      SummaryTable.Row(
        ["1", "t1"], summary: try summary("t1", "s", centre: 1.4, sd: 0.05), grade: .dataDominated,
        status: .pass),
      SummaryTable.Row(
        ["1", "dstar"], summary: try summary("dstar", "mm²/s", centre: 0.02, sd: 0.008),
        grade: .priorDominated,
        status: .warn),
    ]
    let text = SummaryTable(titles: ["lesion", "parameter"], rows: rows).text()
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines[0].prefix(4) == ["lesion", "parameter", "unit", "mean"])
    #expect(lines[1].prefix(3) == ["1", "t1", "ms"])
    // ±80 ms: two digits are units of a millisecond; the MCSE of about 1.5 ms allows them.
    #expect(lines[1][3].count == 4 && lines[1].suffix(2) == ["data-dominated", "pass"])
    #expect(lines[2].suffix(2) == ["prior-dominated", "warn"])
    #expect(text.hasSuffix("prior-dominated: \(Statements.notInformed)\n"))
    #expect(
      !SummaryTable(titles: ["lesion", "parameter"], rows: [rows[0]]).text().contains("the interval is"))
  }

  @Test func `a warning is bold on a terminal, and a constant has no sampling figures`() throws {
    let constant = PosteriorSummary(Parameter("s0"), chains: [[2, 2, 2, 2], [2, 2, 2, 2]])
    let text = SummaryTable(titles: [], rows: [SummaryTable.Row([], summary: constant, status: .fail)])
      .text(style: TextTableTests.bold)
    let line = text.split(separator: "\n")[1]
    #expect(line.hasPrefix("\u{1B}[1m2.000") && line.contains("n/a"))
    #expect(line.contains("2.000 to 2.000"))
  }
}

struct HealthTableTests {
  @Test func `a good run is one line`() throws {
    let group = try #require(ExampleDraws.file().group("posterior"))
    let chains = try #require(group.chains(of: "log_posterior"))
    let health = RunHealth(quantities: [QuantityHealth("d mean", chains: chains)])
    #expect(HealthTable(health).text() == "PASS: 1 quantity, 0 flags\n")
  }

  @Test func `a bad run says what, where, by which number, and what to do, once`() throws {
    let group = try #require(ExampleDraws.file().group("posterior"))
    var chains = try #require(group.chains(of: "log_posterior"))
    chains[1] = chains[1].map { $0 + 8 }
    let quantities = ["d mean", "f mean"].map { QuantityHealth($0, chains: chains) }
    let map = SiteHealth("map of d", rHat: [1.0, 1.2], effectiveSize: [1234, 77]) { "voxel \($0)" }
    let text = HealthTable(RunHealth(quantities: quantities, sites: [map])).text()
    #expect(text.hasPrefix("FAIL: 2 quantities, "))
    #expect(text.contains("map       sites  rhat>1.05  rhat>1.01  ess p1  ess p5  worst rhat  status"))
    #expect(text.contains("map of D      2     50.0 %     50.0 %      88     134       1.200  fail"))
    #expect(text.contains("fail    multimodal  d mean    chain 2 lies"))
    #expect(text.contains("  multimodal: do not use: check the b-values < 50"))
    let advice = text.split(separator: "What to do:\n", maxSplits: 1).last ?? ""
    #expect(advice.split(separator: "\n").count { $0.contains("multimodal:") } == 1)
  }

  @Test func `parameters have the names of the pages, lesions their own`() {
    #expect(HealthTable.subject("map of dstar") == "map of D*")
    #expect(HealthTable.subject("dstar mean of t1 of d") == "D* mean of t1 of d")
    #expect(HealthTable.subject("mu adc of left") == "mu ADC of left")
    #expect(HealthTable.subject("chain 2") == "chain 2")
  }

  @Test func `of many flags the worst twenty are listed and the rest counted`() {
    let flags = (0..<23).map { index in
      HealthFlag(.divergence, subject: "chain \(index)", severity: index == 22 ? .fail : .warn, evidence: "1")
    }
    let text = HealthTable(RunHealth(flags: flags)).text()
    #expect(text.contains("fail    divergence  chain 22") && !text.contains("chain 21"))
    #expect(text.contains("… and 3 more (--format tsv lists all)"))
  }

  @Test func `advice for a scan is sharper where the cause is known, and the flag's own elsewhere`() {
    for kind in HealthFlag.Kind.allCases {
      let flag = HealthFlag(kind, subject: "x", severity: .warn, evidence: "y", action: "own")
      let isSharper = [
        .priorDominated, .multimodal, .misfit, .lowSignal, .fieldDependent, .mostlyBorrowed,
      ].contains(kind)
      #expect((flag.scanAction == "own") == !isSharper)
    }
  }
}
