import Acquisitions
import Foundation
import GSLSupport
import NIfTI
import QualityControl
import SignalModels

/// A diffusion scan of one lesion in textured surroundings, with at most one faulty volume.
struct SimulatedScan {
  /// What is wrong with one volume.
  enum Fault: Equatable {
    case none
    /// The volume's signal times this.
    case scaled(Double)
    /// The volume moved by so many voxels, along x or y in either direction.
    case shifted(Int)
  }

  static let bValues = [0.0, 10, 20, 50, 100, 200, 400, 600, 800, 1_000].map { BValue($0) }
  static let shape = [36, 36, 7]

  let image: NIfTIImage
  let lesion: Lesion
  let voxels: [Int]
  /// The faulty volume.
  let faultyVolume: Int

  /// How the scan differs from the usual one.
  struct Conditions: Sendable {
    /// SDs of the texture of the surroundings in log S0, log D and logit f.
    var texture = [0.25, 0.3, 0.5]
    /// SDs of log D and logit f between the voxels of the lesion.
    var heterogeneity = [0.15, 0.3]
    /// True if the scanner interpolated the images, which smooths the noise.
    var isInterpolated = false
    /// Axes along which a volume may be shifted.
    var axes = [0, 1]
  }

  /// Lesion `unit` of a seed: size 60 … 800 voxels, SNR 20 … 40 at b = 0 inside it, tissue and fault at random.
  init(seed: UInt64, unit: Int, fault: Fault, conditions: Conditions = Conditions()) {
    var random = RandomStream(StreamKey(seed: seed, unit: unit, purpose: .simulation))
    let grid = Grid(shape: Self.shape, affine: .scaling(SIMD3(1.5, 1.5, 4)))
    let size = 60 * exp(random.uniform() * log(800.0 / 60))
    let radius = pow(size / (4 * .pi / 3 * 0.5), 1.0 / 3)
    let centre = (0..<3).map { Double(Self.shape[$0] - 1) / 2 + random.uniform() - 0.5 }
    let voxels = (0..<grid.voxelCount).filter { index in
      let p = grid.position(ofIndex: index)
      let d = (0..<3).map { (Double(p[$0]) - centre[$0]) / ($0 == 2 ? 0.5 * radius : radius) }
      return d.reduce(0) { $0 + $1 * $1 } <= 1
    }
    self.voxels = voxels
    lesion = Lesion(
      label: 1, name: "lesion-1", rows: Array(voxels.indices), labelledVoxelCount: voxels.count)

    // Tissue: a coarse texture of S0, D and f round the organ's values, and others inside the lesion.
    let isInside = Set(voxels)
    var textures = (0..<3).map { _ in Self.texture(grid, &random) }
    let noise = 100 / (20 + 20 * random.uniform())
    let contrast = exp(0.3 * random.normal())
    let lesionD = log(1.1) + 0.3 * random.normal()
    let lesionF = -1.6 + 0.6 * random.normal()
    let delta = log(25.0) + 0.4 * random.normal()
    textures[0] = textures[0].map { exp(conditions.texture[0] * $0) }

    let model = BiexponentialIVIM(bValues: Self.bValues)
    let count = Self.bValues.count
    faultyVolume = min(count - 1, Int(random.uniform() * Double(count)))
    let axis = conditions.axes[random.uniformInteger(below: conditions.axes.count)]
    let sign = random.bernoulli(0.5) ? 1 : -1
    var signal = [Double](repeating: 0, count: count)
    var workspace = [Double](repeating: 0, count: model.workspaceCount)
    var values = [Float](repeating: 0, count: grid.voxelCount * count)
    for index in 0..<grid.voxelCount {
      let inside = isInside.contains(index)
      let eta = [
        inside
          ? lesionD + conditions.heterogeneity[0] * random.normal()
          : log(1.3) + conditions.texture[1] * textures[1][index],
        inside
          ? lesionF + conditions.heterogeneity[1] * random.normal()
          : -1.2 + conditions.texture[2] * textures[2][index], delta,
      ]
      model.evaluate(at: eta, signal: &signal, workspace: &workspace)
      let s0 = 100 * (inside ? exp(0.05 * random.normal()) : contrast * textures[0][index])
      for volume in 0..<count { values[volume * grid.voxelCount + index] = Float(s0 * signal[volume]) }
    }
    var faulty = Array(values[(faultyVolume * grid.voxelCount)..<((faultyVolume + 1) * grid.voxelCount)])
    switch fault {
    case .none: break
    case .scaled(let factor): faulty = faulty.map { Float(factor) * $0 }
    case .shifted(let by): faulty = Self.shifted(faulty, grid, by: sign * by, axis: axis)
    }
    values.replaceSubrange(
      (faultyVolume * grid.voxelCount)..<((faultyVolume + 1) * grid.voxelCount), with: faulty)
    // Magnitude images: Rician noise.
    let parts = (0..<2).map { _ in
      conditions.isInterpolated
        ? (0..<count).flatMap { _ in Self.smoothed(Self.white(grid, &random), grid, axes: [0, 1]) }
        : values.map { _ in random.normal() }
    }
    for index in values.indices {
      let (real, imaginary) = (Double(values[index]) + noise * parts[0][index], noise * parts[1][index])
      values[index] = Float((real * real + imaginary * imaginary).squareRoot())
    }
    image = NIfTIImage(grid: grid, volumeCount: count, values: values)
  }

