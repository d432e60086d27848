internal import LaneMath
internal import Posteriors
internal import SignalModels

/// A voxel model with Gaussian noise, whose level is known or estimated for a region.
protocol NoisyVoxelModel: VoxelModel {
  /// Takes σ as known, or estimates the level of `rows` with ν₀ = `pooling`; returns the level of the main model.
  mutating func setNoise(_ sigma: Double?, pooling: Double, rows: [Int], threads: Int) async throws
    -> NoiseLevel
}

extension IVIMModel: NoisyVoxelModel {
  mutating func setNoise(_ sigma: Double?, pooling: Double, rows: [Int], threads: Int) async throws
    -> NoiseLevel
  {
    if let sigma {
      noise = .known(variance: Lane8(sigma * sigma))
      adcNoise = noise
      return NoiseLevel(variance: sigma * sigma, pseudoObservations: .infinity)
    }
    let level = try await Self.level(of: self, pooling: pooling, rows: rows, threads: threads)
    let adcLevel = try await Self.adcLevel(of: self, pooling: pooling, rows: rows, threads: threads)
    noise = level.noise
    adcNoise = adcLevel.noise
    return level
  }

  private static func level(of model: IVIMModel, pooling: Double, rows: [Int], threads: Int) async throws
    -> NoiseLevel
  {
    try await NoiseLevel.estimate(rows: rows, pooling: pooling, threads: threads) { rows, noise in
      var model = model
      model.noise = noise
      return model.posterior(of: rows)
    }
  }

  private static func adcLevel(of model: IVIMModel, pooling: Double, rows: [Int], threads: Int) async throws
    -> NoiseLevel
  {
    try await NoiseLevel.estimate(rows: rows, pooling: pooling, threads: threads) { rows, noise in
      var model = model
      model.adcNoise = noise
      return model.adcPosterior(of: rows)
    }
  }
}
