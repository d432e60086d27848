internal import LaneMath
internal import Posteriors

/// log p(y | θ) of every measurement of a lesion in every kept joint draw, from which leave-one-out cross-validation follows
/// (Vehtari, Gelman and Gabry 2017, doi:10.1007/s11222-016-9696-4).
///
/// θ are the tissue's parameters, S₀ and σ of the draw. The ADC stands beside the model and has no part in it.
struct PointwiseLikelihood: Sendable, Equatable {
  /// The settings of every voxel: b-values in s/mm², times in s, or flip angles in degrees.
  let settings: [Double]
  /// y: voxel after voxel, each in the order of the settings.
  let measurements: [Double]
  /// chains × draws × measurements, measurements fastest.
  let values: [Float]

  /// The likelihood of a lesion's kept joint draws; nil if the model cannot say it.
  init?(_ posterior: LesionPosterior, by model: some VoxelModel) {
    let rows = posterior.lesion.rows
    settings = model.series.settings
    measurements = rows.flatMap { model.measurements(ofRow: $0) }
    let total = posterior.series.chainCount * posterior.keptDraws
    guard total > 0, measurements.count == rows.count * settings.count else { return nil }
    var values: [Float] = []
    values.reserveCapacity(total * measurements.count)
    for draw in 0..<total {
      for (place, row) in rows.enumerated() {
        let parameters = posterior.voxelDraws.map { Double($0[draw * rows.count + place]) }
        guard let densities = model.logLikelihood(ofRow: row, from: parameters) else { return nil }
        values += densities.map { Float($0) }
      }
    }
    self.values = values
  }
}

extension TissueModel {
  /// log p of each of `measurements` about the signal of reported values: N(ν, σ²/n), or the density of the magnitude.
  ///
  /// - Averages of n > 1 magnitudes are N(μ, V/n) with the moments of `RiceMoments`, as in the posterior.
  /// - A magnitude of 0 has density 0 whatever the tissue is: the factor y of the density, the same in every draw, is left out.
  /// - Nil if the values do not include S₀ and σ.
  func logLikelihood(
    of measurements: [Double], from values: [Double], averages: [Double], density: MagnitudeDensity?
  ) -> [Double]? {
    guard let (signal, sigma) = noiseless(values) else { return nil }
    return signal.indices.map { i in
      let (y, nu, n) = (measurements[i], signal[i], averages[i])
      guard let density else { return Self.logNormal(y, mean: nu, variance: sigma * sigma / n) }
      if n > 1 {
        let rice = RiceMoments(noiseless: abs(nu), sigma: sigma)
        return Self.logNormal(y, mean: rice.mean, variance: rice.variance / n)
      }
      if y > 0 { return density.logDensity(of: y, noiseless: abs(nu), sigma: sigma) }
      let least = Double.leastNormalMagnitude
      let factor = Double(2 * density.coilCount - 1) * Double.log(least)
      return density.logDensity(of: least, noiseless: abs(nu), sigma: sigma) - factor
    }
  }

  private static func logNormal(_ y: Double, mean: Double, variance: Double) -> Double {
    -0.5 * (Double.log(2 * Double.pi * variance) + (y - mean) * (y - mean) / variance)
  }
}
