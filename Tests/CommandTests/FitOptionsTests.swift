import Foundation
import NIfTI
import Tables
import TestSupport
import Testing

/// What the options of `fit ivim` do to its results.
@Suite struct FitOptionsTests {
  let scan: PhantomScan
  let folder: TemporaryFolder

  init() throws {
    scan = try PhantomScan.shared.get()
    folder = try TemporaryFolder()
  }

  /// A fit of `image` with few draws.
  private func fit(
    _ name: String, image: URL? = nil, _ options: [String]
  ) throws -> (run: FinishedRun, outcome: Command.Outcome) {
    let image = image ?? scan.image
    let out = folder.file(name)
    let outcome = try Command.succeed(
      ["fit", "ivim", image.path, "--out", out.path, "--draws", "100"] + options)
    #expect(outcome.lines == [out.path])
    let stem = image == scan.image ? "sub-phantom" : String(image.lastPathComponent.prefix { $0 != "." })
    return (FinishedRun(out, stem: stem), outcome)
  }

  private var inLesions: [String] { ["--mask", scan.lesions.path, "--lesions", scan.lesions.path] }

  @Test func `--roi-mean reduces each lesion to one curve and leaves no maps`() throws {
    let run = try fit("run", inLesions + ["--roi-mean"]).run
    #expect(!run.names.contains { $0.hasSuffix(".nii.gz") })
    #expect(run.names.contains("sub-phantom_draws.nc") && run.names.contains("sub-phantom_qc.tsv"))
    let table = try run.lesionTable()
    #expect(try table.numbers("voxels").allSatisfy { $0 == 1 })
    let (d, byVoxel) = (try run.lesions("d"), try FinishedRun.shared.get().lesions("d"))
    #expect(d.count == 2 && zip(d, byVoxel).allSatisfy { isClose($0, $1, relative: 0.15) })
  }

  @Test func `A table of curves gives a lesion for each id and lesion, with the D that made it`() throws {
    let curves = [("anna", "tumour", 0.8e-3, 0.2), ("anna", "node", 1.6e-3, 0.1)]
    let rows = curves.flatMap { id, lesion, d, f in
      [0.0, 10, 20, 30, 50, 80, 100, 200, 400, 600, 800, 1000].map { b in
        let signal = 1000 * ((1 - f) * exp(-b * d) + f * exp(-b * 20e-3))
        // ±0.5 in turn, so that the noise is known to be small but not zero.
        return "\(id)\t\(lesion)\t\(b)\t\(signal + (Int(b / 10) % 2 == 0 ? 0.5 : -0.5))\t2\n"
      }
    }
    let file = try folder.write("id\tlesion\tsetting\tsignal\tn\n" + rows.joined(), as: "curves.tsv")
    let run = try fit("run", image: file, []).run
    let expected = [
      ".bidsignore", ".ivimbayes.json", "curves_draws.nc", "curves_lesions.json", "curves_lesions.tsv",
      "curves_report.html", "curves_run.json", "curves_signals.tsv",
    ]
    #expect(run.names == expected + ["curves_timing.json", "dataset_description.json"])
    #expect(Set(try run.lesionTable().strings("name")) == ["anna tumour", "anna node"])
    for (found, curve) in zip(try run.lesions("d"), curves) {
      #expect(isClose(found, curve.2, relative: 0.05))
    }
    for (found, curve) in zip(try run.lesions("f"), curves) {
      #expect(isClose(found, curve.3, relative: 0.15))
    }
  }

  @Test func `Excluded volumes are left out everywhere, or in one lesion only`() throws {
    let everywhere = try fit("everywhere", inLesions + ["--exclude-volumes", "3"]).run
    let one = try fit("one", inLesions + ["--exclude-volumes", "3", "--exclude-volumes", "2:5,6"]).run
    #expect(try everywhere.json("_run.json")["protocol"]["b_values"].array.count == 11)
    #expect(!(try everywhere.json("_run.json"))["protocol"]["b_values"].doubles.contains(30))
    let (a, b) = (try everywhere.lesions("d"), try one.lesions("d"))
    #expect(a[0] == b[0] && a[1] != b[1])
    #expect(isClose(a[1], b[1], relative: 0.2))
  }

