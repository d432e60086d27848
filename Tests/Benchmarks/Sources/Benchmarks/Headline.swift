import Foundation
import IVIMBayes

/// The headline figure: the whole command on 16,384 voxels of W1, default settings, one thread.
struct Headline {
  let voxelsPerSecond: Double
  let shareSampled: Double
  let peakMemory: Double

  init(command: String, voxelCount: Int) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ivimbayes-w1-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try WorkloadW1(voxelCount: voxelCount, seed: 2).write(into: folder)
    var rates: [Double] = []
    for repetition in 0..<5 {
      let out = folder.appending(path: "run-\(repetition)")
      let process = Process()
      process.executableURL = URL(filePath: command)
      process.arguments = [
        "fit", "ivim", folder.appending(path: "w1.nii.gz").path, "--priors",
        folder.appending(path: "w1.json").path,
        "--threads", "1", "--quiet", "--out", out.path,
      ]
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      let timing =
        try JSONSerialization.jsonObject(
          with: Data(contentsOf: out.appending(path: "w1_timing.json"))) as? [String: Double]
      rates.append(Double(voxelCount) / (timing?["cpu_seconds"] ?? .nan))
    }
    voxelsPerSecond = rates.sorted()[rates.count / 2]
    let run = folder.appending(path: "run-0")
    let timing =
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: run.appending(path: "w1_timing.json"))) as? [String: Double]
    peakMemory = (timing?["peak_memory_bytes"] ?? .nan) / 1e6
    var sampled = [Bool](repeating: true, count: voxelCount)
    for parameter in ["d", "f", "dstar", "s0", "sigma", "adc"] {
      let map = try NIfTIImage.read(
        run.appending(path: "w1_model-ivim_param-\(parameter)_desc-essbulk_dwimap.nii.gz"))
      for voxel in 0..<voxelCount where !(map.values[voxel] >= 400) { sampled[voxel] = false }
    }
    shareSampled = Double(sampled.count { $0 }) / Double(voxelCount)
  }
}

extension WorkloadW1 {
  /// The workload as a scan: 128 × 128 voxels, its b-values, and its priors.
  func write(into folder: URL) throws {
    let count = signals.count
    var values: [Float] = []
    for volume in Self.bValues.indices { values += signals.map { Float($0[volume]) } }
    let grid = Grid(shape: [128, count / 128, 1], affine: .scaling([2, 2, 5]))
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
