import Foundation
import IVIMBayes
import Tables
import TestSupport
import Testing

/// `fit t1` as a user runs it.
@Suite(.enabled(if: Optimization.isOn, "sampling needs a release build"))
struct FitT1Tests {
  @Test func `Maps, table and draws hold T1 in seconds, and what else the method leaves open`() throws {
    let scan = try T1TestScan.inversionRecovery()
    let outcome = try Command.succeed(scan.fit("ir", ["--lesions", scan.lesions.path, "--whole-image"]))
    #expect(outcome.errors.contains("ignored EchoTime"))
    let run = scan.run()
    let medians = try run.t1Map("median").values
    let inside = medians.filter(\.isFinite)
    #expect(inside.count == 24 && inside.allSatisfy { abs($0 - 1.4) < 0.15 })
    let table = try run.lesionTable()
    #expect(Set(try table.strings("parameter")) == ["t1", "s0", "sigma", "inversion"])
    #expect(isClose(try run.lesions("t1")[0], 1.4, relative: 0.02))
    #expect(isClose(try run.lesions("inversion")[0], 1.9, relative: 0.05))
    #expect(try run.json("_run.json")["protocol"]["inversion_times"].doubles == T1TestScan.inversionTimes)
    #expect(try run.json("_desc-median_T1map.json")["Units"] == .string("s"))
  }

  @Test func `MOLLI and Look-Locker report T1* beside the corrected T1`() throws {
    let times = T1TestScan.molliTimes
    let scan = try T1TestScan(
      LookLockerRecovery(inversionTimes: times.map { InversionTime(seconds: $0) }), others: [0.3],
      sidecar: nil, isMagnitude: true)
    let list = times.map { "\($0)" }.joined(separator: ",")
    for method in ["molli", "look-locker"] {
      let outcome = try Command.succeed(
        scan.fit(method, ["--inversion-times", list, "--lesions", scan.lesions.path], out: method))
      #expect(outcome.errors.contains("compare it within one protocol only") == (method == "molli"))
      #expect(isClose(try scan.run(method).lesions("t1")[0], 1.4, relative: 0.05))
      #expect(isClose(try scan.run(method).lesions("t1star")[0], 1.4 * exp(-0.3), relative: 0.05))
    }
  }

  @Test func `Files of one inversion time each, with their sidecars, are one scan in any order`() throws {
    let scan = try T1TestScan.inversionRecovery()
    let image = try NIfTIImage.read(scan.image)
    var files: [String] = []
    for (index, time) in T1TestScan.inversionTimes.enumerated() {
      let name = "sub-1_inv-\(index + 1)_IRT1"
      let file = scan.folder.file(name + ".nii.gz")
      try NIfTIImage(grid: image.grid, values: Array(image.volume(index))).writeFloat32(to: file)
      _ = try scan.folder.write(
        #"{"InversionTime": \#(time), "RepetitionTimeExcitation": 8, "Manufacturer": "x"}"#,
        as: name + ".json")
      files.append(file.path)
    }
    func fit(_ files: [String], stem: String, _ out: String) throws -> FinishedRun {
      let folder = scan.folder.file(out)
      let outcome = try Command.succeed(
        ["fit", "t1"] + files + ["--method", "ir", "--lesions", scan.lesions.path, "--out", folder.path])
      #expect(outcome.errors.contains("ignored Manufacturer"))
      return FinishedRun(folder, stem: stem)
    }
    let forwards = try fit(files, stem: "sub-1", "forwards")
    let backwards = try fit(files.reversed(), stem: "sub-1", "backwards")
    let times = try forwards.json("_run.json")["protocol"]["inversion_times"].doubles
    #expect(times == T1TestScan.inversionTimes)
    #expect(try backwards.json("_run.json")["protocol"]["inversion_times"].doubles == times.reversed())
    let (one, other) = (try forwards.lesions("t1")[0], try backwards.lesions("t1")[0])
    #expect(isClose(one, 1.4, relative: 0.02) && isClose(one, other, relative: 0.01))
  }

