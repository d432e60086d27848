import Foundation
import IVIMBayes
import Tables
import TestSupport
import Testing

/// `--blood-correction`: f as a share of the volume, in table and draws, only where asked for.
@Suite(.enabled(if: Optimization.isOn, "sampling needs a release build"))
struct BloodCorrectionTests {
  private func fit(_ json: String?, into folder: TemporaryFolder, _ name: String) throws -> FinishedRun {
    let scan = try PhantomScan.shared.get()
    let options =
      try json.map { ["--blood-correction", try folder.write($0, as: "\(name).json").path] } ?? []
    try Command.succeed(scan.lesionFit(into: folder.file(name)) + options + ["--quiet"])
    return FinishedRun(folder.file(name))
  }

  @Test func `Known relaxation times move every draw of f by one step of the logit`() throws {
    let folder = try TemporaryFolder()
    let run = try fit(
      #"{"echo_time": 0.06, "repetition_time": 3, "tissue": {"t1": 1.4, "t2": 0.07}}"#, into: folder, "known")
    // The formula of statistics: wt = (1 - e^(-TR/T1)) e^(-TE/T2), blood at 3 T.
    let tissue = (1 - exp(-3 / 1.4)) * exp(-0.06 / 0.07)
    let blood = (1 - exp(-3 / 1.93)) * exp(-0.06 / 0.275)
    for (f, volume) in zip(try run.lesions("f", "median"), try run.lesions("f_vol", "median")) {
      let expected = f * tissue / (f * tissue + (1 - f) * blood)
      #expect(isClose(volume, expected, relative: 1e-3) && volume < f)
    }
    let draws = try DrawsFile(contentsOf: run.file("_draws.nc"), groups: ["posterior"])
    let posterior = try #require(draws.group("posterior"))
    #expect(posterior.variable("f_vol") != nil && posterior.variable("f_vol_mean") != nil)
    #expect(!run.names.contains { $0.contains("f_vol") || $0.contains("fvol") })
    let record = try run.json("_run.json")
    #expect(record["blood_correction"]["tissue"]["t2"]["median"].double == 0.07)
    #expect(record["inputs"]["known.json"].string.count == 64)
  }

  @Test func `Uncertain relaxation times widen f_vol and leave f as it is`() throws {
    let folder = try TemporaryFolder()
    let plain = try fit(nil, into: folder, "plain")
    let known = try fit(
      #"{"echo_time": 0.06, "repetition_time": 3, "tissue": {"t1": 1.4, "t2": 0.07}}"#, into: folder, "k")
    let open = try fit(#"{"echo_time": 0.06, "repetition_time": 3}"#, into: folder, "o")
    #expect(try Set(plain.lesionTable().strings("parameter")).contains("f_vol") == false)
    for run in [known, open] {
      #expect(try run.lesions("f") == plain.lesions("f"))
      #expect(
        try run.map("f", "mean").values.filter(\.isFinite) == plain.map("f", "mean").values.filter(\.isFinite)
      )
    }
    for (narrow, wide) in zip(
      try known.lesions("f_vol", "mean", "sd"), try open.lesions("f_vol", "mean", "sd"))
    {
      #expect(wide > 2 * narrow)
    }
  }

  @Test func `Files that cannot be are refused`() throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    let mistakes = [
      (#"{"echo_time": 60, "repetition_time": 3}"#, "echo_time is 60.0 s, which looks like milliseconds"),
      (#"{"repetition_time": 3}"#, "\"echo_time\" is missing"),
      (#"{"echo_time": 0.06, "repetition_time": 3, "TE": 1}"#, "unknown entry \"TE\""),
      (#"{"echo_time": 0.06, "repetition_time": 3, "blood": {"t2": -1}}"#, "t2 is no relaxation time"),
      (#"{"echo_time": 0.06, "repetition_time": 3, "tissue": {"t1": 1400}}"#, "t1 is 1400.0 s"),
      (
        #"{"echo_time": 0.06, "repetition_time": 3, "field_strength": 7}"#,
        "no relaxation times of blood for 7.0 T"
      ),
      ("[]", "not a JSON object"),
    ]
    for (json, part) in mistakes {
      let file = try folder.write(json, as: "blood.json")
      let outcome = try Command.run(
        scan.lesionFit(into: folder.file("run")) + ["--blood-correction", file.path])
      #expect(outcome.status == 65 && outcome.errors.contains(part), "\(json): \(outcome.errors)")
    }
    let file = try folder.write(#"{"echo_time": 0.06, "repetition_time": 3}"#, as: "blood.json")
    let mono = try Command.run(
      scan.lesionFit(into: folder.file("run")) + [
        "--blood-correction", file.path, "--model", "monoexponential",
      ])
    #expect(mono.status == 64 && mono.errors.contains("no draws of f to correct"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("run").path))
  }
}
