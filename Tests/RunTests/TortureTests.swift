import Foundation
import IVIMBayes
import TestSupport
import Testing

/// Protocols and signals at the ends of what there is: finite summaries or a counted reason, and an end.
@Suite(.enabled(if: Build.isOptimized, Comment(rawValue: Build.releaseOnly)))
struct TortureTests {
  /// b-values, s/mm².
  struct Sampling: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bValues: [Double]

    init(_ name: String, _ bValues: [Double]) {
      testDescription = name
      self.bValues = bValues
    }
  }

  static let protocols = [
    Sampling("3 b-values, each twice", [0, 0, 200, 200, 800, 800]),
    Sampling("4 b-values, one measurement repeated", [0, 50, 50, 50, 50, 400, 900]),
    Sampling("a lattice", stride(from: 0.0, through: 1000, by: 100).map { $0 }),
    Sampling("no lattice", [0, 7.3, 19.1, 31.7, 53.9, 101.3, 211.7, 433.1, 617.9, 997.1]),
    Sampling("low b-values only", [0, 5, 10, 15, 20, 25]),
    Sampling("60 b-values", (0..<60).map { 1000 * Double($0 * $0) / 3481 }),
  ]

  /// A voxel: its name and its signals at given b-values.
  struct Voxel: Sendable {
    let signal: @Sendable (Double) -> Double
    let sigma: Double
  }

  /// Tissues from f = 0 to f = 1 and D = D*, at S₀ from 10⁻³ to 10⁶ and SNR from 1 to 1000; then signals of no tissue.
  static let voxels: [Voxel] = {
    var voxels: [Voxel] = []
    for s0 in [1e-3, 1, 1000, 1e6] {
      for snr in [1.0, 5, 40, 1000] {
        for (f, d, dStar) in [
          (0.0, 1e-3, 20e-3), (1, 1e-3, 20e-3), (0.2, 1e-3, 1e-3), (0.15, 1.2e-3, 15e-3), (0.5, 0, 0.5),
          (0, 0.1, 0.1),
        ] {
          voxels.append(
            Voxel(signal: { s0 * ((1 - f) * exp(-$0 * d) + f * exp(-$0 * dStar)) }, sigma: s0 / snr))
        }
      }
    }
    let others: [@Sendable (Double) -> Double] = [
      { _ in 7 }, { _ in 0 }, { _ in -7 }, { $0 == 0 ? 1 : 0 }, { $0 == 0 ? 1e-30 : 1e30 }, { 1 + $0 },
      { $0 == 0 ? 5 : -5 }, { $0 == 0 ? .nan : 1 }, { $0 == 0 ? 1 : .infinity }, { 1e-38 * exp(-$0 / 1000) },
      { 3e38 * exp(-$0 / 1000) },
    ]
    return voxels + others.map { Voxel(signal: $0, sigma: 0) }
  }()

  /// Writes the voxels measured at `bValues` as a scan of one row; every lesion has one voxel, three are lesions.
  private static func write(_ bValues: [Double], magnitude: Bool, in folder: TemporaryFolder) throws
    -> FitFiles
  {
    let grid = Grid(shape: [voxels.count, 1, 1], affine: .scaling([2, 2, 2]))
    // Noise without a generator: the fractional parts of multiples of the golden ratio, as normal scores by their sum.
    var step = 0.0
    func noise() -> Double {
      (0..<12).reduce(-6.0) { sum, _ in
        step += 0.6180339887498949
        return sum + step - step.rounded(.down)
      }
    }
    let values = bValues.flatMap { b in
      voxels.map { voxel -> Float in
        let signal = voxel.signal(b) + voxel.sigma * noise()
        return Float(magnitude ? abs(signal) : signal)
      }
    }
    try NIfTIImage(grid: grid, volumeCount: bValues.count, values: values).writeFloat32(
      to: folder.file("dwi.nii"))
    _ = try folder.write(bValues.map { "\($0)" }.joined(separator: " "), as: "dwi.bval")
    let labels = voxels.indices.map { Int32($0 % 32 == 3 ? $0 / 32 + 1 : 0) }
    try LabelImage(grid: grid, labels: labels).write(to: folder.file("labels.nii"))
    var files = FitFiles(input: folder.file("dwi.nii"), output: folder.file("run"))
    files.lesions = folder.file("labels.nii")
    let mask = folder.file("mask.nii")
    try LabelImage(grid: grid, labels: voxels.map { _ in 1 }).write(to: mask)
    files.mask = mask
    return files
  }

  /// Protocols that cannot tell the model, or the model and the noise, apart.
  static let refused = [
    Sampling("2 b-values", [0, 800]), Sampling("3 b-values", [0, 200, 800]),
    Sampling("4 b-values", [0, 50, 200, 800]), Sampling("b-values in another unit", [0, 1, 2, 3, 4, 5]),
    Sampling("the same b-values again and again", [0, 0, 0, 0, 500, 500, 500, 500]),
  ]

  @Test(arguments: refused) func `Too few settings end in a refusal, and nothing is written`(scan: Sampling)
    async throws
  {
    let folder = try TemporaryFolder()
    let files = try Self.write(scan.bValues, magnitude: false, in: folder)
    let error = await #expect(throws: RunError.self) {
      _ = try await Fit(files, FitConfiguration(), threads: 2).run()
    }
    #expect(error?.status == .badInput)
    #expect(!FileManager.default.fileExists(atPath: folder.file("run").path))
  }

  @Test(
    arguments: protocols, ["gaussian", "rician"])
  func `Every voxel has finite summaries in order, or is counted with its reason`(
    scan: Sampling, noise: String
  )
    async throws
  {
    let folder = try TemporaryFolder()
    let files = try Self.write(scan.bValues, magnitude: noise == "rician", in: folder)
    var configuration = FitConfiguration()
    configuration.noise = noise
    configuration.draws = 40
    configuration.chains = 2
    let report = try await Fit(files, configuration, threads: 2).run()
    let record = try JSONDecoder().decode(
      JSONValue.self, from: Data(contentsOf: report.folder.appending(path: "dwi_run.json")))
    let excluded = record["excluded_voxels"].keys.reduce(0) { $0 + record["excluded_voxels"][$1].int }
    #expect(report.voxelCount + excluded == Self.voxels.count)
    let isOpen = Set(scan.bValues).count < 4
    #expect(record["notices"].array.contains { $0.string.contains("the prior's") } == isOpen)
    for parameter in ["d", "f", "dstar", "s0", "sigma", "adc"] {
      func map(_ statistic: String) throws -> [Float] {
        try NIfTIImage.read(
          report.folder.appending(path: "dwi_model-ivim_param-\(parameter)_desc-\(statistic)_dwimap.nii.gz")
        ).values
      }
      let (grade, mean, sd) = (try map("grade"), try map("mean"), try map("sd"))
      let (low, median, high) = (try map("q05"), try map("median"), try map("q95"))
      #expect(grade.count { $0 > 0 } == report.voxelCount)
      for voxel in grade.indices where grade[voxel] > 0 {
        let found = [mean[voxel], sd[voxel], low[voxel], median[voxel], high[voxel]]
        let isFinite = found.allSatisfy(\.isFinite)
        #expect(isFinite, "\(parameter) of voxel \(voxel): \(found)")
        #expect(
          !isFinite || (found[1] >= 0 && found[2] <= found[3] && found[3] <= found[4]),
          "\(parameter) of voxel \(voxel): \(found)")
      }
      #expect(zip(grade, mean).allSatisfy { $0 > 0 || $1.isNaN })
    }
  }

  @Test func `One voxel is a scan, and a lesion`() async throws {
    let folder = try TemporaryFolder()
    let grid = Grid(shape: [1, 1, 1], affine: .scaling([2, 2, 2]))
    let bValues = Self.protocols[5].bValues
    let values = bValues.map { Float(100 * exp(-$0 / 1000)) }
    try NIfTIImage(grid: grid, volumeCount: values.count, values: values).writeFloat32(
      to: folder.file("dwi.nii"))
    _ = try folder.write(bValues.map { "\($0)" }.joined(separator: " "), as: "dwi.bval")
    try LabelImage(grid: grid, labels: [1]).write(to: folder.file("labels.nii"))
    for isLesion in [false, true] {
      var files = FitFiles(input: folder.file("dwi.nii"), output: folder.file("run\(isLesion)"))
      files.lesions = isLesion ? folder.file("labels.nii") : nil
      let report = try await Fit(files, FitConfiguration(), threads: 2).run()
      #expect(report.voxelCount == 1 && report.lesionCount == (isLesion ? 1 : 0))
      let map = report.folder.appending(path: "dwi_model-ivim_param-d_desc-median_dwimap.nii.gz")
      #expect(try abs(NIfTIImage.read(map).values[0] - 1e-3) < 3e-4)
    }
  }
}