  @Test func `--exclude-flagged leaves out the volume that moved, and says so`() throws {
    let whole = try PhantomScan(plan: #"{"snr": 30}"#)
    let image = try whole.altered(in: folder, name: "moved") { image in
      let (grid, original) = (image.grid, image.values)
      for index in 0..<grid.voxelCount {
        let place = grid.position(ofIndex: index)
        let source = grid.index(x: max(0, place[0] - 2), y: place[1], z: place[2])
        image.values[7 * grid.voxelCount + index] = original[7 * grid.voxelCount + source]
      }
    }
    let lesions = ["--mask", whole.lesions.path, "--lesions", whole.lesions.path]
    let kept = try fit("kept", image: image, lesions)
    let quality = try TabSeparatedTable.read(kept.run.file("_qc.tsv"))
    let (flags, volumes) = (try quality.strings("flag"), try quality.integers("volume"))
    #expect(Set(flags.indices.filter { flags[$0] != "ok" }.map { volumes[$0] }) == [7])
    #expect(kept.outcome.errors.contains("quality control flags"))
    let excluded = try fit("excluded", image: image, lesions + ["--exclude-flagged"])
    #expect(excluded.outcome.errors.contains("quality control: volumes 7 of lesion"))
    #expect(try kept.run.lesions("d") != excluded.run.lesions("d"))
    #expect(try excluded.run.json("_run.json")["configuration"]["exclude-flagged"].bool)
  }

  @Test func `Averages divide the noise variance: four everywhere double sigma and change nothing else`()
    throws
  {
    let ones = try folder.write(Array(repeating: "1", count: 12).joined(separator: " "), as: "ones.txt")
    let fours = try folder.write(Array(repeating: "4", count: 12).joined(separator: "\n"), as: "fours.txt")
    let plain = try fit("plain", inLesions).run
    let same = try fit("same", inLesions + ["--averages", ones.path]).run
    let averaged = try fit("averaged", inLesions + ["--averages", fours.path]).run
    #expect(try plain.contents("sub-phantom_lesions.tsv") == same.contents("sub-phantom_lesions.tsv"))
    for (a, b) in zip(try plain.lesions("sigma"), try averaged.lesions("sigma")) {
      #expect(isClose(2 * a, b, relative: 0.05))
    }
    for (a, b) in zip(try plain.lesions("d"), try averaged.lesions("d")) {
      #expect(isClose(a, b, relative: 0.03))
    }
    #expect(try averaged.json("_run.json")["protocol"]["averages"].doubles == Array(repeating: 4, count: 12))
  }

  @Test func `A known sigma is kept as it is, and too large a one widens the intervals`() throws {
    let known = try fit("known", inLesions + ["--sigma", "10"]).run
    let large = try fit("large", inLesions + ["--sigma", "100"]).run
    #expect(try known.map("sigma", "mean").values.filter(\.isFinite).allSatisfy { abs($0 - 10) < 1e-4 })
    #expect(try known.lesions("sigma", "mean", "mean").allSatisfy { abs($0 - 10) < 1e-4 })
    for (narrow, wide) in zip(try known.lesions("d", "mean", "sd"), try large.lesions("d", "mean", "sd")) {
      #expect(wide > 2 * narrow)
    }
  }

  @Test func `The monoexponential model gives ADC, S0 and sigma only`() throws {
    let run = try fit("run", inLesions + ["--model", "monoexponential", "--adc-range", "200,1000"]).run
    let parameters = Set(
      run.names.compactMap { name in
        name.range(of: "_param-").map { String(name[$0.upperBound...].prefix { $0 != "_" }) }
      })
    #expect(parameters == ["adc", "s0", "sigma"])
    #expect(Set(try run.lesionTable().strings("parameter")) == ["adc", "s0", "sigma"])
    // Above b = 200 the perfusion is gone, and the ADC is D.
    let truth = try scan.truth(of: "d").values
    let labels = try LabelImage.read(scan.lesions).labels
    for (index, found) in try run.lesions("adc").enumerated() {
      let inside = labels.indices.filter { labels[$0] == Int32(index + 1) }.map { Double(truth[$0]) }
      #expect(isClose(found, inside.reduce(0, +) / Double(inside.count), relative: 0.1))
    }
  }

  @Test func `A mask on a finer grid is matched by world coordinates, with a notice`() throws {
    let labels = try LabelImage.read(scan.lesions)
    let shape = labels.grid.shape
    let fine = Grid(
      shape: [2 * shape[0], 2 * shape[1], shape[2]], affine: .scaling([1, 1, 5], origin: [-0.5, -0.5, 0]))
    let doubled = (0..<fine.voxelCount).map { index in
      let place = fine.position(ofIndex: index)
      return labels.labels[labels.grid.index(x: place[0] / 2, y: place[1] / 2, z: place[2])]
    }
    let file = folder.file("fine.nii.gz")
    try LabelImage(grid: fine, labels: doubled).write(to: file)
    let same = try fit("same", inLesions)
    let other = try fit("other", ["--mask", file.path, "--lesions", file.path])
    #expect(other.outcome.errors.contains("fine.nii.gz: on another grid, resampled to the nearest voxel"))
    #expect(!same.outcome.errors.contains("another grid"))
    for name in same.run.names where name.hasSuffix("_dwimap.nii.gz") || name.hasSuffix(".tsv") {
      #expect(try same.run.contents(name) == other.run.contents(name), "\(name)")
    }
  }

  @Test func `Bad voxels are NaN in the maps and counted by reason, and the others are fitted`() throws {
    let grid = try LabelImage.read(scan.lesions).grid
    let image = try scan.altered(in: folder) { image in
      image.values[5 * grid.voxelCount] = .nan
      image.values[4 * grid.voxelCount + 1] = .infinity
      image.values[2] = -10
      for volume in 0..<12 { image.values[volume * grid.voxelCount + 3] = 7 }
    }
    let row = Mask.firstRow(of: grid)
    let mask = folder.file("mask.nii.gz")
    try row.write(to: mask)
    let run = try fit("run", image: image, ["--mask", mask.path]).run
    let values = try run.map("d", "mean").values
    #expect(values[0..<4].allSatisfy(\.isNaN) && values[4..<8].allSatisfy(\.isFinite))
    #expect(try run.map("d", "grade").values[0..<4].allSatisfy { $0 == 0 })
    let counts = try run.json("_run.json")["excluded_voxels"]
    #expect(counts.keys == ["constant", "infinite", "nan", "non-positive-b0"])
    #expect(counts.keys.allSatisfy { counts[$0].int == 1 })
  }

  @Test func `Repeated b-values are data of their own, or are pooled into one measurement`() throws {
    let plan =
      #"{"shape": [4, 4, 1], "lesions": [], "b_values": [0, 0, 20, 20, 100, 100, 400, 400, 800, 800]}"#
    let repeated = try PhantomScan(plan: plan)
    let counts = try ["separate", "geometric", "arithmetic"].map { pooling in
      let out = folder.file(pooling)
      try Command.succeed([
        "fit", "ivim", repeated.image.path, "--directions", pooling, "--draws", "50", "--out", out.path,
      ])
      return try FinishedRun(out).json("_run.json")["protocol"]["averages"].doubles
    }
    #expect(
      counts == [
        Array(repeating: 1, count: 10), Array(repeating: 2, count: 5), Array(repeating: 2, count: 5),
      ])
  }

