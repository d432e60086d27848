import Foundation
import IVIMBayes
import Tables
import TestSupport
import Testing

/// Posteriors of real T1 scans, whole, by the command.
@Suite(
  .enabled(if: Folders.scans != nil, "the folder of real scans is absent: see IVIMBAYES_DATA"),
  .enabled(if: Optimization.isOn, "thousands of voxels need a release build"), .serialized)
struct RealT1ScansTests {
  private let folder: TemporaryFolder
  private let scans: URL

  init() throws {
    folder = try TemporaryFolder()
    scans = try #require(Folders.scans)
  }

  private func fit(_ file: String, _ options: [String], out: String = "run") throws -> FinishedRun {
    let stem = String(file.split(separator: "/")[1].dropLast(".nii.gz".count))
    let run = FinishedRun(folder.file(out), stem: stem)
    let outcome = try Command.succeed(
      ["fit", "t1", scans.appending(path: file).path] + options + ["--out", run.folder.path])
    print(outcome.errors.split(separator: "\n").suffix(1).joined())
    return run
  }

  private func voxels(_ folder: String) throws -> [Int] {
    let mask = try LabelImage.read(scans.appending(path: "\(folder)/mask.nii.gz"))
    return mask.labels.indices.filter { mask.labels[$0] > 0 }
  }

  // T1 of these voxels is known to a fifth: the times end at 1.7 s, the signal is some 20 sigma. Under the `generic` priors
  // medians lie 7 % above least squares in the middle, a third of the posterior SD: the priors say T1 1.2 s and inversion 1.8,
  // the voxels 0.75 s and 2.0. With flat priors, and sigma of each voxel alone, they lie within 2 % of it.
  @Test func `Inversion recovery of a brain: posteriors hold least squares where the fit is good`() throws {
    let times = [0.35, 0.5, 0.65, 0.8, 0.95, 1.1, 1.25, 1.4, 1.7]
    let run = try fit(
      "t1-ir-brain/ir.nii.gz",
      [
        "--method", "ir", "--inversion-times", times.map { "\($0)" }.joined(separator: ","),
        "--repetition-time", "2.5", "--tissue", "generic", "--mask",
        scans.appending(path: "t1-ir-brain/mask.nii.gz").path, "--quiet",
      ])
    let image = try NIfTIImage.read(scans.appending(path: "t1-ir-brain/ir.nii.gz"))
    let (low, high) = (try run.t1Map("q05").values, try run.t1Map("q95").values)
    let (medians, deviations) = (try run.t1Map("median").values, try run.t1Map("sd").values)
    let shape = OffsetShape(
      MagnetizationRecovery(inversionTimes: times.map { InversionTime(seconds: $0) }, fixedInversion: 1),
      averages: times.map { _ in 1 })
    var (good, held, near) = ([Int: Float](), 0, 0)
    for voxel in try voxels("t1-ir-brain") {
      let signals = times.indices.map { Double(image.values[$0 * image.grid.voxelCount + voxel]) }
      let fit = LeastSquaresFit(shape, magnitudes: signals, times: times)
      let residual = (fit.sumOfSquares / Double(times.count)).squareRoot()
      let t1 = Float(exp(fit.coordinates[0]))
      guard (0.3...2).contains(t1), residual < 0.03 * (signals.max() ?? 0) else { continue }
      good[voxel] = t1
      if low[voxel] <= t1 && t1 <= high[voxel] { held += 1 }
      if abs(medians[voxel] - t1) < 0.5 * deviations[voxel] { near += 1 }
    }
    print(
      "inversion recovery of a brain: of \(good.count) voxels \(held) hold least squares, \(near) within SD/2"
    )
    #expect(good.count > 900)
    #expect(Double(held) >= 0.95 * Double(good.count), "\(held) of \(good.count)")
    #expect(Double(near) >= 0.7 * Double(good.count), "\(near) of \(good.count)")
    let rHat = try run.t1Map("rhat").values.filter(\.isFinite)
    let unmixed = rHat.count { $0 > 1.05 }
    print("R-hat above 1.05 in \(unmixed) of \(rHat.count) voxels")
    #expect(Double(unmixed) < 0.05 * Double(rHat.count))

    let inside = folder.file("good.nii.gz")
    try LabelImage(grid: image.grid, labels: (0..<image.grid.voxelCount).map { good[$0] == nil ? 0 : 1 })
      .write(to: inside)
    let flat = try folder.write(
      #"{"name": "flat", "t1": {"median": 1, "sd_log": 3}, "inversion": {"mean": 1.9, "sd": 1}}"#,
      as: "flat.json")
    let data = try fit(
      "t1-ir-brain/ir.nii.gz",
      [
        "--method", "ir", "--inversion-times", times.map { "\($0)" }.joined(separator: ","),
        "--repetition-time", "2.5", "--priors", flat.path, "--sigma-pooling", "0", "--mask", inside.path,
        "--quiet",
      ], out: "flat")
    let free = try data.t1Map("median").values
    let close = good.count { abs(free[$0.key] / $0.value - 1) < 0.02 }
    print("with flat priors \(close) of \(good.count) medians lie within 2 % of least squares")
    #expect(Double(close) >= 0.8 * Double(good.count), "\(close) of \(good.count)")
  }

