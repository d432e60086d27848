import InferenceCore
import LaneMath
import Posteriors
import Samplers
import SignalModels
import VoxelTestSupport

extension SimulatedVoxels {
  /// The noise level of the voxels from their residuals at the mode, as a fit estimates it: first each voxel alone, then
  /// once more at the level so found. N − 1 − d + tr(P I⁻¹) degrees of freedom, P being the prior's precision.
  func estimatedNoiseLevel(pooling: Double) -> NoiseLevel {
    var level = NoiseLevel.none
    for _ in 0..<2 {
      var residuals: [Double] = []
      var degreesOfFreedom: [Double] = []
      for first in stride(from: 0, to: 4096, by: 8) {
        var posterior = posterior(of: Array(first..<first + 8), at: level)
        let mode = LaneMode(of: &posterior, from: prior.means.map { Lane8($0) })
        _ = posterior.logDensity(at: mode.position)
        let deviations = mode.standardDeviations
        let shrinkage = prior.deviations.indices.reduce(Lane8(0)) { sum, k in
          sum + (deviations[k] * deviations[k]) / Lane8(prior.deviations[k] * prior.deviations[k])
        }
        residuals += posterior.byproducts[2].array
        degreesOfFreedom += (Double(shape.settingCount - 1 - prior.means.count) + shrinkage).array
      }
      level = NoiseLevel(residuals: residuals, degreesOfFreedom: degreesOfFreedom, pooling: pooling)
    }
    return level
  }

  /// The posterior of eight voxels whose noise is drawn to `level`.
  func posterior(of group: [Int], at level: NoiseLevel)
    -> AmplitudeMarginalPosterior<BiexponentialIVIM, Lane8>
  {
    var posterior = posterior(of: group, lanes: Lane8.self)
    posterior.noise = .pooled(
      pseudoObservations: Lane8(level.pseudoObservations), variance: Lane8(level.variance))
    return posterior
  }
}
