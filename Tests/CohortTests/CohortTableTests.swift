import Cohort
import Foundation
import Lesions
import Tables
import TestSupport
import Testing

/// How the words of an outcome column are read.
@Suite struct OutcomeRuleTests {
  @Test(arguments: [
    ("CR", OutcomeRule.Reading.effective), ("pr", .effective), ("SD", .ineffective), ("PD", .ineffective),
    ("NE", .missing), ("iPR", .effective), ("icpd", .ineffective), ("iUPD", .missing), ("iNE", .missing),
    ("effective", .effective), ("Ineffective", .ineffective), ("n/a", .missing), ("", .missing),
    ("NaN", .missing),
    ("response", .unknown), ("P R", .unknown),
  ])
  func `Categories of RECIST and iRECIST are read in any case`(word: String, reading: OutcomeRule.Reading) {
    #expect(OutcomeRule().reading(word) == reading)
  }

  @Test func `Disease control takes SD as effective and leaves PD where it was`() throws {
    let rule = try #require(OutcomeRule(effective: ["cr", "PR", "sd"]))
    #expect(rule.responses == .diseaseControl)
    #expect(
      rule.reading("iSD") == .effective && rule.reading("PD") == .ineffective
        && rule.reading("NE") == .missing)
  }

  @Test func `Words of one's own need both sides, and the categories stay understood`() throws {
    let rule = try #require(OutcomeRule(effective: ["good", "fair"], ineffective: ["bad"]))
    #expect(rule.reading("good") == .effective && rule.reading("bad") == .ineffective)
    #expect(rule.reading("Good") == .unknown && rule.reading("PR") == .effective)
    #expect(rule.vocabulary.hasPrefix("fair, good, bad, CR"))
    #expect(OutcomeRule(effective: ["good"]) == nil)
    #expect(OutcomeRule(effective: ["good", "bad"], ineffective: ["bad"]) == nil)
    #expect(OutcomeRule(effective: []) == nil && OutcomeRule(effective: [], ineffective: ["bad"]) == nil)
    // A word may change sides: what one's own words say goes before the category.
    #expect(OutcomeRule(effective: ["SD"], ineffective: ["PR"])?.reading("PR") == .ineffective)
  }
}

/// A cohort read from a table.
@Suite struct CohortTableTests {
  private func cohort(_ lines: String...) throws -> CohortTable {
    try CohortTable(TabSeparatedTable(parsing: lines.joined(separator: "\n"), name: "cohort.tsv"))
  }

