import Diagnostics
import Foundation
import GSLSupport
import Lesions
import Tables
import TestSupport
import Testing

@testable import IVIMBayes

/// Changes and probabilities as a terminal shows them.
@Suite struct ChangeTextTests {
  private func row(
    _ name: String, _ parameter: LesionParameter, factor: Double, isKnown: Bool = true,
    grade: Grade = .dataDominated,
    verdict: Verdict = .pass, isMissing: Bool = false
  ) -> LesionChange {
    let value = parameter == .t1 ? 1.4 : 1.1e-3
    let draws = (0..<400).map {
      value * exp(0.02 * SpecialFunctions.normalQuantile((Double($0) + 0.5) / 400))
    }
    let change = ParameterChange(
      parameter, pre: draws, post: draws.map { factor * $0 },
      variability: isKnown ? ScanVariability(total: 0.03, physiological: 0.01, source: "test") : nil,
      pairing: StreamKey(seed: 1, purpose: .resampling))
    return LesionChange(
      patient: "P", lesion: "1", name: name, parameter: parameter, functional: .mean,
      change: isMissing ? nil : change, isMissing: isMissing, grade: grade, verdict: verdict)
  }

  @Test func `What is resolved is said lesion by lesion, and what is not in one word`() {
    let sentences = ChangeText.sentences([
      row("upper", .apparentDiffusion, factor: 1.3), row("upper", .t1, factor: 0.8),
      row("lower", .apparentDiffusion, factor: 1.001),
    ])
    #expect(sentences.count == 2)
    #expect(
      sentences[0].hasPrefix("upper: ADC rose by about 30 %")
        && sentences[0].contains("; T1 fell by about 20 %"))
    #expect(sentences[1] == "lower: no direction of change is resolved")
  }

  @Test
  func `Nothing is said of changes without a figure for scan-to-scan variation, or that must not be read`() {
    #expect(ChangeText.sentences([row("a", .t1, factor: 2, isKnown: false)]).isEmpty)
    #expect(ChangeText.sentences([row("a", .pseudoDiffusion, factor: 2, grade: .priorDominated)]).isEmpty)
    #expect(ChangeText.sentences([row("a", .t1, factor: 2, isMissing: true)]).isEmpty)
    #expect(ChangeText.sentences([row("a", .t1, factor: 2)], functional: .sd).isEmpty)
  }

  @Test func `A line holds both values in the unit people read, the change, and both verdicts`() throws {
    let lines = ChangeText.table([
      row("upper", .t1, factor: 1.1), row("upper", .apparentDiffusion, factor: 1.3),
    ])
    .split(separator: "\n").map(String.init)
    #expect(lines.count == 3 && lines[0].contains("90 % interval"))
    let t1 = lines[1].split(separator: " ").map(String.init)
    // ±47 ms: two digits are units of a millisecond.
    #expect(t1.prefix(6) == ["1", "upper", "T1", "ms", "1400", "1540"] && t1.contains("+10"))
    #expect(lines[1].contains("beyond") && lines[1].hasSuffix("pass"))
    #expect(lines[2].contains("10⁻³ mm²/s") && lines[2].contains("+30 %"))
  }

  @Test func `A change that is missing, unknown or unreadable has its reason and no numbers`() {
    func last(_ row: LesionChange) -> String {
      ChangeText.table([row]).split(separator: "\n").last.map(String.init) ?? ""
    }
    let missing = last(row("a", .t1, factor: 1.2, isMissing: true))
    #expect(missing.hasSuffix("missing") && !missing.contains("%"))
    let silent = last(row("a", .pseudoDiffusion, factor: 1.2, grade: .priorDominated))
    #expect(silent.hasSuffix("warn") && !silent.contains("%") && silent.contains("prior-dominated"))
    #expect(last(row("a", .t1, factor: 1.2, isKnown: false)).contains("unknown"))
    #expect(last(row("a", .t1, factor: 1.2, verdict: .fail)).hasSuffix("fail"))
  }

  @Test func `As text for programs the rows are those of changes-tsv, of one functional or of all`() throws {
    let changes = [row("a", .t1, factor: 1.2), row("b", .t1, factor: 0.9)]
    let text = ChangeText.text(changes, functional: .mean, as: "tsv")
    #expect(text + "\n" == ChangeTable.table(changes).text)
    #expect(ChangeText.text(changes, functional: .sd, as: "tsv").split(separator: "\n").count == 1)
    #expect(ChangeText.text(changes, functional: nil, as: "json").contains("\"parameter\" : \"t1\""))
  }

  @Test func `Judgements leave empty what there is not, and end with what they are`() throws {
    var table = TabSeparatedTable(columns: EfficacyJudging.columns, name: "efficacy.tsv")
    table.append([
      "lesion", "P", "1", "0.834", "0.6", "0.95", "0.4", "0.99", "0.81", "6.25", "0.35", "0.65", "0.5",
      "study", "true",
      "", "abc",
    ])
    table.append(
      ["patient", "P", "n/a"] + [String](repeating: "n/a", count: 9) + [
        "0.5", "study", "true", "too few lesions", "abc",
      ])
    let text = try EfficacyText.judgements(table)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines[1].contains("0.83") && lines[1].contains("0.60 to 0.95") && lines[1].contains("6.2"))
    #expect(lines[1].contains("35 %") && !lines[2].contains("to 0") && lines[2].contains("too few lesions"))
    #expect(text.contains("cohort: study; prevalence 0.50") && text.hasSuffix(IVIMBayesVersion.researchUse))
    #expect(throws: RunError.self) { try EfficacyText.judgements(TabSeparatedTable(columns: ["level"])) }
  }

  @Test func `Tables of a cohort stand under their names, empty ones and those of patients do not`() throws {
    var groups = TabSeparatedTable(columns: ["feature", "welch_t", "n_a"], name: "groups.tsv")
    groups.append(["delta_adc", "2.5", "12"])
    var patients = TabSeparatedTable(columns: ["patient"], name: "patients.tsv")
    patients.append(["A"])
    let text = CohortText.text(of: [groups, patients, TabSeparatedTable(columns: ["x"], name: "roc.tsv")])
    #expect(text == "== groups.tsv\nfeature    n_a\ndelta_adc   12\n")
  }
}
