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
}

extension AmplitudeMarginalPosterior where L == Lane8 {
  /// Gives a model that is known to misfit the noise that another model has found.
  ///
  /// With R₀ the least residual sum of squares over η, the estimate of one coordinate scatters by noise with the variance
  /// σ² F/A², F the Fisher information of the linearised signal (σ = 1) and A = ½ ∂²R/∂η², which misfit makes unlike F; the
  /// curvature of the likelihood alone says σ²/A. The excess R − R₀ therefore counts A/F times (Ribatet, Cooley and Davison
  /// 2012, doi:10.48550/arXiv.0911.5357).
  ///
  /// - Parameters:
  ///   - found: The noise.
  ///   - start: Where the search for R₀ starts.
  mutating func take(_ found: FoundNoise, from start: [Lane8]) {
    noise = .known(variance: found.variance)
    let mode = LaneMode(of: &self, from: start, tolerance: 1e-6).position
    let share = dimension == 1 ? curvatureShare(at: mode) : 1
    _ = logDensity(at: mode)
    let least = byproducts[2]
    noise = .found(
      degreesOfFreedom: found.degreesOfFreedom, scatter: found.scatter / share, leastResidual: least,
      valueCount: shape.settingCount - shape.absorbedCount, coordinateCount: dimension)
  }

  /// A/F of the only coordinate, between one half and two, under known noise.
  private mutating func curvatureShare(at place: [Lane8]) -> Lane8 {
    guard case .known(let variance) = noise else { return 1 }
    let step = Lane8(0.01)
    func residual(_ move: Lane8) -> Lane8 {
      _ = logDensity(at: [place[0] + move])
      return byproducts[2]
    }
    let curvature = 0.5 * (residual(step) - 2 * residual(0) + residual(-step)) / (step * step)
    var (gradient, information) = ([Lane8(0)], [Lane8(0)])
    _ = expand(at: place, gradient: &gradient, information: &information)
    let share = curvature / (variance * (information[0] - prior.precision[0]))
    // What is no number compares with nothing, and counts once.
    return Lane8.select(share < share + 1, Lane8.minimum(Lane8.maximum(share, 0.5), 2), 1)
  }
}
