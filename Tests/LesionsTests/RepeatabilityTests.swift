import Foundation
import Lesions
import Tables
import TestSupport
import Testing

@Suite struct RepeatabilityTests {
  private func study() throws -> (Repeatability, JSONValue) {
    let reference = try ReferenceCase("repeatability")
    let pairs = reference.inputs["pairs"].matrix.map { Repeatability.Pair($0[0], $0[1]) }
    return (try #require(Repeatability(pairs)), reference.expected)
  }

  @Test func `wSD, wCV, RC, its interval and the limits in percent are the reference values`() throws {
    let (study, expected) = try study()
    #expect(isClose(study.withinSD, expected["wSD"].double, relative: 1e-10))
    #expect(isClose(study.withinCV, expected["wCV_rms"].double, relative: 1e-10))
    #expect(isClose(study.coefficient, expected["RC"].double, relative: 1e-10))
    let interval = study.coefficientInterval()
    #expect(isClose(interval.lower, expected["RC_ci95"][0].double, relative: 1e-10))
    #expect(isClose(interval.upper, expected["RC_ci95"][1].double, relative: 1e-10))
    #expect(isClose(study.logWithinSD, expected["wSD_log"].double, relative: 1e-10))
    #expect(isClose(study.percentLimits.lower, expected["RC_log_pct"][0].double, relative: 1e-10))
    #expect(isClose(study.percentLimits.upper, expected["RC_log_pct"][1].double, relative: 1e-10))
  }

  @Test func `A pair at the ends of what numbers hold has a finite repeatability of its logarithm`() throws {
    for second in [Double.leastNonzeroMagnitude, 1e300] {
      let study = try #require(Repeatability([.init(1e-3, second), .init(1e-3, 1.1e-3)]))
      #expect(study.logWithinSD.isFinite && study.logWithinSD > 100)
    }
  }

  @Test func `Posterior deviations are taken off what two scans differ by, never below zero`() throws {
    let wide = try #require(
      Repeatability([
        .init(1, exp(0.2), posteriorSDs: (0.06, 0.08)), .init(1, exp(-0.2), posteriorSDs: (0.06, 0.08)),
      ]))
    // w² = 0.04/2 = 0.02; mean posterior variance (0.0036 + 0.0064)/2 = 0.005.
    #expect(isClose(wide.physiologicalSD ?? .nan, 0.015.squareRoot(), relative: 1e-12))
    #expect(!wide.variability(source: "ours").isConservative)
    let noisy = Repeatability([.init(1, 1.01, posteriorSDs: (0.3, 0.3))])
    #expect(noisy?.physiologicalSD == 0)
    let unknown = try #require(Repeatability([.init(1, 1.1)]))
    #expect(unknown.physiologicalSD == nil)
    #expect(unknown.variability(source: "ours").isConservative)
  }

  @Test func `No pairs, or a value without a logarithm, is no study`() {
    #expect(Repeatability([]) == nil)
    #expect(Repeatability([.init(1, 0)]) == nil)
  }
}

@Suite struct RepeatabilityTableTests {
  private let text = """
    subject\tparameter\tfirst\tsecond\tfirst_sd\tsecond_sd
    A\tadc\t1.0e-3\t1.1e-3\t0.02\t0.02
    B\tadc\t1.2e-3\t1.15e-3\t0.03\t0.02
    A\tt1\t1.40\t1.45\tn/a\tn/a
    B\tt1\tn/a\t1.5\tn/a\tn/a

    """

  @Test func `Pairs on disk become studies by parameter, and rows with a gap are left out`() throws {
    let studies = try RepeatabilityTable(pairs: TabSeparatedTable(parsing: text, name: "pairs.tsv"))
    #expect(studies.studies[.apparentDiffusion]?.count == 2)
    #expect(studies.studies[.t1]?.count == 1)
    #expect(studies.studies[.t1]?.physiologicalSD == nil)
    let written = studies.table
    #expect(written.columns.prefix(7) == ["parameter", "wsd", "wcv", "rc", "rc_lower", "rc_upper", "n"])
    try #expect(written.strings("parameter") == ["adc", "t1"])
    try #expect(written.numbers("n") == [2, 1])
    try #expect(written.numbers("wsd_phys")[1].isNaN)
  }

  @Test func `The written file gives back what delta needs`() throws {
    let studies = try RepeatabilityTable(pairs: TabSeparatedTable(parsing: text, name: "pairs.tsv"))
    let file = FileManager.default.temporaryDirectory.appending(
      path: "repeatability-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try studies.json(source: "our scanner").write(to: file)
    let read = try RepeatabilityTable.variabilities(contentsOf: file)
    #expect(
      read[.apparentDiffusion] == studies.studies[.apparentDiffusion]?.variability(source: "our scanner"))
    #expect(read[.t1]?.isConservative == true)
  }

  @Test func `Wrong parameters, values and files are named with their line`() throws {
    #expect(throws: LesionsError.unknownParameter(file: "p.tsv", line: 2, name: "apparent")) {
      try RepeatabilityTable(
        pairs: TabSeparatedTable(
          parsing: "subject\tparameter\tfirst\tsecond\nA\tapparent\t1\t2\n", name: "p.tsv"))
    }
    #expect(throws: LesionsError.notPositive(file: "p.tsv", line: 3, column: "second", value: 0)) {
      try RepeatabilityTable(
        pairs: TabSeparatedTable(
          parsing: "subject\tparameter\tfirst\tsecond\nA\tadc\t1e-3\t2e-3\nB\tadc\t1e-3\t0\n", name: "p.tsv"))
    }
    #expect(throws: LesionsError.noRows(file: "p.tsv")) {
      try RepeatabilityTable(
        pairs: TabSeparatedTable(parsing: "subject\tparameter\tfirst\tsecond\n", name: "p.tsv"))
    }
    #expect(throws: LesionsError.self) {
      try RepeatabilityTable.variabilities(contentsOf: URL(filePath: "/nowhere/repeatability.json"))
    }
  }
}
