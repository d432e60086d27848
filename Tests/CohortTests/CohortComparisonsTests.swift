import Cohort
import Foundation
import Lesions
import Tables
import TestSupport
import Testing

/// The tables of a cohort, row by row against figures that can be followed by hand.
@Suite struct CohortComparisonsTests {
  private static let header = "patient\tlesion\treader\toutcome\tpdl1\tpre_t1\tpost_t1\tage\n"

  /// Six patients; the T1 of the effective ones falls by 10, 11 and 9 %, that of the others stays. P1 has a second lesion
  /// without a follow-up.
  private static func cohort(_ rows: String? = nil) throws -> CohortTable {
    let lines = [
      "P1\t1\tx\tPR\tpos\t1.5\t1.35\t50", "P1\t2\tx\tPR\tpos\t1.5\tn/a\t50",
      "P2\t1\tx\tCR\tneg\t1.4\t1.246\t61",
      "P3\t1\tx\tPR\tpos\t1.6\t1.456\t72", "P4\t1\tx\tPD\tneg\t1.3\t1.31\t55",
      "P5\t1\tx\tSD\tneg\t1.7\t1.69\t66",
      "P6\t1\tx\tPD\tpos\t1.45\t1.46\t70",
    ]
    return try CohortTable(
      TabSeparatedTable(parsing: header + (rows ?? lines.joined(separator: "\n")), name: "cohort.tsv"))
  }

  /// The mean change of the effective ones on the log axis.
  private static let fall = (log(0.9) + log(0.89) + log(0.91)) / 3

  private static let delta = CohortVariable.feature(CohortFeature(.delta, .t1))
  private static let post = CohortVariable.feature(CohortFeature(.post, .t1))
  private static let age = CohortVariable.marker("age")