  @Test func `Without names lesions are called by their labels, and an image of 255 is lesion 1`() throws {
    #expect(Set(try fit("labels", inLesions).run.lesionTable().strings("name")) == ["lesion-1", "lesion-2"])
    var inside = try LabelImage.read(scan.lesions)
    for index in inside.labels.indices where inside.labels[index] != 0 { inside.labels[index] = 255 }
    let file = folder.file("inside.nii.gz")
    try inside.write(to: file)
    let (run, outcome) = try fit("inside", ["--mask", file.path, "--lesions", file.path])
    #expect(Set(try run.lesionTable().strings("lesion")) == ["1"])
    #expect(outcome.errors.contains("the only label is 255"))
  }

  @Test func `Priors files are used, and what they leave out is said and recorded`() throws {
    let priors = #"{"name": "mine", "d": {"median": 3.0e-3, "sd_log": 0.02}}"#
    let file = try folder.write(priors, as: "priors.json")
    let (run, outcome) = try fit("run", inLesions + ["--priors", file.path, "--prior", "independent"])
    #expect(
      outcome.errors.contains(
        "priors: f, dstar_minus_d, adc, t1, inversion, heterogeneity taken from lung-tumour"))
    let record = try run.json("_run.json")["priors"]
    #expect(record["name"].string == "mine" && record["values"]["d"]["median"].double == 3.0e-3)
    #expect(record["defaulted"].array.count == 6)
    // A prior this sharp wins against the data.
    #expect(try run.map("d", "mean").values.filter(\.isFinite).allSatisfy { $0 > 2e-3 })
  }

  @Test func `--save-draws none leaves out the draws and nothing else`() throws {
    let with = try fit("with", inLesions).run
    let without = try fit("without", inLesions + ["--save-draws", "none"]).run
    #expect(
      with.names.filter { $0 != "sub-phantom_draws.nc" } == without.names && with.names != without.names)
    #expect(try with.contents("sub-phantom_lesions.tsv") == without.contents("sub-phantom_lesions.tsv"))
  }

  @Test func `The command line wins over the configuration file`() throws {
    let file = try folder.write(#"{"seed": 5, "b-max": 600, "draws": 60}"#, as: "options.json")
    let run = try fit("run", inLesions + ["--config", file.path, "--b-max", "800"]).run
    let options = try run.json("_run.json")["configuration"]
    #expect(options["seed"].int == 5 && options["b-max"].double == 800 && options["draws"].int == 100)
  }
}

