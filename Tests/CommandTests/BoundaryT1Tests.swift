import Foundation
import IVIMBayes
import NIfTI
import TestSupport
import Testing

/// What an input of `fit t1` means is known, checked or asked.
@Suite(.enabled(if: Optimization.isOn, "fits; run with -c release"))
struct BoundaryT1Tests {
  struct Example: CustomTestStringConvertible, Sendable {
    let name: String
    /// One sidecar for each file.
    let sidecars: [String]
    let method: String
    var options: [String] = []
    var isMerged = false
    let status: Int32
    let words: [String]
    var testDescription: String { name }
  }

  private static func inversions(
    _ more: [String] = ["", "", "", "", ""], times: [Double] = [0.05, 0.4, 1.1, 2, 3.5]
  )
    -> [String]
  {
    zip(times, more).map { "{\"InversionTime\": \($0)\($1)}" }
  }

  private static func angles(_ more: [String], angles: [Double] = [3, 9, 15]) -> [String] {
    zip(angles, more).map { "{\"FlipAngle\": \($0)\($1)}" }
  }

  private static let equalTR = [String](repeating: ", \"RepetitionTimeExcitation\": 0.005", count: 3)

  static let examples = [
    Example(
      name: "times in the sidecars", sidecars: inversions(), method: "ir", status: 0,
      words: ["5 measurements"]),
    Example(
      name: "equal times", sidecars: inversions(times: [0.05, 0.05, 0.05, 0.05, 0.05]), method: "ir",
      status: 65,
      words: ["all 5 measurements have one setting, 0.05", "inversion times"]),
    Example(
      name: "equal flip angles", sidecars: angles(equalTR, angles: [15, 15, 15]), method: "vfa", status: 65,
      words: ["one setting, 15", "flip angles"]),
    Example(
      name: "times of two values, five times", sidecars: inversions(times: [0.05, 0.05, 1, 1, 1]),
      method: "ir", status: 0,
      words: ["2 different inversion times for 3 parameters"]),
    Example(
      name: "times in milliseconds", sidecars: inversions(times: [50, 400, 1100, 2000, 3500]), method: "ir",
      status: 65,
      words: ["50.0 ms is 0.05"]),
    Example(
      name: "repetition times that differ",
      sidecars: angles([5, 5.5, 6.2].map { ", \"RepetitionTimeExcitation\": \($0 / 1000)" }), method: "vfa",
      status: 65,
      words: ["0.005, 0.0055, 0.0062 s", "--repetition-time"]),
    Example(
      name: "repetition times that differ, overruled",
      sidecars: angles([5, 5.5, 6.2].map { ", \"RepetitionTimeExcitation\": \($0 / 1000)" }), method: "vfa",
      options: ["--repetition-time", "0.005"], status: 0, words: ["--repetition-time replaces the sidecar's"]),
    Example(
      name: "a list of repetition times",
      sidecars: ["{\"FlipAngle\": [3, 9, 15], \"RepetitionTimeExcitation\": [0.005, 0.005, 0.006]}"],
      method: "vfa",
      isMerged: true, status: 65, words: ["0.005, 0.006 s"]),
    Example(
      name: "a repetition time below an inversion time",
      sidecars: inversions([String](repeating: ", \"RepetitionTimePreparation\": 1.5", count: 5)),
      method: "ir", status: 65,
      words: ["1.5 s is shorter than the longest inversion time, 3.5 s"]),
    Example(
      name: "the preparation's repetition time, not the readout's",
      sidecars: inversions(
        [String](
          repeating: ", \"RepetitionTimePreparation\": 6, \"RepetitionTimeExcitation\": 0.004", count: 5)),
      method: "ir",
      status: 0, words: ["5 measurements"]),
    Example(
      name: "a merged series with one time", sidecars: ["{\"InversionTime\": 0.05}"], method: "ir",
      isMerged: true,
      status: 65, words: ["1 value of --inversion-times", "for 5 volumes"]),
    Example(
      name: "a merged series with one time, and all on the command line",
      sidecars: ["{\"InversionTime\": 0.05}"],
      method: "ir", options: ["--inversion-times", "0.05", "0.4", "1.1", "2", "3.5"], isMerged: true,
      status: 0,
      words: ["replaces the sidecar's"]),
    Example(
      name: "times with spaces", sidecars: inversions(), method: "ir",
      options: ["--inversion-times", "0.05 0.4 1.1 2 3.5"], status: 0, words: ["5 measurements"]),
    Example(
      name: "the sidecars' numbers in another order", sidecars: inversions(), method: "ir",
      options: ["--inversion-times", "3.5,2,1.1,0.4,0.05"], status: 65, words: ["in another order"]),
    Example(
      name: "NaN in a key that is not used",
      sidecars: inversions([", \"Comment\": NaN", "", "", ", \"X\": -Infinity", ""]), method: "ir", status: 0,
      words: ["5 measurements"]),
    Example(
      name: "NaN in a key that is used", sidecars: ["{\"InversionTime\": NaN}"] + inversions().dropFirst(),
      method: "ir",
      status: 65, words: ["InversionTime must be a number"]),
    Example(
      name: "display scaling that differs",
      sidecars: angles(
        [1, 1, 1.25].map {
          ", \"RepetitionTimeExcitation\": 0.005, \"UsePhilipsFloatNotDisplayScaling\": 0, \"PhilipsRescaleSlope\": \($0)"
        }), method: "vfa", status: 65, words: ["PhilipsRescaleSlope 1.0, 1.25", "dcm2niix -p y"]),
    Example(
      name: "signs and magnitudes at once", sidecars: inversions(), method: "ir",
      options: ["--polarity", "signed", "--noise", "rician"], status: 64,
      words: ["--noise rician", "carry their sign"]),
  ]