  @Test func `Files of one flip angle each are one scan`() throws {
    let scan = try T1TestScan.flipAngles()
    let image = try NIfTIImage.read(scan.image)
    var files: [String] = []
    for (index, angle) in T1TestScan.flipAngles.enumerated() {
      let name = "sub-1_flip-\(index + 1)_VFA"
      try NIfTIImage(grid: image.grid, values: Array(image.volume(index)))
        .writeFloat32(to: scan.folder.file(name + ".nii.gz"))
      _ = try scan.folder.write(
        #"{"FlipAngle": \#(angle), "RepetitionTimeExcitation": 0.005}"#, as: name + ".json")
      files.append(scan.folder.file(name + ".nii.gz").path)
    }
    let out = scan.folder.file("out")
    let outcome = try Command.succeed(
      ["fit", "t1"] + files
        + ["--method", "vfa", "--b1-sd", "0.001", "--lesions", scan.lesions.path, "--out", out.path])
    #expect(outcome.errors.contains("no B1 map"))
    let run = FinishedRun(out, stem: "sub-1")
    #expect(isClose(try run.lesions("t1")[0], 1.4, relative: 0.03))
    #expect(try run.json("_run.json")["protocol"]["flip_angles"].doubles == T1TestScan.flipAngles)
  }

  @Test func `SASHA takes an image without saturation, and its run can be repeated from its record`() throws {
    let times = [0.1, 0.3, 0.5, 0.7, 1.0, 1.5, 2.5, .infinity]
    let scan = try T1TestScan(
      MagnetizationRecovery(
        saturationTimes: times.map { SaturationTime(seconds: $0) }, isSaturationPerfect: true), others: [],
      sidecar: nil, isMagnitude: false)
    let list = times.map { $0.isFinite ? "\($0)" : "inf" }.joined(separator: ",")
    try Command.succeed(
      scan.fit("sasha", ["--saturation-times", list, "--lesions", scan.lesions.path, "--quiet"]))
    #expect(isClose(try scan.run().lesions("t1")[0], 1.4, relative: 0.02))
    #expect(try scan.run().json("_run.json")["protocol"]["saturation_times"][7] == .string("inf"))
    let again = scan.folder.file("again")
    try Command.succeed([
      "fit", "t1", scan.image.path, "--config", scan.run().file("_run.json").path, "--lesions",
      scan.lesions.path,
      "--quiet", "--out", again.path,
    ])
    #expect(try FinishedRun(again, stem: "t1").reproducibleContents() == scan.run().reproducibleContents())
  }

  @Test func `A table of curves gives the T1 of every curve`() throws {
    let folder = try TemporaryFolder()
    var rows = "id\tlesion\tsetting\tsignal\n"
    for (lesion, t1) in [("1", 0.8), ("2", 1.6)] {
      for time in T1TestScan.inversionTimes {
        rows += "A\t\(lesion)\t\(time)\t\(abs(1000 * (1 - 1.9 * exp(-time / t1))))\n"
      }
    }
    let table = try folder.write(rows, as: "curves.tsv")
    try Command.succeed(
      ["fit", "t1", table.path, "--method", "ir", "--sigma", "5", "--out", folder.file("run").path])
    let found = try FinishedRun(folder.file("run"), stem: "curves").lesions("t1")
    #expect(isClose(found[0], 0.8, relative: 0.02) && isClose(found[1], 1.6, relative: 0.02))
  }

  @Test func `What a scan cannot be is said before anything is fitted`() throws {
    let scan = try T1TestScan.inversionRecovery()
    let vfa = try T1TestScan.flipAngles()
    let percent = scan.folder.file("percent.nii.gz")
    let full = [Float](repeating: 100, count: T1TestScan.grid.voxelCount)
    try NIfTIImage(grid: T1TestScan.grid, values: full).writeFloat32(to: percent)
    let elsewhere = scan.folder.file("elsewhere.nii.gz")
    try NIfTIImage(
      grid: Grid(shape: [6, 4, 1], affine: .scaling([2, 2, 5], origin: [400, 0, 0])),
      values: full.map { $0 / 100 }
    ).writeFloat32(to: elsewhere)
    let three = "0.1,0.5,1.5"
    let four = "0.1,0.5,1.5,2.5"
    let few = scan.folder.file("few.nii.gz")
    let image = try NIfTIImage.read(scan.image)
    try NIfTIImage(grid: image.grid, volumeCount: 3, values: Array(image.values.prefix(3 * 24))).writeFloat32(
      to: few)
    let mistakes: [(arguments: [String], status: Int32, parts: [String])] = [
      (
        scan.fit("ir", ["--inversion-times", "50,150,400,700,1000,1400,2000,3000"]), 65,
        ["50.0 s", "50.0 ms is 0.05"]
      ),
      (scan.fit("ir", ["--repetition-time", "2500"]), 65, ["2500.0 s", "2500.0 ms is 2.5"]),
      (scan.fit("ir", ["--inversion-times", four]), 65, ["4 entries for the 8 volumes"]),
      (vfa.fit("vfa", ["--repetition-time", "5"]), 65, ["5.0 s", "5.0 ms is 0.005"]),
      (
        vfa.fit("vfa", ["--b1", percent.path]), 65,
        ["percent.nii.gz", "median of the B1 map is 100", "_TB1map"]
      ),
      (
        vfa.fit("vfa", ["--b1", elsewhere.path]), 65,
        ["elsewhere.nii.gz", "in doubt", "400 mm", "--place scanner"]
      ),
      (vfa.fit("vfa", ["--flip-angles", "2,5,10,15,200"]), 65, ["entry 5", "between 0 and 180"]),
      (
        [
          "fit", "t1", few.path, "--method", "ir", "--inversion-times", three, "--out",
          scan.folder.file("x").path,
        ], 65,
        [
          "3 measurements at 3 different inversion times cannot tell 3 parameters and the noise apart",
          "--sigma",
        ]
      ),
    ]
    for mistake in mistakes {
      let outcome = try Command.run(mistake.arguments)
      #expect(outcome.status == mistake.status, "\(mistake.arguments): \(outcome.errors)")
      for part in mistake.parts { #expect(outcome.errors.contains(part), "\(part) in \(outcome.errors)") }
      #expect(!FileManager.default.fileExists(atPath: scan.folder.file("run").path))
      #expect(!FileManager.default.fileExists(atPath: vfa.folder.file("run").path))
    }
  }

  @Test func `What a scan hardly can be is said in a notice`() throws {
    let scan = try T1TestScan.inversionRecovery()
    let late = try Command.succeed(
      scan.fit(
        "ir", ["--inversion-times", "8,9,10,11,12,13,14,15", "--roi-mean", "--lesions", scan.lesions.path]))
    #expect(late.errors.contains("longer than five prior T1"))
    let vfa = try T1TestScan.flipAngles()
    let radians = try Command.succeed(
      vfa.fit(
        "vfa", ["--flip-angles", "0.03,0.09,0.17,0.26,0.35", "--roi-mean", "--lesions", vfa.lesions.path]))
    #expect(radians.errors.contains("are these radians"))
    let image = try NIfTIImage.read(scan.image)
    let two = scan.folder.file("two.nii.gz")
    try NIfTIImage(grid: image.grid, volumeCount: 2, values: Array(image.values.prefix(48))).writeFloat32(
      to: two)
    let few = try Command.succeed([
      "fit", "t1", two.path, "--method", "ir", "--inversion-times", "0.05,0.15", "--sigma", "10",
      "--roi-mean",
      "--lesions", scan.lesions.path, "--out", scan.folder.file("two").path,
    ])
    #expect(few.errors.contains("2 different inversion times for 3 parameters"))
    let point = try Command.run([
      "fit", "t1", two.path, "--method", "ir", "--inversion-times", "0.05,0.15", "--engine", "least-squares",
      "--out", scan.folder.file("none").path,
    ])
    #expect(
      point.status == 65
        && point.errors.contains("2 different inversion times cannot determine the 3 parameters"))
  }
}
