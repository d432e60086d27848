import Foundation
import Tables
import TestSupport
import Testing

/// `calibrate` as a user runs it, on lesions small enough for a test.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct CalibrateTests {
  private static let protocolOptions = [
    "--bval", "0,10,20,40,80,150,300,500,800,1000", "--prior", "independent", "--quiet",
  ]

  @Test func `Ranks and joint test pass with 0 and leave their tables`() throws {
    let folder = try TemporaryFolder()
    let out = folder.file("calibration")
    let outcome = try Command.run(
      [
        "calibrate", "--lesion-voxels", "8", "--replicates", "40", "--checks", "ranks,geweke", "--out",
        out.path,
      ]
        + Self.protocolOptions)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.lines.first == "PASS: 10 b-values, SNR 30, 8 voxels, prior independent")
    let ranks = try TabSeparatedTable.read(out.appending(path: "ranks.tsv"))
    #expect(ranks.rows.count == 10)
    #expect(try ranks.strings("verdict").allSatisfy { $0 == "holds" })
    let paths = try TabSeparatedTable.read(out.appending(path: "rank-paths.tsv"))
    #expect(paths.rows.count == 200)
    let joint = try TabSeparatedTable.read(out.appending(path: "geweke.tsv"))
    #expect(try joint.numbers("z").allSatisfy { abs($0) < 4 })
    let record = try JSONDecoder().decode(
      JSONValue.self, from: Data(contentsOf: out.appending(path: "calibration.json")))
    #expect(record["verdict"].string == "pass" && record["protocol"]["b_values"].array.count == 10)
    // The terminal's text and the file's are one.
    let text = try String(contentsOf: out.appending(path: "calibration.txt"), encoding: .utf8)
    #expect(text == outcome.output)
    #expect(try Command.run(["calibrate", "--out", out.path] + Self.protocolOptions).status == 73)
  }

  // Finding: independent voxel priors bias the mean of a lesion by many of its own SDs.
  @Test func `Independent voxels fail the coverage of lesion means, with 2, where f is far from the prior`()
    throws
  {
    let folder = try TemporaryFolder()
    let out = folder.file("calibration")
    let arguments =
      ["calibrate", "--snr", "15", "--lesion-voxels", "60", "--replicates", "20", "--checks", "coverage"]
      + ["--draws", "200", "--out", out.path] + Self.protocolOptions
    let outcome = try Command.run(arguments)
    #expect(outcome.status == 2, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("Do not use intervals of lesion means from --prior independent"))
    let table = try TabSeparatedTable.read(out.appending(path: "coverage.tsv"))
    let (tissues, quantities) = (try table.strings("tissue"), try table.strings("quantity"))
    let (biases, verdicts) = (try table.numbers("bias_in_sd"), try table.strings("verdict"))
    let low = table.rows.indices.filter { tissues[$0] == "f 0.06" && quantities[$0] == "f" }
    #expect(low.count == 3)
    #expect(low.allSatisfy { biases[$0] > 3 && verdicts[$0] == "too low" })
    #expect(
      quantities.indices.filter { quantities[$0] == "dstar" }.allSatisfy { verdicts[$0] == "not judged" })
  }

  @Test func `T1 by inversion recovery can be calibrated too, and results do not depend on threads`() throws {
    func outcome(_ threads: String) throws -> Command.Outcome {
      try Command.run([
        "calibrate", "--method", "ir", "--inversion-times", "0.05,0.15,0.4,0.8,1.4,2.2,3.5",
        "--repetition-time",
        "5", "--lesion-voxels", "8", "--replicates", "20", "--draws", "200", "--prior", "independent",
        "--threads", threads, "--quiet",
      ])
    }
    let (one, two) = (try outcome("1"), try outcome("2"))
    #expect(one.output == two.output && one.status == two.status)
    #expect(one.output.contains("T1 1.4 s") && one.output.contains("lesion mean of log t1"))
  }

  @Test(arguments: [
    ([], "--bval, or --method"), (["--bval", "0,100,500,1000", "--method", "ir"], "--bval, or --method"),
    (["--bval", "0,500,1000"], "3 different b-values"),
    (["--bval", "0,100,500,1000", "--snr", "-1"], "--snr"),
    (["--bval", "0,100,500,1000", "--replicates", "3"], "--replicates"),
    (["--bval", "0,100,500,1000", "--lesion-voxels", "1"], "--lesion-voxels"),
    (["--bval", "0,100,500,1000", "--tissue", "cheese"], "--tissue"),
    (["--bval", "0,100,500,1000", "--checks", "luck"], "--checks"),
    (["--method", "vfa", "--flip-angles", "3,15", "--b1", "map.nii.gz"], "--b1"),
  ])
  func `What cannot be calibrated ends with 64 and says why`(arguments: [String], text: String) throws {
    let outcome = try Command.run(["calibrate"] + arguments)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
  }
}
