import Foundation
import IVIMBayes
import Tables
import TestSupport
import Testing

/// `--engine` as a user meets it.
@Suite(.enabled(if: Optimization.isOn, "sampling needs a release build"))
struct EngineTests {
  @Test(arguments: ["metropolis", "nuts", "laplace", "grid"])
  func `Every engine finds the T1 of a lesion`(engine: String) throws {
    let scan = try T1TestScan.inversionRecovery()
    // One curve: the grid is for single voxels.
    try Command.succeed(
      scan.fit(
        "ir",
        ["--lesions", scan.lesions.path, "--roi-mean", "--sigma", "3", "--engine", engine, "--quiet"]))
    let run = scan.run()
    let (mean, sd) = (try run.lesions("t1", "mean", "mean")[0], try run.lesions("t1", "mean", "sd")[0])
    // Four posterior SDs: false alarm 6·10⁻⁵.
    #expect(abs(mean - scan.t1) < 4 * sd && sd < 0.02, "\(engine): \(mean) ± \(sd)")
    let configuration = try run.json("_run.json")["configuration"]
    #expect(configuration["engine"] == .string(engine))
    let prior = engine == "metropolis" ? FitConfiguration.defaultPrior : "independent"
    #expect(configuration["prior"] == .string(prior))
  }

  @Test func `Engines agree on IVIM and on what they are asked for, whatever the number of threads`() throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    var found: [String: Double] = [:]
    for engine in ["metropolis", "nuts", "laplace"] {
      let out = folder.file(engine)
      try Command.succeed(
        [
          "fit", "ivim", scan.image.path, "--lesions", scan.lesions.path, "--mask", scan.lesions.path,
          "--roi-mean",
        ]
          + ["--engine", engine, "--threads", "1", "--quiet", "--out", out.path])
      let again = folder.file(engine + "-2")
      try Command.succeed(
        [
          "fit", "ivim", scan.image.path, "--lesions", scan.lesions.path, "--mask", scan.lesions.path,
          "--roi-mean",
        ]
          + ["--engine", engine, "--threads", "2", "--quiet", "--out", again.path])
      #expect(
        try FinishedRun(out).reproducibleContents() == FinishedRun(again).reproducibleContents(), "\(engine)")
      found[engine] = try FinishedRun(out).lesions("d", "mean", "mean")[0]
      let sd = try FinishedRun(out).lesions("d", "mean", "sd")[0]
      let mcse = try FinishedRun(out).lesions("d", "mean", "mcse_mean")[0]
      let reference = try #require(found["metropolis"])
      #expect(abs(try #require(found[engine]) - reference) < 6 * mcse && mcse < 0.1 * sd, "\(engine)")
    }
  }

  @Test func `Least squares gives point estimates that every file says are none but that`() throws {
    let scan = try T1TestScan.inversionRecovery()
    let outcome = try Command.succeed(
      scan.fit("ir", ["--lesions", scan.lesions.path, "--whole-image", "--engine", "least-squares"]))
    #expect(outcome.errors.contains("point estimates, no posterior"))
    let run = scan.run()
    let names = run.names.filter { $0.contains("T1map") }
    #expect(
      names.count == 4 && names.allSatisfy { $0.contains("_desc-estimate_") || $0.contains("_desc-stderr_") })
    for statistic in ["estimate", "stderr"] {
      let sidecar = try run.json("_desc-\(statistic)_T1map.json")
      #expect(sidecar["PointEstimate"] == .bool(true))
      #expect(sidecar["Description"].string.contains("not a posterior") && sidecar["Units"] == .string("s"))
    }
    // 24 voxels at an SNR of 100, T1 to about 1.3 %: five standard errors of the mean.
    let (map, errors) = (try run.t1Map("estimate").values, try run.t1Map("stderr").values)
    let (mean, error) = (map.reduce(0, +) / 24, errors.reduce(0, +) / 24)
    #expect(abs(mean - 1.4) < 5 * error / 4.9 && error < 0.05 && error > 0.005)
    let table = try run.lesionTable()
    #expect(
      table.columns == [
        "lesion", "name", "voxels", "parameter", "functional", "unit", "estimate", "standard_error", "status",
        "at_bound",
      ])
    #expect(try table.strings("status").allSatisfy { $0 == "point-estimate" })
    #expect(!run.names.contains { $0.hasSuffix(".nc") })
    let record = try run.json("_run.json")
    #expect(record["estimate"]["kind"] == .string("point-estimate"))
    #expect(record["health"]["verdict"] == .string("point-estimate"))

    let diagnosis = try Command.run(["diagnose", run.folder.path])
    #expect(diagnosis.status == 65 && diagnosis.errors.contains("nothing was sampled"))
    let summary = try Command.succeed(["summarize", run.folder.path]).output
    #expect(summary.contains("point-estimate") && !summary.contains("rhat"))
    let voxels = try Command.succeed(["summarize", run.folder.path, "--by", "voxel"]).output
    #expect(voxels.contains("estimate_median") && !voxels.contains("rhat"))
  }

  @Test func `Least squares of IVIM finds the D of the phantom`() throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    try Command.succeed(scan.lesionFit(into: folder.file("run")) + ["--engine", "least-squares", "--quiet"])
    let run = FinishedRun(folder.file("run"))
    let truth = try scan.truth(of: "d").values
    let labels = try LabelImage.read(scan.lesions).labels
    for (place, found) in try run.lesions("d", "median", "estimate").enumerated() {
      let inside = labels.indices.filter { labels[$0] == place + 1 }.map { Double(truth[$0]) }.sorted()
      #expect(isClose(found, inside[inside.count / 2], relative: 0.1))
    }
    #expect(try run.lesions("adc", "mean", "estimate").allSatisfy { $0 > 0.5e-3 && $0 < 2.5e-3 })
  }

  @Test func `Engines refuse what they cannot do`() throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    let common = ["fit", "ivim", scan.image.path, "--mask", scan.lesions.path, "--quiet"]
    let grid = try Command.run(
      common + ["--engine", "grid", "--noise", "rician", "--out", folder.file("a").path])
    #expect(grid.status == 64 && grid.errors.contains("5 coordinates") && grid.errors.contains("--sigma"))
    let few = try Command.run(
      common + [
        "--engine", "least-squares", "--b-max", "20", "--adc-range", "0,20", "--out", folder.file("b").path,
      ])
    #expect(few.status == 65 && few.errors.contains("3 different b-values cannot determine the 4 parameters"))
    let unknown = try Command.run(common + ["--engine", "gibbs", "--out", folder.file("c").path])
    #expect(unknown.status == 64 && unknown.errors.contains("metropolis, nuts, laplace, grid, least-squares"))
    #expect(folder.contents.isEmpty)
  }
}