  @Test func `Two flip angles of a brain with B1 and a sigma from a homogeneous region`() throws {
    let scan = scans.appending(path: "t1-vfa-brain")
    let image = try NIfTIImage.read(scan.appending(path: "vfa.nii.gz"))
    let inside = try voxels("t1-vfa-brain")
    let sigma = homogeneousNoise(image, volume: 1, inside: Set(inside))
    let options = [
      "--method", "vfa", "--flip-angles", "3,20", "--repetition-time", "0.015", "--b1",
      scan.appending(path: "b1map.nii.gz").path, "--mask", scan.appending(path: "mask.nii.gz").path,
      "--tissue",
      "generic", "--quiet",
    ]
    let refused = try Command.run(
      ["fit", "t1", scan.appending(path: "vfa.nii.gz").path] + options + ["--out", folder.file("none").path])
    #expect(
      refused.status == 65
        && refused.errors.contains(
          "2 measurements at 2 different flip angles cannot tell 2 parameters and the noise apart")
    )
    let run = try fit("t1-vfa-brain/vfa.nii.gz", options + ["--sigma", "\(sigma)"])
    let point = try fit("t1-vfa-brain/vfa.nii.gz", options + ["--engine", "least-squares"], out: "point")
    let estimates = try point.t1Map("estimate").values
    let (low, high) = (try run.t1Map("q05").values, try run.t1Map("q95").values)
    let held = inside.count { low[$0] <= estimates[$0] && estimates[$0] <= high[$0] }
    print("sigma \(sigma): the 90 % interval holds least squares in \(held) of \(inside.count) voxels")
    #expect(Double(held) > 0.95 * Double(inside.count))
    // Published values of five voxels, to half of what a B1 factor known to 5 % leaves open.
    let probes = try String(contentsOf: scan.appending(path: "probes.csv"), encoding: .utf8)
      .split(separator: "\n").dropFirst().prefix(5).map { $0.split(separator: ",").compactMap { Double($0) } }
    let medians = try run.t1Map("median").values
    for probe in probes {
      let voxel = image.grid.index(x: Int(probe[0]), y: Int(probe[1]), z: Int(probe[2]))
      #expect(isClose(Double(medians[voxel]), probe[3], relative: 0.05))
    }
  }

  // Three angles for two parameters: one degree of freedom in a voxel, so that the noise of all voxels is pooled.
  @Test func `Voxels of the OSIPI collection with a flat prior: nearly all intervals hold the reference`()
    throws
  {
    let csv = try String(
      contentsOf: scans.appending(path: "t1-vfa-voxels-osipi/t1_brain.csv"), encoding: .utf8)
    let rows = csv.split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",") }
    func numbers(_ cell: Substring) -> [Double] { cell.split(separator: " ").compactMap { Double($0) } }
    let repetitionTime = numbers(rows[0][2])[0]
    #expect(rows.count == 76 && rows.allSatisfy { numbers($0[2]).allSatisfy { $0 == repetitionTime } })
    var table = "id\tlesion\tsetting\tsignal\n"
    for (index, row) in rows.enumerated() {
      for (angle, signal) in zip(numbers(row[1]), numbers(row[3])) {
        table += "brain\t\(index + 1)\t\(angle)\t\(signal)\n"
      }
    }
    // The reference is not corrected for B1. An SD of 5 on log T1 is flat over three powers of ten.
    let prior = try folder.write(#"{"name": "flat", "t1": {"median": 1.4, "sd_log": 5}}"#, as: "flat.json")
    let curves = try folder.write(table, as: "curves.tsv")
    let run = FinishedRun(folder.file("run"), stem: "curves")
    try Command.succeed([
      "fit", "t1", curves.path, "--method", "vfa", "--repetition-time", "\(repetitionTime)", "--b1-sd",
      "1e-6",
      "--priors", prior.path, "--quiet", "--out", run.folder.path,
    ])
    let (low, high) = (try run.lesions("t1", "mean", "q05"), try run.lesions("t1", "mean", "q95"))
    #expect(low.count == rows.count)
    let held = rows.indices.count { index in
      let t1 = 1 / (Double(rows[index][4]) ?? .nan)
      return low[index] <= t1 && t1 <= high[index]
    }
    print("voxels of the OSIPI collection: \(held) of \(rows.count) intervals hold the reference")
    #expect(Double(held) >= 0.95 * Double(rows.count))
  }

  /// The noise SD of one volume: the 10th percentile over 5 × 5 patches of the SD about a fitted plane.
  private func homogeneousNoise(_ image: NIfTIImage, volume: Int, inside: Set<Int>) -> Double {
    let grid = image.grid
    let values = image.volume(volume)
    var found: [Double] = []
    for y in stride(from: 2, to: grid.shape[1] - 2, by: 3) {
      for x in stride(from: 2, to: grid.shape[0] - 2, by: 3) {
        let patch = (-2...2).flatMap { dy in
          (-2...2).map { dx in (dx, dy, grid.index(x: x + dx, y: y + dy, z: 0)) }
        }
        guard patch.allSatisfy({ inside.contains($0.2) }) else { continue }
        let signals = patch.map { Double(values[values.startIndex + $0.2]) }
        let mean = signals.reduce(0, +) / 25
        // Coordinates run from −2 to 2: Σ dx² = 50, and the slopes are orthogonal to the mean and each other.
        let slopeX = zip(patch, signals).reduce(0) { $0 + Double($1.0.0) * $1.1 } / 50
        let slopeY = zip(patch, signals).reduce(0) { $0 + Double($1.0.1) * $1.1 } / 50
        let squares = zip(patch, signals).reduce(0.0) { sum, item in
          let r = item.1 - mean - slopeX * Double(item.0.0) - slopeY * Double(item.0.1)
          return sum + r * r
        }
        found.append((squares / 22).squareRoot())
      }
    }
    return found.sorted()[found.count / 10]
  }

  @Test
  func `MOLLI of breathing kidneys runs to the end, and motion is flagged by quality control and misfit`()
    throws
  {
    let scan = scans.appending(path: "t1-molli-kidney")
    let image = try NIfTIImage.read(scan.appending(path: "molli.nii.gz"))
    // 7 × 7 pixels of five organs, as the README of the scan places them.
    let places = [
      ("liver", 85, 75), ("right", 80, 120), ("left", 160, 92), ("spleen", 170, 55), ("psoas", 90, 190),
    ]
    var labels = [Int32](repeating: 0, count: image.grid.voxelCount)
    for (label, place) in places.enumerated() {
      for dy in -3...3 {
        for dx in -3...3 {
          labels[image.grid.index(x: place.1 + dx, y: place.2 + dy, z: 0)] = Int32(label + 1)
        }
      }
    }
    let lesions = folder.file("organs.nii.gz")
    try LabelImage(grid: image.grid, labels: labels).write(to: lesions)
    let table = places.enumerated().map { "\($0.offset + 1)\t\($0.element.0)" }.joined(separator: "\n")
    let names = try folder.write("index\tname\n\(table)\n", as: "names.tsv")
    let run = try fit(
      "t1-molli-kidney/molli.nii.gz",
      [
        "--method", "molli", "--inversion-times", "0.118,0.201,1.118,1.201,2.118,2.201,3.118,4.118",
        "--tissue",
        "generic", "--mask", lesions.path, "--lesions", lesions.path, "--lesion-names", names.path, "--prior",
        "independent",
      ])
    let record = try run.json("_run.json")
    for check in record["model_checks"].array { print(check) }
    let flags = record["health"]["flags"].array.filter { $0[0].string == "misfit" }
    print(flags.map { "\($0[1].string): \($0[3].string)" }.joined(separator: "\n"))
    #expect(Set(flags.map { $0[1].string }).isSuperset(of: ["liver", "right"]))
    let quality = try TabSeparatedTable.read(run.file("_qc.tsv"))
    let flagged = zip(try quality.strings("name"), try quality.strings("flag")).filter {
      $0.1 != "n/a" && $0.1 != "ok"
    }
    print(flagged)
    #expect(!flagged.isEmpty)
    let diagnosis = try Command.run(["diagnose", run.folder.path])
    #expect(diagnosis.status >= 1 && diagnosis.output.contains("misfit"))
  }
}
