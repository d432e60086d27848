import Cohort
import Lesions
import TestSupport
import Testing

@Suite struct RECISTAssessmentTests {
  @Test func `Nine assessments get the categories of the reference case`() throws {
    let reference = try ReferenceCase("recist-1-1")
    for (index, row) in reference.inputs["rows"].array.enumerated() {
      let assessment = RECISTAssessment(
        baselineSum: row["baseline_sum"].double, nadirSum: row["nadir_sum"].double,
        followUpSum: row["followup_sum"].double, hasNewLesion: row["new_lesion"].bool,
        nonTargets: try #require(RECISTAssessment.NonTargetState(rawValue: row["nontarget"].string)),
        allTargetsGone: row["all_targets_gone"].bool)
      #expect(assessment.response.rawValue == reference.expected["category"][index].string, "row \(index)")
      let isEffective = EffectiveResponses.objectiveResponse.isEffective(assessment.response)
      #expect(isEffective == reference.expected["effective"][index].bool, "row \(index)")
    }
  }

  private func assess(_ baseline: Double, _ nadir: Double, _ followUp: Double, gone: Bool = false)
    -> ResponseCategory
  {
    RECISTAssessment(
      baselineSum: baseline, nadirSum: nadir, followUpSum: followUp, hasNewLesion: false, nonTargets: .absent,
      allTargetsGone: gone
    ).response
  }

  @Test func `Growth of exactly 20 % and 5 mm is progression, a hair less is not`() {
    #expect(assess(25, 25, 30) == .progressive)
    #expect(assess(25, 25, 29.99) == .stable)
    #expect(assess(100, 25.1, 30.1) == .partial)
  }

  @Test func `Reappearance after a nadir of zero is progression`() {
    #expect(assess(50, 0, 3) == .progressive)
    #expect(assess(50, 0, 8, gone: true) == .complete)
  }

  @Test func `A sum that is not known is not evaluable, unless there is a new lesion`() {
    #expect(assess(50, 40, .nan) == .notEvaluable)
    let seen = RECISTAssessment(
      baselineSum: 50, nadirSum: 40, followUpSum: .nan, hasNewLesion: true, nonTargets: .absent,
      allTargetsGone: false)
    #expect(seen.response == .progressive)
  }

  @Test func `What counts as effective can be chosen, and what is not evaluable stays missing`() {
    #expect(EffectiveResponses.objectiveResponse.isEffective(.stable) == false)
    #expect(EffectiveResponses.diseaseControl.isEffective(.stable) == true)
    #expect(EffectiveResponses.diseaseControl.isEffective(.notEvaluable) == nil)
    #expect(EffectiveResponses.diseaseControl.label == "CR,PR,SD")
  }
}

@Suite struct ImmuneResponseTests {
  typealias Point = ImmuneResponse.TimePoint

  @Test func `A progression is unconfirmed until a scan four to eight weeks later shows more`() {
    let points = [
      Point(day: 0, response: .progressive), Point(day: 42, response: .progressive, showsFurtherGrowth: true),
      Point(day: 84, response: .stable),
    ]
    #expect(
      ImmuneResponse.assess(points) == [
        .unconfirmedProgression, .confirmedProgression, .confirmedProgression,
      ])
  }

  @Test func `Too early, too late or without further growth it stays unconfirmed`() {
    for (day, grows) in [(20.0, true), (70, true), (42, false)] {
      let points = [
        Point(day: 0, response: .progressive),
        Point(day: day, response: .progressive, showsFurtherGrowth: grows),
      ]
      #expect(ImmuneResponse.assess(points) == [.unconfirmedProgression, .unconfirmedProgression])
    }
  }

  @Test func `Shrinkage in between resets the clock: pseudoprogression`() {
    let points = [
      Point(day: 0, response: .progressive), Point(day: 42, response: .partial),
      Point(day: 84, response: .progressive, showsFurtherGrowth: true),
    ]
    #expect(ImmuneResponse.assess(points) == [.unconfirmedProgression, .partial, .unconfirmedProgression])
  }

  @Test func `Unconfirmed progression is missing by default and progression on request`() {
    #expect(ImmuneResponse.unconfirmedProgression.category() == .notEvaluable)
    #expect(ImmuneResponse.unconfirmedProgression.category(unconfirmed: .progression) == .progressive)
    #expect(ImmuneResponse.confirmedProgression.category() == .progressive)
    #expect(ImmuneResponse.allCases.map { $0.category().rawValue } == ["CR", "PR", "SD", "NE", "PD", "NE"])
  }
}
