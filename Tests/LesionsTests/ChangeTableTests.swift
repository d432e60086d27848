import Diagnostics
import GSLSupport
import Lesions
import Tables
import TestSupport
import Testing

@Suite struct ChangeTableTests {
  private func row(_ parameter: LesionParameter, missing: Bool = false, grade: Grade = .dataDominated)
    -> LesionChange
  {
    let key = StreamKey(seed: 1, purpose: .resampling)
    let draws = (1...200).map { 1e-3 * (1 + Double($0) / 2000) }
    let change = ParameterChange(
      parameter, pre: draws, post: draws.map { 1.3 * $0 }, variability: .builtIn(parameter), pairing: key)
    return LesionChange(
      patient: "P1", lesion: "1", name: "hilar", parameter: parameter, functional: .mean,
      change: missing ? nil : change, isMissing: missing, grade: grade, verdict: .pass)
  }

  @Test func `The columns stand in the order of the interface, each with a meaning`() {
    #expect(
      ChangeTable.columns.prefix(27).joined(separator: " ")
        == "patient lesion name parameter functional scale delta_median delta_q05 delta_q95 percent_median "
        + "percent_q05 percent_q95 p_increase p_decrease rope_low rope_high p_outside_rope p_in_rope rc "
        + "observed_beyond_rc wsd_total wsd_phys wsd_source pre_median post_median grade status")
    #expect(Set(ChangeTable.columns) == Set(ChangeTable.descriptions.keys))
  }

  @Test func `A change fills its row`() throws {
    let table = ChangeTable.table([row(.apparentDiffusion)])
    #expect(isClose(try table.numbers("percent_median")[0], 30, absolute: 2))
    #expect(try table.strings("scale") == ["log"])
    #expect(try table.numbers("p_increase")[0] > 0.95)
    #expect(try table.strings("observed_beyond_rc") == ["true"])
    #expect(try table.numbers("wsd_total") == [0.071])
    #expect(try table.strings("status") == ["pass"])
    #expect(try table.strings("grade") == ["data-dominated"])
    #expect(try table.numbers("delta_sd")[0] > 0.1)
  }

  @Test func `A missing lesion is listed as missing, never as zero`() throws {
    let table = ChangeTable.table([row(.apparentDiffusion, missing: true)])
    #expect(try table.strings("status") == ["missing"])
    #expect(try table.numbers("delta_median")[0].isNaN)
    #expect(try table.numbers("p_increase")[0].isNaN)
  }

  @Test func `Without scan-to-scan variation there is no interval and no probability`() throws {
    let key = StreamKey(seed: 1, purpose: .resampling)
    let draws = (1...200).map { 1e-3 * (1 + Double($0) / 2000) }
    let change = ParameterChange(
      .perfusionProduct, pre: draws, post: draws.map { 0.55 * $0 }, variability: nil, pairing: key)
    let table = ChangeTable.table([
      LesionChange(
        patient: "P1", lesion: "1", name: "hilar", parameter: .perfusionProduct, functional: .mean,
        change: change, grade: .dataDominated, verdict: .pass)
    ])
    for column in [
      "delta_q05", "delta_q95", "percent_q05", "percent_q95", "p_increase", "p_decrease", "p_outside_rope",
      "p_in_rope", "rc", "wsd_total", "wsd_phys", "delta_sd",
    ] { #expect(try table.strings(column) == ["n/a"], "\(column)") }
    #expect(try table.strings("observed_beyond_rc") == ["n/a"])
    #expect(try table.strings("wsd_source")[0].contains("no interval and no probability"))
    // What was observed stands: the medians, and the posterior of each visit.
    #expect(isClose(try table.numbers("percent_median")[0], -45, absolute: 2))
    #expect(try table.numbers("pre_sd")[0] > 0 && table.numbers("post_sd")[0] > 0)
  }

  @Test(arguments: [Double.nan, .infinity, -1e-3, 0])
  func `Draws that are not on the axis fail, without a grade`(draw: Double) throws {
    let change = ParameterChange(
      .apparentDiffusion, pre: [1e-3, 1.1e-3], post: [1e-3, draw], variability: .builtIn(.apparentDiffusion),
      pairing: StreamKey(seed: 1, purpose: .resampling))
    let table = ChangeTable.table([
      LesionChange(
        patient: "P1", lesion: "1", name: "a", parameter: .apparentDiffusion, functional: .mean,
        change: change,
        grade: .dataDominated, verdict: .pass)
    ])
    #expect(try table.strings("status") == ["fail"] && table.strings("grade") == ["n/a"])
    #expect(try table.numbers("delta_median")[0].isNaN)
  }

  @Test func `A prior-dominated D* prints no change, a prior-dominated ADC does`() throws {
    let table = ChangeTable.table([
      row(.pseudoDiffusion, grade: .priorDominated), row(.apparentDiffusion, grade: .priorDominated),
      row(.pseudoDiffusion, grade: .mixed),
    ])
    #expect(try table.numbers("delta_median").map(\.isNaN) == [true, false, false])
    #expect(try table.strings("status") == ["warn", "pass", "pass"])
  }
}