  /// The value of a column in the first row for which the given columns hold the given words.
  private func value(_ table: TabSeparatedTable, _ column: String, where words: [String: String]) throws
    -> Double
  {
    let index = try #require(
      table.rows.indices.first { row in
        try words.allSatisfy { name, word in try table.strings(name)[row] == word }
      })
    return try table.numbers(column)[index]
  }

  @Test func `A patient's value is the mean over lesions on the axis, shown in the unit of the parameter`()
    throws
  {
    let lesions = try Self.cohort("A\t1\tx\tPR\tpos\t1\t4\t50\nA\t2\tx\tPR\tpos\t4\t4\tn/a\n").lesions
    let before = CohortVariable.feature(CohortFeature(.pre, .t1)).value(lesions)
    #expect(isClose(before, 2, relative: 1e-12))
    #expect(isClose(Self.delta.value(lesions), log(2), relative: 1e-12))
    #expect(Self.age.value(lesions) == 50)
    #expect(CohortVariable.feature(CohortFeature(.pre, .diffusion)).value(lesions).isNaN)
  }

  @Test func `Variables are found by name, unknown ones are refused, and all are those that were measured`()
    throws
  {
    let cohort = try Self.cohort()
    let found = try CohortVariable.named(["delta_t1", "age"], in: cohort)
    #expect(found == [Self.delta, Self.age] && found.map(\.name) == ["delta_t1", "age"])
    #expect(throws: CohortError.unknownFeature(table: "cohort.tsv", name: "site")) {
      try CohortVariable.named(["site"], in: cohort)
    }
    #expect(CohortVariable.all(in: cohort).map(\.name) == ["pre_t1", "post_t1", "delta_t1"])
  }

  @Test func `Groups hold the means, tests and posteriors of their own patients`() throws {
    let table = GroupComparison.table(try Self.cohort(), [Self.delta, Self.age])
    let response = ["grouping": "response", "feature": "delta_t1"]
    try #expect(value(table, "n_a", where: response) == 3 && value(table, "n_b", where: response) == 3)
    try #expect(isClose(value(table, "mean_a", where: response), Self.fall, relative: 1e-9))
    // Three against three, all of one group below: 2 of 20 assignments.
    try #expect(value(table, "mann_whitney_u", where: response) == 0)
    try #expect(isClose(value(table, "mann_whitney_p", where: response), 0.1, relative: 1e-12))
    // Two tests in the family of the grouping: that of the age is the larger one.
    let age = ["grouping": "response", "feature": "age"]
    try #expect(isClose(value(table, "p_holm", where: response), 0.2, relative: 1e-12))
    try #expect(value(table, "p_holm", where: age) >= value(table, "mann_whitney_p", where: age))
    try #expect(Set(table.strings("grouping")) == ["response", "pdl1"])
    try #expect(table.strings("group_a").suffix(2) == ["positive", "positive"])
    try #expect(value(table, "bayes_difference", where: age).isFinite)
  }

  @Test func `Pairs are of the lesions seen at both visits, within each group and in all`() throws {
    let table = PairedComparison.table(try Self.cohort())
    try #expect(
      table.strings("group") == [
        "all", "response effective", "response ineffective", "pdl1 positive", "pdl1 negative",
      ])
    try #expect(table.integers("n") == [6, 3, 3, 3, 3])
    let effective = ["group": "response effective"]
    try #expect(isClose(value(table, "mean_pre", where: effective), 1.5, relative: 1e-12))
    try #expect(isClose(value(table, "bayes_change", where: effective), Self.fall, relative: 1e-9))
    // All three fell: two of eight signs are as extreme.
    try #expect(isClose(value(table, "wilcoxon_p", where: effective), 0.25, relative: 1e-12))
    try #expect(value(table, "wilcoxon_v", where: effective) == 0)
  }

  @Test func `The table of patients holds groups, variables, and the pairs of the same lesions`() throws {
    let table = PatientTable.table(try Self.cohort(), [Self.post, Self.age])
    #expect(
      table.columns == ["patient", "response", "pdl1", "post_t1", "age", "paired_pre_t1", "paired_post_t1"])
    try #expect(table.strings("response").prefix(2) == ["effective", "effective"] && table.rows.count == 6)
    try #expect(isClose(table.numbers("paired_pre_t1")[0], 1.5, relative: 1e-10))
    let unknown = try Self.cohort("A\t1\tx\tn/a\tn/a\t1\tn/a\t1\n")
    try #expect(PatientTable.table(unknown, []).strings("response") == ["n/a"])
    #expect(PatientTable.table(unknown, []).columns == ["patient", "response", "pdl1"])
  }

  @Test func `Readers are compared over the lesions that all of them measured`() throws {
    let rows = [
      "P1\t1\tx\tPR\tn/a\t1.5\t1\t1", "P1\t1\ty\tPR\tn/a\t1.6\t1\t1", "P2\t1\tx\tPD\tn/a\t1.2\t1\t1",
      "P2\t1\ty\tPD\tn/a\t1.3\t1\t1", "P3\t1\tx\tPD\tn/a\t1.9\t1\t1", "P3\t1\ty\tPD\tn/a\t2.0\t1\t1",
      "P4\t1\tx\tPD\tn/a\t1.4\t1\t1",
    ]
    let cohort = try Self.cohort(rows.joined(separator: "\n"))
    let pre = CohortVariable.feature(CohortFeature(.pre, .t1))
    let table = try #require(ReaderComparison.table(cohort, [pre]))
    try #expect(table.integers("n") == [3] && table.strings("readers") == ["x,y"])
    // A constant difference: no error beside it, full consistency, agreement below one.
    try #expect(isClose(table.numbers("bias")[0], -0.1, relative: 1e-9))
    try #expect(isClose(table.numbers("icc_3_1")[0], 1, relative: 1e-9))
    try #expect(table.numbers("icc_2_1")[0] < 1)
    try #expect(isClose(table.numbers("loa_lower")[0], -0.1, absolute: 1e-9))
    #expect(ReaderComparison.table(try Self.cohort(), [pre]) == nil)
  }

  @Test func `A regression has a row for each term, and none where the groups separate`() throws {
    let cohort = try Self.cohort()
    let table = LogisticTable.table(cohort, [Self.age])
    try #expect(table.strings("term") == ["intercept", "age", "intercept", "age"])
    let term = ["grouping": "response", "term": "age"]
    let beta = try value(table, "coefficient", where: term)
    try #expect(isClose(value(table, "odds_ratio", where: term), exp(beta), relative: 1e-12))
    try #expect(
      isClose(
        value(table, "z", where: term), beta / value(table, "standard_error", where: term), relative: 1e-12))
    // The change of T1 separates the responses, so there is no finite maximum for them.
    try #expect(LogisticTable.table(cohort, [Self.delta]).strings("grouping") == ["pdl1", "pdl1"])
  }

  @Test func `An ROC table turns the marker to the side that separates, and its cut-off with it`() throws {
    let table = DiscriminationTables(try Self.cohort(), [Self.delta, Self.age], variabilities: [:], seed: 1)
      .curves()
    let response = ["grouping": "response", "feature": "delta_t1"]
    let row = try #require(table.rows.first { $0.fields[0] == "response" && $0.fields[1] == "delta_t1" })
    #expect(row.fields[2] == "lower")
    try #expect(value(table, "auc", where: response) == 1)
    let cutoff = try value(table, "cutoff", where: response)
    #expect(log(0.91) < cutoff && cutoff < log(1.69 / 1.7))
    try #expect(
      value(table, "sensitivity", where: response) == 1 && value(table, "specificity", where: response) == 1)
    // Separation is no certainty.
    try #expect(value(table, "delong_low", where: response) < 1)
    try #expect(table.strings("interval_method").first == "hanley-mcneil")
    let ageRow = ["grouping": "response", "feature": "age"]
    try #expect(value(table, "latent_auc", where: ageRow).isNaN)
    try #expect((0.5...1).contains(value(table, "auc", where: ageRow)))
  }

  @Test func `Pairs of markers are compared over the patients that have both`() throws {
    let cohort = try Self.cohort()
    let table = DiscriminationTables(cohort, [Self.delta, Self.post, Self.age], variabilities: [:], seed: 1)
      .pairs()
    try #expect(table.strings("feature_a").prefix(3) == ["delta_t1", "delta_t1", "post_t1"])
    let pair = ["grouping": "response", "feature_a": "delta_t1", "feature_b": "age"]
    let (first, second) = (try value(table, "auc_a", where: pair), try value(table, "auc_b", where: pair))
    try #expect(isClose(value(table, "difference", where: pair), first - second, relative: 1e-12))
    let (raw, holm) = (try table.numbers("p"), try table.numbers("p_holm"))
    #expect(zip(raw, holm).allSatisfy { $0.0.isNaN || $0.1 >= $0.0 })
  }

  @Test(arguments: [
    (GroupComparison.columns, GroupComparison.descriptions),
    (PairedComparison.columns, PairedComparison.descriptions),
    (ReaderComparison.columns, ReaderComparison.descriptions),
    (LogisticTable.columns, LogisticTable.descriptions),
    (DiscriminationTables.columns + DiscriminationTables.pairColumns, DiscriminationTables.descriptions),
  ])
  func `Every column of every table is described, and nothing else`(
    columns: [String], descriptions: [String: String]
  ) {
    #expect(Set(columns) == Set(descriptions.keys))
  }
}