  /// The quality of every volume.
  func quality(_ thresholds: QualityThresholds = QualityThresholds()) -> [VolumeQuality] {
    VolumeScreening(
      image, volumes: Array(Self.bValues.indices), settings: Self.bValues.map(\.secondsPerSquareMillimeter),
      averages: Self.bValues.map { _ in 1 }, model: .biexponential(Self.bValues), thresholds: thresholds
    ).table(of: [lesion], voxels: voxels).rows
  }

  /// A smooth random field of unit variance, a few voxels wide.
  private static func texture(_ grid: Grid, _ random: inout RandomStream) -> [Double] {
    smoothed(white(grid, &random), grid, axes: [0, 1, 0, 1, 2])
  }

  private static func white(_ grid: Grid, _ random: inout RandomStream) -> [Double] {
    (0..<grid.voxelCount).map { _ in random.normal() }
  }

  /// The field averaged over three voxels along each of `axes`, scaled to unit variance.
  private static func smoothed(_ field: [Double], _ grid: Grid, axes: [Int]) -> [Double] {
    var field = field
    for axis in axes {
      let stride = axis == 0 ? 1 : axis == 1 ? grid.shape[0] : grid.shape[0] * grid.shape[1]
      let before = field
      for index in field.indices {
        let position = index / stride % grid.shape[axis]
        let left = position > 0 ? before[index - stride] : before[index]
        let right = position < grid.shape[axis] - 1 ? before[index + stride] : before[index]
        field[index] = (left + before[index] + right) / 3
      }
    }
    let sd = (field.reduce(0) { $0 + $1 * $1 } / Double(field.count)).squareRoot()
    return field.map { $0 / sd }
  }

  private static func shifted(_ values: [Float], _ grid: Grid, by: Int, axis: Int) -> [Float] {
    values.indices.map { index in
      var p = grid.position(ofIndex: index)
      p[axis] = min(max(p[axis] - by, 0), grid.shape[axis] - 1)
      return values[grid.index(x: p[0], y: p[1], z: p[2])]
    }
  }
}

extension CurveModel {
  /// The biexponential curve with the `generic` priors.
  static func biexponential(_ bValues: [BValue]) -> CurveModel {
    CurveModel(
      BiexponentialIVIM(bValues: bValues), priorMeans: [log(1.1), log(0.12 / 0.88), log(20)],
      priorSDs: [0.6, 1.3, 1])
  }

  /// A signal model as a curve.
  init(_ shape: some SignalShape, priorMeans: [Double], priorSDs: [Double]) {
    let (n, q) = (shape.settingCount, shape.coordinates.count)
    self.init(settingCount: n, priorMeans: priorMeans, priorSDs: priorSDs) { eta in
      var signal = [Double](repeating: 0, count: n)
      var derivatives = [Double](repeating: 0, count: n * q)
      var workspace = [Double](repeating: 0, count: shape.workspaceCount)
      shape.evaluate(at: eta, signal: &signal, derivatives: &derivatives, workspace: &workspace)
      return (signal, (0..<n).flatMap { i in (0..<q).map { derivatives[$0 * n + i] } })
    }
  }
}