  @Test func `Lesions come in the order of the table, patients in that of their first lesion`() throws {
    let cohort = try cohort(
      "patient\tlesion\toutcome\tpost_t1", "B\t1\tPR\t1.3", "A\t1\tPD\t1.4", "B\t2\tPR\t1.5")
    #expect(cohort.patients.map(\.id) == ["B", "A"])
    #expect(cohort.patients[0].lesions.map(\.lesion) == ["1", "2"])
    #expect(
      cohort.lesions.map(\.line) == [2, 3, 4] && cohort.lesions.map(\.isEffective) == [true, false, true])
    #expect(cohort.hasOutcomes && !cohort.hasPDL1)
  }

  @Test func `PD-L1 is a word or a percentage, positive from one per cent on`() throws {
    let cohort = try cohort(
      "patient\tpdl1", "A\tpositive", "B\tNEG", "C\t0.9", "D\t1 ", "E\t50%", "F\tn/a", "G\t-", "H\t+")
    #expect(
      cohort.lesions.map(\.isPDL1Positive) == [true, false, false, true, true, nil, false, true])
    let strict = try CohortTable(
      TabSeparatedTable(parsing: "patient\tpdl1\nA\t49\nB\t50", name: "t"), pdl1Cutoff: 50)
    #expect(strict.lesions.map(\.isPDL1Positive) == [false, true])
  }

  @Test func `Columns of numbers become markers, columns of words do not`() throws {
    let cohort = try cohort(
      "patient\tage\tsite\tsuv\tblank", "A\t61\tlung\t4.5\tn/a", "B\tn/a\tliver\t3\tn/a")
    #expect(cohort.lesions[0].markers.keys.sorted() == ["age", "suv"])
    #expect(cohort.lesions[0].markers["age"] == 61 && cohort.lesions[1].markers["age"]?.isNaN == true)
  }

  @Test func `What the table lacks is said: patients, and standard deviations by name`() throws {
    let bare = try cohort("pre_adc\tpost_adc\tpost_adc_sd", "1e-3\t1.2e-3\t0.05")
    #expect(bare.lesions[0].patient == "row 2" && bare.notices.count == 2)
    #expect(bare.notices[0].contains("no column patient"))
    #expect(bare.notices[1].contains("no standard deviation for pre_adc:"))
    #expect(try cohort("patient\tpre_adc\tpre_adc_sd", "A\t1e-3\t0.1").notices.isEmpty)
  }

  @Test func `A value has its place on the axis, a change is the difference of two, a gap is NaN`() throws {
    let lesion = try cohort(
      "patient\tpre_adc\tpost_adc\tpre_f\tpost_f\tpost_t1", "A\t1e-3\t1.5e-3\t0.2\tn/a\t1.4"
    ).lesions[0]
    let place = { (phase: CohortFeature.Phase, parameter: LesionParameter) in
      lesion.place(of: CohortFeature(phase, parameter))
    }
    #expect(isClose(place(.pre, .apparentDiffusion), log(1e-3), relative: 1e-12))
    #expect(isClose(place(.delta, .apparentDiffusion), log(1.5), relative: 1e-10))
    #expect(isClose(place(.pre, .perfusionFraction), log(0.25), relative: 1e-12))
    #expect(place(.delta, .perfusionFraction).isNaN && place(.pre, .t1).isNaN)
    #expect(isClose(place(.post, .t1), log(1.4), relative: 1e-12))
  }

  @Test func `A standard deviation in percent or below zero is refused, with its line`() {
    for (spread, reason) in [
      ("55", "of a logarithm: the range is 0.001 to 1 (0.05 for 5 %)"), ("inf", "of a logarithm"),
      ("-1", "0.001"),
    ] {
      #expect {
        try cohort("patient\tpost_t1\tpost_t1_sd", "A\t1.4\t0.04", "B\t1.1\t\(spread)")
      } throws: { error in
        "\(error)".contains("line 3, column \"post_t1_sd\"") && "\(error)".contains(reason)
      }
    }
  }

  @Test func `Draws of a lesion give features only where both visits are on the axis`() {
    let draws = LesionDraws(
      pre: [.t1: [1, 2], .perfusionFraction: [0.2, 1]], post: [.t1: [2, 8], .perfusionFraction: [0.3, 0.4]])
    let change = draws.places(of: CohortFeature(.delta, .t1)) ?? []
    #expect(change.count == 2 && isClose(change[0], log(2), relative: 1e-12))
    #expect(isClose(change.last ?? .nan, log(4), relative: 1e-12))
    // A fraction of one has no logit.
    #expect(draws.places(of: CohortFeature(.pre, .perfusionFraction)) == nil)
    #expect(draws.places(of: CohortFeature(.post, .perfusionFraction))?.count == 2)
    #expect(draws.places(of: CohortFeature(.pre, .diffusion)) == nil)
    #expect(LesionDraws(pre: [.t1: []], post: [:]).places(of: CohortFeature(.pre, .t1)) == nil)
  }

  @Test func `Of several readers the first stays, and a notice says so`() throws {
    let both = try cohort(
      "patient\tlesion\treader\tpost_t1", "A\t1\tx\t1.3", "A\t1\ty\t1.4", "B\t1\tx\t1.2")
    let (first, notice) = both.ofFirstReader()
    #expect(first.lesions.map(\.reader) == ["x", "x"] && notice?.contains("2 readers") == true)
    let one = try cohort("patient\tpost_t1", "A\t1.3")
    #expect(one.ofFirstReader().table == one && one.ofFirstReader().notice == nil)
  }

  @Test func `Patients of unknown outcome train nothing`() throws {
    let cohort = try cohort("patient\toutcome\tpost_t1", "A\tPR\t1.3", "B\tn/a\t1.4", "C\tPD\t1.5")
    let patients = cohort.patients([CohortFeature(.post, .t1)], variabilities: [:])
    #expect(patients.map(\.id) == ["A", "C"] && patients.map(\.isEffective) == [true, false])
  }
}
