import Foundation
import IVIMBayes
import Tables
import TestSupport
import Testing

/// `delta --sensitivity`: what change the design alone would make between equal tissue.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct DesignBiasTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The design bias of a lesion with little perfusion that does not change; `snr` is what the second scan's is
  /// multiplied by.
  private func bias(snr: Double, options: [String] = []) throws -> (
    table: TabSeparatedTable, outcome: Command.Outcome
  ) {
    let plan = try folder.write(
      """
      {"shape": [12, 12, 6], "lesions": [{"name": "nodule", "center": [5.5, 5.5, 2.5], "radii": [2.3, 2.3, 1.3],
        "tissue": {"f": 0.05}}],
       "scan": {"diffusion": {"snr": 80, "noise": "gaussian"}, "t1": {"method": "none"},
         "visits": [{"name": "pre"}, {"name": "post", "snr": \(snr)}]}}
      """, as: "plan-\(snr).json")
    let data = folder.file("data-\(snr)")
    try Command.succeed(["simulate", "patient", "--plan", plan.path, "--out", data.path, "--seed", "4"])
    let runs = try ["pre", "post"].map { visit in
      let stem = "sub-SYN01_ses-\(visit)"
      let lesions = data.appending(
        path: "derivatives/lesions/sub-SYN01/ses-\(visit)/dwi/\(stem)_seg-lesions_dseg.nii.gz"
      ).path
      let run = folder.file("\(visit)-\(snr)").path
      try Command.succeed([
        "fit", "ivim", data.appending(path: "sub-SYN01/ses-\(visit)/dwi/\(stem)_dwi.nii.gz").path,
        "--lesions",
        lesions, "--mask", lesions, "--prior", "independent", "--quiet", "--out", run,
      ])
      return run
    }
    let out = folder.file("changes-\(snr)")
    let outcome = try Command.succeed(
      ["delta", "--pre", runs[0], "--post", runs[1], "--out", out.path, "--sensitivity"] + options)
    return (try TabSeparatedTable.read(out.appending(path: "design_bias.tsv")), outcome)
  }

  private func row(_ parameter: String, _ table: TabSeparatedTable) throws -> Int {
    try #require(try table.strings("parameter").firstIndex(of: parameter))
  }

  @Test func `Equal designs have no spurious change, and one scan of low SNR is found out`() throws {
    let equal = try bias(snr: 1)
    #expect(
      equal.table.columns == [
        "patient", "lesion", "name", "parameter", "spurious_delta", "mcse", "delta_sd", "ratio", "flag",
      ])
    #expect(try Set(equal.table.strings("name")) == ["lesion-1"])
    for parameter in ["d", "f", "adc"] {
      let row = try row(parameter, equal.table)
      #expect(try equal.table.numbers("ratio")[row] < 0.25, "\(parameter)")
      #expect(try equal.table.strings("flag")[row] == "")
    }
    #expect(!equal.outcome.errors.contains("by design alone"))

    // The prior's median f of 0.2 draws the noisy scan of a lesion of f 0.05 upwards, the other hardly.
    let unequal = try bias(snr: 0.1)
    let f = try row("f", unequal.table)
    #expect(try unequal.table.numbers("spurious_delta")[f] > 0.1)
    #expect(try unequal.table.strings("flag")[f] == "design bias")
    #expect(unequal.outcome.errors.contains("lesion-1, f: equal tissue would show a change of"))
    #expect(unequal.outcome.errors.contains("by design alone"))
    let record = try String(
      contentsOf: folder.file("changes-0.1/changes_run.json"), encoding: .utf8)
    #expect(record.contains("\"sensitivity\" : true") && record.contains("by design alone"))
  }

  @Test func `Runs without voxels say that they cannot be simulated, and the changes come all the same`()
    throws
  {
    let runs = try ["a", "b"].enumerated().map { index, name in
      try SyntheticRun.ivim(adc: [1e-3], seed: UInt64(index + 1)).write(in: folder, as: name).path
    }
    let out = folder.file("changes")
    let outcome = try Command.succeed([
      "delta", "--pre", runs[0], "--post", runs[1], "--out", out.path, "--sensitivity",
    ])
    #expect(outcome.errors.contains("design bias of ivim is not simulated"))
    #expect(FileManager.default.fileExists(atPath: out.appending(path: "changes.tsv").path))
  }
}
