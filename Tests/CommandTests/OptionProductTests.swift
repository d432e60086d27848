import Foundation
import NIfTI
import TestSupport
import Testing

/// No command traps on any combination of documented options: every pair of values of two options occurs in a run.
@Suite(.enabled(if: Optimization.isOn, "fits; run with -c release"))
struct OptionProductTests {
  /// An option, or a flag, with its values; nil leaves it out.
  typealias Choice = (name: String, values: [[String]?])

  /// Rows of one value for each choice that hold every pair of values: greedy, in a fixed order.
  static func pairs(of counts: [Int]) -> [[Int]] {
    var missing: Set<[Int]> = []
    for i in counts.indices {
      for j in counts.indices.dropFirst(i + 1) {
        for a in 0..<counts[i] { for b in 0..<counts[j] { missing.insert([i, a, j, b]) } }
      }
    }
    var rows: [[Int]] = []
    while let first = missing.min(by: { $0.lexicographicallyPrecedes($1) }) {
      var row: [Int?] = counts.map { _ in nil }
      (row[first[0]], row[first[2]]) = (first[1], first[3])
      for k in counts.indices where row[k] == nil {
        func gain(_ value: Int) -> Int {
          row.indices.count { other in
            guard other != k, let chosen = row[other] else { return false }
            return missing.contains(other < k ? [other, chosen, k, value] : [k, value, other, chosen])
          }
        }
        row[k] = (0..<counts[k]).max { (gain($0), $1) < (gain($1), $0) }
      }
      let whole = row.map { $0 ?? 0 }
      rows.append(whole)
      for i in counts.indices {
        for j in counts.indices.dropFirst(i + 1) { missing.remove([i, whole[i], j, whole[j]]) }
      }
    }
    return rows
  }

  private static func values(_ name: String, _ values: [String]) -> Choice {
    (name, [nil] + values.map { [name, $0] })
  }

  private static func flag(_ name: String) -> Choice { (name, [nil, [name]]) }

  private static let common: [Choice] = [
    values("--noise", ["gaussian", "rician", "noncentral-chi"]), values("--coils", ["1", "8"]),
    values("--sigma", ["15", "noise.nii.gz"]), values("--sigma-pooling", ["0", "4"]),
    values("--engine", ["nuts", "laplace", "grid", "least-squares"]),
    values("--prior", ["spatial", "hierarchical", "independent"]),
    values("--spatial-field", ["icar", "laplace", "student-t"]), values("--population-prior", ["huang-wand"]),
    values("--tissue", ["generic", "liver"]), flag("--roi-mean"), flag("--whole-image"),
    flag("--sensitivity"),
    flag("--save-log-likelihood"), values("--save-draws", ["none"]), values("--mask", ["mask.nii.gz"]),
    ("--lesions", [nil, ["--lesions", "les.nii.gz"], ["--lesions", "one.nii.gz", "two.nii.gz"]]),
    values("--place", ["scanner", "same-grid"]),
  ]

  private static let diffusion: [Choice] =
    common + [
      values("--model", ["monoexponential"]), values("--averages", ["nex"]),
      values("--directions", ["geometric", "arithmetic"]), values("--b-max", ["500"]),
      values("--b-min", ["10"]),
      values("--adc-range", ["0,500"]), values("--exclude-volumes", ["3,4", "1:2"]),
      flag("--exclude-flagged"),
    ]

  private static let relaxation: [Choice] =
    common + [
      (
        "--method",
        [
          ["--method", "ir"], ["--method", "look-locker"], ["--method", "molli"], ["--method", "sasha"],
          ["--method", "vfa"],
        ]
      ),
      values("--polarity", ["magnitude", "signed"]), values("--repetition-time", ["0.005", "6"]),
      values("--b1", ["b1.nii.gz"]), values("--b1-sd", ["0.02"]),
      values("--inversion-efficiency", ["0.9", "0.9,0.02"]),
      values("--saturation-model", ["three-parameter"]),
      (
        "settings",
        [
          ["--inversion-times", "0.1,0.4,1,2,4"], ["--saturation-times", "0.1,0.4,1,2,inf"],
          ["--flip-angles", "2,5,10,15,20"],
        ]
      ),
    ]

