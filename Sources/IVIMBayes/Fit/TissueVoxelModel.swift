internal import GSLSupport
internal import LaneMath
internal import Posteriors

/// A voxel model of one tissue and one kind of noise: what Gaussian and magnitude noise have in common.
protocol TissueVoxelModel: SharedNoiseModel {
  associatedtype Tissue: TissueModel

  var tissue: Tissue { get }
  /// The density of magnitude noise; nil for Gaussian noise.
  var magnitudeDensity: MagnitudeDensity? { get }
  /// The noise of the region.
  var noise: RegionNoise { get set }
  /// The residual sum of squares at the mode of eight rows under the noise `level`, and its degrees of freedom.
  func residuals(of rows: [Int], level: NoiseLevel) -> (sum: Lane8, degreesOfFreedom: Lane8)
}

extension TissueVoxelModel {
  var quantities: [Quantity] { tissue.quantities }

  func priorDraw(using random: inout RandomStream) -> [Double] { tissue.priorDraw(using: &random) }

  func prediction(from values: [Double]) -> Prediction? {
    tissue.prediction(from: values, averages: series.averages, density: magnitudeDensity)
  }

  func logLikelihood(ofRow row: Int, from values: [Double]) -> [Double]? {
    tissue.logLikelihood(
      of: measurements(ofRow: row), from: values, averages: series.averages, density: magnitudeDensity)
  }

  func measurements(ofRow row: Int) -> [Double] {
    series.settings.indices.map { Double(series.signals[row, $0]) }
  }

  mutating func setNoise(_ sigma: KnownSigma?, pooling: Double?, rows: [Int], threads: Int) async throws
    -> NoiseLevel
  {
    if let sigma {
      noise = .known(sigma)
      return NoiseLevel(variance: sigma.typicalVariance, pseudoObservations: .infinity)
    }
    let model = self
    let level = try await NoiseLevel.estimate(rows: rows, pooling: pooling, threads: threads) { rows, level in
      model.residuals(of: rows, level: level)
    }
    noise = .level(level)
    return level
  }

  mutating func take(_ noise: RegionNoise) { self.noise = noise }

  func foundNoise(of rows: [Int], level: NoiseLevel) -> FoundNoise {
    let found = residuals(of: rows, level: level)
    let (nu, variance) = (level.pseudoObservations, level.variance)
    return FoundNoise(
      scatter: found.sum + Lane8(nu * variance), degreesOfFreedom: found.degreesOfFreedom + Lane8(nu))
  }
}

extension NormalPrior<Lane8> {
  /// tr(P I⁻¹) from the factor of I: the part of the d coordinates that the prior, not the data, determines.
  ///
  /// Coordinates beyond those of the prior (log σ) have none. P is diagonal for independent priors.
  func shrinkage(factor: [Lane8], dimension: Int) -> Lane8 {
    mean.indices.reduce(Lane8(0)) { sum, k in
      var column = [Lane8](repeating: 0, count: dimension)
      column[k] = 1
      LaneCholesky.solve(factor: factor, &column, dimension: dimension)
      return sum + precision[packedIndex(k, k)] * column[k]
    }
  }
}