/// The standard streams.
@Suite struct ConsoleTests {
  @Test func `--quiet says nothing but the folder, and otherwise notices go to standard error`() throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    let fit = scan.lesionFit(into: folder.file("run")) + ["--draws", "50", "--overwrite"]
    let spoken = try Command.succeed(fit)
    #expect(spoken.output == folder.file("run").path + "\n")
    #expect(spoken.errors.contains("2 lesions; sampling: "))
    #expect(!spoken.errors.contains("\u{1B}") && !spoken.errors.contains("\r"))
    let quiet = try Command.succeed(fit + ["--quiet"])
    #expect(quiet.output == spoken.output && quiet.errors.isEmpty)
  }

  @Test func `--log-format json writes one object a line, errors too`() throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    let fit = scan.lesionFit(into: folder.file("run")) + ["--draws", "50", "--log-format", "json"]
    for expected in ["notice", "error"] {
      let outcome = try Command.run(fit)
      #expect(outcome.status == (expected == "error" ? 73 : 0))
      let lines = outcome.errors.split(separator: "\n")
      #expect(!lines.isEmpty)
      for line in lines {
        let object = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
        #expect(object.keys == ["level", "message"] && !object["message"].string.isEmpty)
        #expect(["notice", "progress", "error"].contains(object["level"].string))
      }
      let last = try JSONDecoder().decode(JSONValue.self, from: Data((lines.last ?? "").utf8))
      #expect(last["level"].string == expected)
    }
  }
}

/// Masks that tests draw.
enum Mask {
  /// The voxels of the first row of the first slice.
  static func firstRow(of grid: Grid) -> LabelImage {
    LabelImage(grid: grid, labels: (0..<grid.voxelCount).map { $0 < grid.shape[0] ? 1 : 0 })
  }
}
