import Foundation
import IVIMBayes
import Tables
import TestSupport
import Testing

/// The misfit flag and the suggestion of Rician noise: raised where they must be, silent where not.
@Suite(.enabled(if: Optimization.isOn, "sampling needs a release build"))
struct ModelCheckTests {
  private func flags(_ run: FinishedRun) throws -> [String] {
    try run.json("_run.json")["health"]["flags"].array.map { $0[0].string }
  }

  // A false alarm needs a chi-squared number beyond its 99.5 % point: fewer than one of 200 seeds.
  @Test func `A scan that follows its model raises nothing`() throws {
    let scan = try T1TestScan.inversionRecovery()
    try Command.succeed(scan.fit("ir", ["--lesions", scan.lesions.path, "--quiet"]))
    #expect(try !flags(scan.run()).contains("misfit"))
    let checks = try scan.run().json("_run.json")["model_checks"][0]
    #expect(checks["posterior_predictive_p"].double > 0.005 && checks["common_share"].double < 0.25)
    let diagnosis = try Command.run(["diagnose", scan.run().folder.path])
    #expect(!diagnosis.output.contains("misfit"))
  }

  @Test func `Twin: a volume that lost signal in every voxel is a misfit, and diagnose says what to do`()
    throws
  {
    let scan = try T1TestScan.inversionRecovery { setting, signal in setting == 6 ? signal - 150 : signal }
    try Command.succeed(scan.fit("ir", ["--lesions", scan.lesions.path, "--quiet"]))
    #expect(try flags(scan.run()).contains("misfit"))
    let diagnosis = try Command.run(["diagnose", scan.run().folder.path, "--format", "tsv"])
    #expect(diagnosis.status >= 1)
    let line = try #require(diagnosis.lines.first { $0.contains("misfit") })
    #expect(line.contains("posterior predictive p 0.000") && line.contains("look for motion"))
    #expect(line.contains("an inversion time of"))
  }

  @Test func `IVIM: a phantom raises nothing, one with a wrong volume does`() throws {
    let scan = try PhantomScan.shared.get()
    #expect(try !flags(FinishedRun.shared.get()).contains("misfit"))
    let folder = try TemporaryFolder()
    let file = try scan.altered(in: folder) { image in
      let count = image.grid.voxelCount
      for index in 5 * count..<6 * count { image.values[index] *= 0.75 }
    }
    try Command.succeed([
      "fit", "ivim", file.path, "--mask", scan.lesions.path, "--lesions", scan.lesions.path, "--quiet",
      "--out",
      folder.file("run").path,
    ])
    let run = FinishedRun(folder.file("run"), stem: "scan")
    #expect(try flags(run).contains("misfit"))
  }

  @Test func `Gaussian noise on magnitudes near the noise is flagged, and nothing is switched`() throws {
    let scan = try T1TestScan.inversionRecovery(sigma: 60)
    let gaussian = try Command.succeed(
      scan.fit("ir", ["--lesions", scan.lesions.path, "--noise", "gaussian"], out: "gaussian"))
    #expect(gaussian.errors.contains("consider --noise rician"))
    #expect(try flags(scan.run("gaussian")).contains("low-SNR"))
    #expect(try scan.run("gaussian").json("_run.json")["configuration"]["noise"] == .string("gaussian"))
    let rician = try Command.succeed(scan.fit("ir", ["--lesions", scan.lesions.path], out: "rician"))
    #expect(!rician.errors.contains("consider --noise rician"))
    #expect(try !flags(scan.run("rician")).contains("low-SNR"))
    // Outside lesions, from the signals themselves.
    let voxels = try Command.succeed(scan.fit("ir", ["--noise", "gaussian"], out: "voxels"))
    #expect(
      voxels.errors.contains("voxels outside lesions") && voxels.errors.contains("consider --noise rician"))
  }
}
