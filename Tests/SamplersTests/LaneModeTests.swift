import InferenceCore
import LaneMath
import Posteriors
import Samplers
import TestSupport
import Testing
import VoxelTestSupport

@Suite struct LaneModeTests {
  @Test(arguments: 1...4)
  func `The mode, curvature and deviations of a Gaussian are its own`(dimension: Int) {
    var density = GaussianDensity(dimension: dimension, correlation: 0.8)
    let mode = LaneMode(of: &density, from: [Double](repeating: 1, count: dimension), iterations: 40)
    for k in 0..<dimension {
      #expect(isClose(mode.position[k], density.centre[k], absolute: 1e-9 * density.deviations[k]))
      #expect(isClose(mode.standardDeviations[k], density.deviations[k], relative: 1e-12))
    }
    #expect(isClose(mode.logDensity, 0, absolute: 1e-15))
  }

  @Test func `The gradient vanishes at the modes of simulated voxels`() {
    let voxels = SimulatedVoxels.w1(count: 64, seed: 31)
    for first in stride(from: 0, to: 64, by: 8) {
      var posterior = voxels.posterior(of: Array(first..<first + 8), lanes: Lane8.self)
      let mode = LaneMode(of: &posterior, from: posterior.prior.mean)
      var gradient = [Lane8](repeating: 0, count: 3)
      var information = [Lane8](repeating: 0, count: 6)
      _ = posterior.expand(at: mode.position, gradient: &gradient, information: &information)
      let deviations = mode.standardDeviations
      for k in 0..<3 {
        // In units of the posterior: a slope of 0.1 moves the mode by about 0.1 standard deviations.
        #expect((gradient[k] * deviations[k]).array.allSatisfy { abs($0) < 0.1 })
      }
    }
  }

  @Test func `Each lane climbs as it would alone`() {
    let voxels = SimulatedVoxels.w1(count: 8, seed: 32)
    var eight = voxels.posterior(of: Array(0..<8), lanes: Lane8.self)
    let together = LaneMode(of: &eight, from: eight.prior.mean)
    for voxel in 0..<8 {
      var one = voxels.posterior(of: [voxel], lanes: Double.self)
      let alone = LaneMode(of: &one, from: one.prior.mean)
      #expect(together.position.map { $0[voxel] } == alone.position)
      #expect(together.factor.map { $0[voxel] } == alone.factor)
      #expect(together.logDensity[voxel] == alone.logDensity)
    }
  }
}
