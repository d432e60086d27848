import Foundation
import IVIMBayes

/// The whole command on voxels of W1 with default settings, and what it cost.
struct CommandTiming {
  /// Medians over the runs.
  var cpuSeconds: Double
  var wallSeconds: Double
  var peakMegabytes: Double
  /// The share of voxels whose maps all have a bulk ESS of 400.
  var shareSampled: Double

  /// Runs `command` five times (once from 10⁵ voxels on) with `threads` threads.
  init(command: String, voxelCount: Int, threads: Int, judging: Bool = false) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ivimbayes-w1-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try WorkloadW1(voxelCount: voxelCount, seed: 2).write(into: folder)
    var runs: [[String: Double]] = []
    for repetition in 0..<(voxelCount < 100_000 ? 5 : 1) {
      let out = folder.appending(path: "run-\(repetition)")
      try Self.run(
        command,
        [
          "fit", "ivim", folder.appending(path: "w1.nii.gz").path, "--priors",
          folder.appending(path: "w1.json").path, "--threads", "\(threads)", "--quiet", "--out", out.path,
        ])
      let timing = try Data(contentsOf: out.appending(path: "w1_timing.json"))
      runs.append(try JSONSerialization.jsonObject(with: timing) as? [String: Double] ?? [:])
    }
    func median(_ name: String) -> Double { runs.map { $0[name] ?? .nan }.sorted()[runs.count / 2] }
    cpuSeconds = median("cpu_seconds")
    wallSeconds = median("wall_seconds")
    peakMegabytes = median("peak_memory_bytes") / 1e6
    shareSampled = judging ? try Self.shareSampled(folder.appending(path: "run-0"), voxelCount) : .nan
  }

  private static func run(_ command: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: command)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
  }

  private static func shareSampled(_ run: URL, _ voxelCount: Int) throws -> Double {
    var sampled = [Bool](repeating: true, count: voxelCount)
    for parameter in ["d", "f", "dstar", "s0", "sigma", "adc"] {
      let map = try NIfTIImage.read(
        run.appending(path: "w1_model-ivim_param-\(parameter)_desc-essbulk_dwimap.nii.gz"))
      for voxel in 0..<voxelCount where !(map.values[voxel] >= 400) { sampled[voxel] = false }
    }
    return Double(sampled.count { $0 }) / Double(voxelCount)
  }
}

extension Report {
  /// The headline figure, two threads against one, and time and memory from 10³ to 10⁵ or 10⁶ voxels.
  mutating func addCommand(
    _ command: String, upToMillion: Bool, leastSquares: LeastSquaresTiming
  ) throws {
    let one = try CommandTiming(command: command, voxelCount: 16_384, threads: 1, judging: true)
    let two = try CommandTiming(command: command, voxelCount: 16_384, threads: 2)
    let name = "W1 whole command, 16384 voxels"
    add(name, "voxels per CPU second, one thread", 16_384 / one.cpuSeconds)
    add(name, "share of voxels with bulk ESS >= 400 in every parameter", one.shareSampled)
    add(
      name, "CPU time of a voxel / that of its least-squares fit",
      1e6 * one.cpuSeconds / 16_384 / leastSquares.microsecondsPerVoxel)
    add(name, "peak memory, MB", one.peakMegabytes)
    add(name, "wall time, one thread / two threads", one.wallSeconds / two.wallSeconds)
    var sizes: [(count: Int, seconds: Double)] = []
    for count in [1024, 16_384, 102_400] + (upToMillion ? [1_024_000] : []) {
      let timing = try CommandTiming(command: command, voxelCount: count, threads: 1)
      add("W1 whole command, \(count) voxels", "CPU seconds", timing.cpuSeconds)
      add("W1 whole command, \(count) voxels", "peak memory, MB", timing.peakMegabytes)
      sizes.append((count, timing.cpuSeconds))
    }
    let (first, last) = (sizes[0], sizes[sizes.count - 1])
    let slope = log(last.seconds / first.seconds) / log(Double(last.count) / Double(first.count))
    add("W1 whole command", "log-log slope of CPU time over voxels", slope)
  }
}

extension WorkloadW1 {
  /// The workload as a scan: 128 voxels a line, its b-values, and its priors.
  func write(into folder: URL) throws {
    let count = signals.count
    var values: [Float] = []
    for volume in Self.bValues.indices { values += signals.map { Float($0[volume]) } }
    let grid = Grid(shape: [128, 8, count / 1024], affine: .scaling([2, 2, 5]))
    try NIfTIImage(grid: grid, volumeCount: Self.bValues.count, values: values)
      .writeFloat32(to: folder.appending(path: "w1.nii.gz"))
    let weightings = Self.bValues.map { "\($0.secondsPerSquareMillimeter)" }.joined(separator: " ")
    try AtomicFile.write(weightings + "\n", to: folder.appending(path: "w1.bval"))
    let priors = """
      { "name": "w1", "d": {"median": 1.0e-3, "sd_log": 0.5}, "f": {"median": 0.1, "sd_logit": 1.0},
        "dstar_minus_d": {"median": 19e-3, "sd_log": 0.75}, "adc": {"median": 1.2e-3, "sd_log": 0.5} }
      """
    try AtomicFile.write(priors, to: folder.appending(path: "w1.json"))
  }
}