  /// Six voxels, two lesions, five or seven volumes, and every file that options name.
  private static func inputs() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let grid = Grid(shape: [3, 2, 1], affine: .scaling([2, 2, 5]))
    let bValues = [0.0, 0, 20, 80, 200, 500, 900]
    var state: UInt32 = 7
    func noise() -> Float {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 16) / 65536 - 0.5
    }
    func image(_ name: String, _ volumes: [(Int) -> Float]) throws {
      try NIfTIImage(
        grid: grid, volumeCount: volumes.count, values: volumes.flatMap { value in (0..<6).map(value) }
      ).writeFloat32(to: folder.file(name))
    }
    try image("dwi.nii.gz", bValues.map { b in { 1000 * Float(exp(-b * 1e-3)) + 40 * noise() + Float($0) } })
    try image("t1.nii.gz", (0..<5).map { k in { _ in Float(200 + 150 * k) + 40 * noise() } })
    try image("noise.nii.gz", [{ 10 + Float($0) }])
    try image("b1.nii.gz", [{ 0.8 + 0.05 * Float($0) }])
    _ = try folder.write(bValues.map { "\($0)" }.joined(separator: " "), as: "dwi.bval")
    _ = try folder.write("1 2 1 2 1 2 1", as: "nex")
    let labels: [String: [Int32]] = [
      "les.nii.gz": [1, 1, 1, 2, 0, 0], "mask.nii.gz": [1, 1, 1, 1, 1, 0], "one.nii.gz": [1, 1, 1, 0, 0, 0],
      "two.nii.gz": [0, 0, 0, 1, 0, 0],
    ]
    for (name, values) in labels { try LabelImage(grid: grid, labels: values).write(to: folder.file(name)) }
    return folder
  }

  /// Codes that a documented refusal or verdict has; 128 and more are signals, 70 an internal error.
  private static let documented: Set<Int32> = [0, 1, 2, 64, 65, 66, 73, 74]

  private static func walk(_ start: [String], _ choices: [Choice], in folder: TemporaryFolder) throws
    -> [Int32: Int]
  {
    var counts: [Int32: Int] = [:]
    for (index, row) in pairs(of: choices.map(\.values.count)).enumerated() {
      let options = zip(choices, row).flatMap { $0.values[$1] ?? [] }
      let outcome = try Command.run(
        start + options + ["--draws", "20", "--warmup", "20", "--chains", "2", "--threads", "2", "--quiet"]
          + ["--out", "run-\(start[1])-\(index)"], in: folder.url)
      #expect(documented.contains(outcome.status), "\(options): \(outcome.status) \(outcome.errors)")
      if ![0, 1, 2].contains(outcome.status) {
        #expect(outcome.errors.contains(": "), "\(options): \(outcome.errors)")
      }
      counts[outcome.status, default: 0] += 1
    }
    return counts
  }

  @Test func `fit ivim`() throws {
    let counts = try Self.walk(["fit", "ivim", "dwi.nii.gz"], Self.diffusion, in: try Self.inputs())
    // The walk would show nothing if every run were refused.
    #expect(counts[0, default: 0] > 5, "\(counts)")
  }

  @Test func `fit t1`() throws {
    let counts = try Self.walk(["fit", "t1", "t1.nii.gz"], Self.relaxation, in: try Self.inputs())
    #expect(counts[0, default: 0] > 5, "\(counts)")
  }

  @Test func `Commands that read results, tables and datasets`() throws {
    let folder = try Self.inputs()
    _ = try folder.write(SyntheticCohort().text, as: "cohort.tsv")
    try Command.succeed(
      ["fit", "ivim", "dwi.nii.gz", "--lesions", "les.nii.gz", "--draws", "40", "--out", "run"],
      in: folder.url)
    let formats = Self.values("--format", ["table", "tsv", "json", "xml"])
    let walks: [([String], [Choice])] = [
      (
        ["summarize", "run"],
        [
          formats, Self.values("--by", ["lesion", "voxel"]),
          Self.values("--functional", ["all", "p10", "sd", "x"]),
        ]
      ),
      (["diagnose", "run"], [formats]),
      (
        ["calibrate", "--snr", "20", "--replicates", "20"],
        [
          Self.values("--bval", ["0,50,200,800", "0,800"]), Self.values("--method", ["ir", "vfa", "sasha"]),
          Self.values("--inversion-times", ["0.1,0.5,1,2"]),
          Self.values("--noise", ["rician", "noncentral-chi"]),
          Self.values("--checks", ["ranks", "geweke", "coverage"]),
          Self.values("--model", ["monoexponential"]),
          Self.values("--lesion-voxels", ["1", "8"]), Self.values("--inversion-efficiency", ["0.9,0.02"]),
        ]
      ),
      (
        ["cohort", "cohort.tsv"],
        [
          Self.values("--features", ["delta_adc", "age", "post_t1,delta_adc", "none"]),
          Self.values("--pdl1-cutoff", ["1", "-5", "1000"]),
          Self.values("--logistic", ["delta_adc", "age,post_t1"]),
          Self.values("--effective", ["CR,PR", "CR,PR,SD", "yes"]),
        ]
      ),
      (
        ["efficacy", "train", "cohort.tsv"],
        [
          Self.values("--features", ["delta_adc", "delta_t1", "pre_adc", "nothing"]),
          Self.values("--prevalence", ["0", "0.5", "1", "2"]),
          Self.values("--effective", ["CR,PR", "CR", "yes"]),
        ]
      ),
      (
        ["simulate", "cohort", "--as-table"],
        [Self.values("--seed", ["0", "18446744073709551615"]), Self.flag("--write-default-plan")]
      ),
      (["report", "run"], [Self.values("--keep-figures", ["run", "figures"])]),
      (
        ["delta", "--pre", "run", "--post", "run"],
        [
          formats, Self.flag("--force"), Self.values("--functional", ["all", "p90"]),
          Self.values("--rope", ["adc=10%", "x=1"]),
          Self.values("--patient", ["", "P1"]),
        ]
      ),
    ]
    for (start, choices) in walks {
      for (index, row) in Self.pairs(of: choices.map(\.values.count) + (choices.count == 1 ? [1] : []))
        .enumerated()
      {
        let options = zip(choices, row).flatMap { $0.values[$1] ?? [] }
        let out =
          ["summarize", "diagnose"].contains(start[0])
          ? [] : ["--out", "\(start[0])-\(start[1].hash)-\(index)"]
        let outcome = try Command.run(start + options + out, in: folder.url)
        #expect(
          Self.documented.contains(outcome.status), "\(start + options): \(outcome.status) \(outcome.errors)")
      }
    }
  }

  @Test func `Every pair of values occurs`() {
    let counts = [3, 2, 4, 2]
    let rows = Self.pairs(of: counts)
    for i in 0..<4 {
      for j in (i + 1)..<4 {
        #expect(Set(rows.map { [$0[i], $0[j]] }).count == counts[i] * counts[j])
      }
    }
    #expect(rows.count < 20)
  }
}
