internal import InferenceCore
internal import LaneMath
internal import Posteriors
internal import Samplers
internal import SignalModels

extension NoiseLevel {
  /// At most this many voxels, evenly spread over the rows, determine a level: enough for 1 %.
  private static var sampleSize: Int { 4096 }

  /// The noise level of `rows`, from the residuals at the posterior mode of each voxel.
  ///
  /// The degrees of freedom of a voxel are N − 1 (for S₀) minus the effective number of parameters,
  /// d − tr(P I⁻¹), P the prior precision and I the posterior information. The modes are found once with each voxel
  /// alone and once more with the level so found.
  static func estimate<Shape: SignalShape>(
    rows: [Int], pooling nu0: Double, threads: Int,
    posterior: @escaping @Sendable ([Int], AmplitudeNoise<Lane8>) -> AmplitudeMarginalPosterior<Shape, Lane8>
  ) async throws -> NoiseLevel {
    guard nu0 > 0 else { return .none }
    let step = max(1, rows.count / sampleSize)
    let sample = stride(from: 0, to: rows.count, by: step).map { rows[$0] }
    let tiles = stride(from: 0, to: sample.count, by: 256).map {
      Array(sample[$0..<min($0 + 256, sample.count)])
    }
    var level = NoiseLevel.none
    for _ in 0..<2 {
      let noise = level.noise
      let fits = try await concurrentMap(tiles, threads: threads) { tile in
        LaneGroup.groups(of: tile).flatMap { group in
          residuals(of: posterior(group.rows, noise), count: group.count)
        }
      }
      let pooled = fits.flatMap { $0 }
      level = NoiseLevel(
        residuals: pooled.map(\.residual), degreesOfFreedom: pooled.map(\.degreesOfFreedom), pooling: nu0)
    }
    return level
  }

  /// The level as the noise of a likelihood.
  var noise: AmplitudeNoise<Lane8> {
    .pooled(pseudoObservations: Lane8(pseudoObservations), variance: Lane8(variance))
  }

  private static func residuals<Shape: SignalShape>(
    of posterior: AmplitudeMarginalPosterior<Shape, Lane8>, count: Int
  ) -> [(residual: Double, degreesOfFreedom: Double)] {
    var density = posterior
    let dimension = density.dimension
    let mode = LaneMode(of: &density, from: density.prior.mean)
    _ = density.logDensity(at: mode.position)
    var shrinkage = Lane8(0)
    for k in 0..<dimension {
      // Row k of P times column k of I⁻¹, P being diagonal for independent priors.
      var column = [Lane8](repeating: 0, count: dimension)
      column[k] = 1
      LaneCholesky.solve(factor: mode.factor, &column, dimension: dimension)
      shrinkage += density.prior.precision[packedIndex(k, k)] * column[k]
    }
    let total = Double(density.shape.settingCount - 1 - dimension)
    return (0..<count).map { lane in (density.byproducts[2][lane], total + shrinkage[lane]) }
  }
}
