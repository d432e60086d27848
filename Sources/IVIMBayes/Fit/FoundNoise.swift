internal import LaneMath
internal import Posteriors
internal import Samplers
internal import SignalModels

/// σ² ~ IG(m/2, S/2) of eight voxels.
struct FoundNoise: Sendable {
  /// S: the residual sum of squares R at the mode and ν s² of the level.
  let scatter: Lane8
  /// m: the degrees of freedom of R and ν.
  let degreesOfFreedom: Lane8

  /// S/m.
  var variance: Lane8 { scatter / degreesOfFreedom }

  /// The noise of a model that is known to misfit.
  ///
  /// With R₀ the least residual sum of squares over η, the estimate of one coordinate scatters by noise with the variance
  /// σ² F/A², F the Fisher information of the linearised signal (σ = 1) and A = ½ ∂²R/∂η², which misfit makes unlike F; the
  /// curvature of the likelihood alone says σ²/A. The excess R − R₀ therefore counts A/F times (Ribatet, Cooley and Davison
  /// 2012, doi:10.48550/arXiv.0911.5357).
  ///
  /// - Parameters:
  ///   - posterior: The model under the known noise `variance`.
  ///   - start: Where the search for R₀ starts.
  /// - Returns: The noise under which the model's density is a t about R₀.
  func noise<Shape>(
    of posterior: inout AmplitudeMarginalPosterior<Shape, Lane8>, from start: [Lane8]
  ) -> AmplitudeNoise<Lane8> {
    let mode = LaneMode(of: &posterior, from: start, tolerance: 1e-6).position
    _ = posterior.logDensity(at: mode)
    let least = posterior.byproducts[2]
    let share = mode.count == 1 ? curvatureShare(of: &posterior, at: mode, residual: least) : 1
    return .found(
      degreesOfFreedom: degreesOfFreedom, scatter: scatter / share, leastResidual: least,
      valueCount: posterior.shape.settingCount - posterior.shape.absorbedCount, coordinateCount: mode.count)
  }

  /// A/F of the only coordinate at `mode`, whose residual sum of squares is `least`, between one half and two.
  private func curvatureShare<Shape>(
    of posterior: inout AmplitudeMarginalPosterior<Shape, Lane8>, at mode: [Lane8], residual least: Lane8
  ) -> Lane8 {
    let step = Lane8(0.01)
    _ = posterior.logDensity(at: [mode[0] + step])
    let above = posterior.byproducts[2]
    _ = posterior.logDensity(at: [mode[0] - step])
    let curvature = 0.5 * (above - 2 * least + posterior.byproducts[2]) / (step * step)
    var (gradient, information) = ([Lane8(0)], [Lane8(0)])
    _ = posterior.expand(at: mode, gradient: &gradient, information: &information)
    let share = curvature / (variance * (information[0] - posterior.prior.precision[0]))
    // What is no number compares with nothing, and counts once.
    return Lane8.select(share < share + 1, Lane8.minimum(Lane8.maximum(share, 0.5), 2), 1)
  }
}
