internal import LaneMath
internal import Posteriors

extension NoiseLevel {
  /// At most this many voxels, evenly spread over the rows, determine a level: enough for 1 %.
  private static var sampleSize: Int { 4096 }

  /// The noise level of `rows`, from the residuals at the posterior mode of each voxel.
  ///
  /// The degrees of freedom of a voxel are N − 1 (for S₀) minus the effective number of parameters,
  /// d − tr(P I⁻¹), P the prior precision and I the posterior information. The modes are found once with each voxel
  /// alone and once more with the level so found; `residuals` gives both numbers of eight rows at a level.
  static func estimate(
    rows: [Int], pooling: Double?, threads: Int,
    residuals: @escaping @Sendable ([Int], NoiseLevel) -> (sum: Lane8, degreesOfFreedom: Lane8)
  ) async throws -> NoiseLevel {
    guard pooling != 0 else { return .none }
    let step = max(1, rows.count / sampleSize)
    let sample = stride(from: 0, to: rows.count, by: step).map { rows[$0] }
    let tiles = stride(from: 0, to: sample.count, by: 256).map {
      Array(sample[$0..<min($0 + 256, sample.count)])
    }
    var level = NoiseLevel.none
    for _ in 0..<2 {
      let current = level
      let fits = try await concurrentMap(tiles, threads: threads) { tile in
        LaneGroup.groups(of: tile).flatMap { group in
          let found = residuals(group.rows, current)
          return (0..<group.count).map { (found.sum[$0], found.degreesOfFreedom[$0]) }
        }
      }
      let pooled = fits.flatMap { $0 }
      level = NoiseLevel(residuals: pooled.map(\.0), degreesOfFreedom: pooled.map(\.1), pooling: pooling)
    }
    return level
  }
}