  @Test(arguments: examples) func `Settings of a T1 series are checked against each other`(_ example: Example)
    throws
  {
    let folder = try TemporaryFolder()
    let grid = Grid(shape: [3, 2, 1], affine: .scaling([2, 2, 5]))
    let count = example.isMerged ? (example.method == "vfa" ? 3 : 5) : example.sidecars.count
    var random = RandomStream(StreamKey(seed: 3, purpose: .simulation))
    let volumes = (0..<count).map { volume in
      grid.shape.indices.flatMap { _ in [0, 1] }.map { _ in
        Float(400 + 60 * volume) + Float(5 * random.normal())
      }
    }
    var names: [String] = []
    if example.isMerged {
      names = ["series.nii.gz"]
      try NIfTIImage(grid: grid, volumeCount: count, values: volumes.flatMap { $0 })
        .writeFloat32(to: folder.file(names[0]))
      _ = try folder.write(example.sidecars[0], as: "series.json")
    } else {
      for (index, sidecar) in example.sidecars.enumerated() {
        try NIfTIImage(grid: grid, values: volumes[index]).writeFloat32(to: folder.file("v\(index).nii.gz"))
        _ = try folder.write(sidecar, as: "v\(index).json")
        names.append("v\(index).nii.gz")
      }
    }
    let outcome = try Command.run(
      ["fit", "t1"] + names + ["--method", example.method, "--draws", "40", "--threads", "1", "--out", "run"]
        + example.options, in: folder.url)
    #expect(outcome.status == example.status, "\(outcome.errors)")
    for words in example.words { #expect(outcome.errors.contains(words), "\(words): \(outcome.errors)") }
  }

  @Test func `One file twice in a series is refused`() throws {
    let scan = try T1TestScan.inversionRecovery()
    let outcome = try Command.run(
      ["fit", "t1", scan.image.path, scan.image.path, "--method", "ir", "--inversion-times"]
        + [
          "0.05,0.15,0.4,0.7,1,1.4,2,3,0.06,0.16,0.41,0.71,1.1,1.41,2.1,3.1", "--engine", "least-squares",
          "--out",
        ]
        + [scan.folder.file("twice").path])
    #expect(outcome.status == 65 && outcome.errors.contains("it is the same image as"), "\(outcome.errors)")
  }

  /// B1 is 0.8 in the lesion and 0.5 outside: the mean of the lesion has the B1 of the lesion.
  @Test func `A lesion that is reduced to its mean takes B1 and the noise of its own voxels`() throws {
    let scan = try T1TestScan.flipAngles()
    let grid = T1TestScan.grid
    let labels = try LabelImage.read(scan.lesions).labels
    try NIfTIImage(grid: grid, values: labels.map { $0 == 1 ? 0.8 : 0.5 }).writeFloat32(
      to: scan.folder.file("b1.nii.gz"))
    try NIfTIImage(grid: grid, values: labels.map { $0 == 1 ? 0.5 : 50 }).writeFloat32(
      to: scan.folder.file("noise.nii.gz"))
    let out = scan.folder.file("mean")
    try Command.succeed(
      scan.fit(
        "vfa",
        ["--b1", scan.folder.file("b1.nii.gz").path, "--b1-sd", "0.001", "--sigma"]
          + [
            scan.folder.file("noise.nii.gz").path, "--lesions", scan.lesions.path, "--roi-mean",
            "--overwrite",
          ], out: "mean"))
    let run = FinishedRun(out, stem: "t1")
    #expect(try abs(run.lesions("b1")[0] - 0.8) < 0.01)
    let expected = 0.5 / 12.0.squareRoot()
    #expect(try abs(run.lesions("sigma")[0] - expected) < 1e-3 * expected)
  }
}
