internal import LaneMath
internal import Posteriors

/// A voxel model whose noise is known or estimated for a region.
protocol NoisyVoxelModel: VoxelModel {
  /// Takes σ as known, or estimates the level of `rows` with ν₀ = `pooling`, which nil learns; returns the level.
  mutating func setNoise(_ sigma: KnownSigma?, pooling: Double?, rows: [Int], threads: Int) async throws
    -> NoiseLevel
}

/// A model that can give its noise to another one of the same measurements, or take it.
protocol SharedNoiseModel: NoisyVoxelModel {
  /// What the `level` of the region and the mode of eight rows say of their noise.
  func foundNoise(of rows: [Int], level: NoiseLevel) -> FoundNoise
  /// Takes the noise that another model has found.
  mutating func take(_ noise: RegionNoise)
}

/// The noise of a region: a level to which its voxels are drawn, or known.
enum RegionNoise: Sendable {
  case level(NoiseLevel)
  case known(KnownSigma)
  /// As another model of the same measurements finds it in eight rows.
  case found(@Sendable ([Int]) -> FoundNoise)
}

/// A noise standard deviation that was measured: one number, or a map.
enum KnownSigma: Sendable {
  case value(Double)
  /// One value for each voxel of the grid, or each lesion.
  case map(VoxelMap)

  /// The noise of lesions that are reduced to the means of their voxels: √(Σ σ²)/n, with σ the noise of a voxel.
  func reduced(to regions: [Int: [Int]]) -> KnownSigma {
    func ofMean(_ sigmas: [Double]) -> Double {
      sigmas.reduce(0) { $0 + $1 * $1 }.squareRoot() / Double(sigmas.count)
    }
    switch self {
    case .value(let sigma):
      return .map(.regions(regions.mapValues { ofMean($0.map { _ in sigma }) }))
    case .map(let map): return .map(map.reduced(to: regions, by: ofMean))
    }
  }

  /// σ² of the voxels with these grid indices.
  func variances(of voxels: [Int]) -> Lane8 {
    switch self {
    case .value(let sigma): Lane8(sigma * sigma)
    case .map(let map): Lane8(voxels.map { map[$0] * map[$0] })
    }
  }

  /// The median of σ², for the run file.
  var typicalVariance: Double {
    switch self {
    case .value(let sigma): return sigma * sigma
    case .map(let map):
      let sorted = map.values.filter { $0.isFinite && $0 > 0 }.sorted()
      let median = sorted.isEmpty ? .nan : sorted[sorted.count / 2]
      return median * median
    }
  }
}
