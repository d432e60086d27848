import Foundation
import IVIMBayes
import TestSupport

/// A small simulated T1 scan with one lesion of known T1, as a scanner would leave it: images, sidecars, labels.
struct T1TestScan {
  let folder: TemporaryFolder
  let image: URL
  let lesions: URL
  /// T1 of the lesion, s.
  let t1: Double

  static let inversionTimes = [0.05, 0.15, 0.4, 0.7, 1.0, 1.4, 2.0, 3.0]
  static let molliTimes = [0.1, 0.18, 1.1, 1.18, 2.1, 2.18, 3.1, 4.1]
  static let flipAngles = [2.0, 5, 10, 15, 20]
  static let grid = Grid(shape: [6, 4, 1], affine: .scaling([2, 2, 5]))

  /// A scan of `shape` in 24 voxels, twelve of them the lesion, with the tissue coordinates η behind log T1.
  ///
  /// `distortion` changes one signal: (setting, noiseless signal) → signal.
  init(
    _ shape: some SignalShape, t1: Double = 1.4, others: [Double], sidecar: String?, amplitude: Double = 1000,
    sigma: Double = 10, isMagnitude: Bool, seed: UInt64 = 1,
    distortion: (Int, Double) -> Double = { $1 }
  ) throws {
    folder = try TemporaryFolder()
    self.t1 = t1
    let grid = Self.grid
    var random = RandomStream(StreamKey(seed: seed, purpose: .simulation))
    var relative = [Double](repeating: 0, count: shape.settingCount)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    shape.evaluate(at: [Double.log(t1)] + others, signal: &relative, workspace: &workspace)
    var values = [Float](repeating: 0, count: grid.voxelCount * relative.count)
    for (setting, g) in relative.enumerated() {
      let signal = distortion(setting, amplitude * g)
      for voxel in 0..<grid.voxelCount {
        let (x, y) = (signal + sigma * random.normal(), sigma * random.normal())
        values[setting * grid.voxelCount + voxel] = Float(isMagnitude ? (x * x + y * y).squareRoot() : x)
      }
    }
    image = folder.file("t1.nii.gz")
    try NIfTIImage(grid: grid, volumeCount: relative.count, values: values).writeFloat32(to: image)
    if let sidecar { _ = try folder.write(sidecar, as: "t1.json") }
    lesions = folder.file("lesions.nii.gz")
    try LabelImage(grid: grid, labels: (0..<grid.voxelCount).map { $0 < 12 ? 1 : 0 }).write(to: lesions)
  }

  /// Magnitudes of an inversion recovery with its times in the sidecar.
  static func inversionRecovery(
    t1: Double = 1.4, sigma: Double = 10, seed: UInt64 = 1, distortion: (Int, Double) -> Double = { $1 }
  ) throws -> T1TestScan {
    let times = inversionTimes.map { "\($0)" }.joined(separator: ", ")
    return try T1TestScan(
      MagnetizationRecovery(inversionTimes: inversionTimes.map { InversionTime(seconds: $0) }), t1: t1,
      others: [1.9], sidecar: #"{"InversionTime": [\#(times)], "EchoTime": 0.01}"#, sigma: sigma,
      isMagnitude: true, seed: seed, distortion: distortion)
  }

  /// Spoiled gradient echoes without a B1 error.
  static func flipAngles(sigma: Double = 0.5, sidecar: String? = nil) throws -> T1TestScan {
    let angles = flipAngles.map { "\($0)" }.joined(separator: ", ")
    return try T1TestScan(
      SpoiledGradientEcho(
        flipAngles: flipAngles.map { FlipAngle(degrees: $0) }, repetitionTime: 0.005, fixedB1: 1),
      others: [], sidecar: sidecar ?? #"{"FlipAngle": [\#(angles)], "RepetitionTimeExcitation": 0.005}"#,
      sigma: sigma, isMagnitude: false)
  }

  /// The arguments of a fit of this scan by `method` into the folder `out` of the scan.
  func fit(_ method: String, _ options: [String] = [], out: String = "run") -> [String] {
    ["fit", "t1", image.path, "--method", method] + options + ["--out", folder.file(out).path]
  }

  /// The run in the folder `out`.
  func run(_ out: String = "run") -> FinishedRun { FinishedRun(folder.file(out), stem: "t1") }
}

extension FinishedRun {
  /// A map of T1.
  func t1Map(_ statistic: String) throws -> NIfTIImage {
    try NIfTIImage.read(file("_desc-\(statistic)_T1map.nii.gz"))
  }
}
