import Foundation
import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import TestSupport
import Testing
import VoxelTestSupport

/// The noise assumptions, by name, for signals of about 1000 with noise of about 25.
let noiseAssumptions: [(name: String, noise: AmplitudeNoise<Double>)] = [
  ("known", .known(variance: 625)),
  ("1/sigma", .pooled(pseudoObservations: 0, variance: 625)),
  ("pooled", .pooled(pseudoObservations: 4, variance: 500)),
  ("normal-inverse-gamma", .normalInverseGamma(mean: 950, relativeVariance: 300, shape: 3, scale: 1300)),
]

@Suite struct AmplitudeNoiseTests {
  @Test func `Noise found elsewhere makes a t density about the residual that does not count`() {
    let voxels = SimulatedVoxels.w1(count: 1, seed: 10)
    let count = SimulatedVoxels.w1BValues.count
    var known = voxels.posterior(of: [0], lanes: Double.self)
    known.noise = .known(variance: 625)
    known.prior = .flat(count: 3)
    let here = voxels.truths[0]
    let there = [here[0] + 0.1, here[1] - 0.3, here[2] + 0.4]
    _ = known.logDensity(at: here)
    let residual = known.byproducts[2]
    func expected(_ eta: [Double], _ m: Double, _ scatter: Double) -> Double {
      _ = known.logDensity(at: eta)
      let excess = known.byproducts[2] - residual
      return -0.5 * log(known.byproducts[0]) - 0.5 * (m + 3) * log(excess + scatter)
    }
    // With the third m nothing is left of the pseudo-observations.
    for (m, scatter) in [(15.0, 9000.0), (7, 4000), (Double(count - 4), 9000)] {
      var found = known
      found.noise = .found(
        degreesOfFreedom: m, scatter: scatter, leastResidual: residual, valueCount: count,
        coordinateCount: 3)
      let difference = found.logDensity(at: there) - found.logDensity(at: here)
      let right = expected(there, m, scatter) - expected(here, m, scatter)
      #expect(isClose(difference, right, relative: 1e-6), "\(m): \(difference), \(right)")
    }
  }

  @Test(arguments: noiseAssumptions.indices)
  func `The gradient is that of central differences at 100 prior draws`(index: Int) {
    let voxels = SimulatedVoxels.w1(count: 100, seed: 8)
    for voxel in 0..<100 {
      var posterior = voxels.posterior(of: [voxel], lanes: Double.self)
      posterior.noise = noiseAssumptions[index].noise
      let eta = voxels.priorDraw(voxel)
      var gradient = [0.0, 0, 0]
      var information = [Double](repeating: 0, count: 6)
      let value = posterior.expand(at: eta, gradient: &gradient, information: &information)
      #expect(value == posterior.logDensity(at: eta))
      for k in 0..<3 {
        let difference = centralDifference(step: 1e-3) { move in
          var moved = eta
          moved[k] += move
          return posterior.logDensity(at: moved)
        }
        #expect(isClose(gradient[k], difference, relative: 1e-7, absolute: 1e-6))
      }
    }
  }

  @Test(arguments: noiseAssumptions.indices)
  func `The information is positive definite at 100 prior draws`(index: Int) {
    let voxels = SimulatedVoxels.w1(count: 100, seed: 9)
    for voxel in 0..<100 {
      var posterior = voxels.posterior(of: [voxel], lanes: Double.self)
      posterior.noise = noiseAssumptions[index].noise
      var gradient = [0.0, 0, 0]
      var information = [Double](repeating: 0, count: 6)
      _ = posterior.expand(at: voxels.priorDraw(voxel), gradient: &gradient, information: &information)
      LaneCholesky.factor(&information, dimension: 3, floor: -1)
      #expect((0..<3).allSatisfy { information[packedIndex($0, $0)] > 0 })
    }
  }

  @Test func `Without noise the information is minus the Hessian of the profile`() {
    // At the truth and without residuals the Gauss–Newton information is exact but for the determinant term.
    let voxels = SimulatedVoxels.w1(count: 1, seed: 10, sigma: 0)
    var posterior = voxels.posterior(of: [0], lanes: Double.self)
    posterior.noise = .known(variance: 1e-4)
    let eta = voxels.truths[0]
    var gradient = [0.0, 0, 0]
    var information = [Double](repeating: 0, count: 6)
    _ = posterior.expand(at: eta, gradient: &gradient, information: &information)
    for k in 0..<3 {
      let curvature = centralDifference(step: 1e-4) { move in
        var moved = eta
        var slope = [0.0, 0, 0]
        var scratch = information
        moved[k] += move
        _ = posterior.expand(at: moved, gradient: &slope, information: &scratch)
        return slope[k]
      }
      #expect(isClose(-curvature, information[packedIndex(k, k)], relative: 1e-4))
    }
  }

  @Test(arguments: noiseAssumptions.indices)
  func `Eight voxels side by side are bit-identical to each alone`(index: Int) {
    let voxels = SimulatedVoxels.w1(count: 64, seed: 12)
    for first in stride(from: 0, to: 64, by: 8) {
      let group = Array(first..<first + 8)
      var eight = voxels.posterior(of: group, lanes: Lane8.self)
      eight.noise = noiseAssumptions[index].noise.inLanes(Lane8.self)
      let eta = (0..<3).map { k in Lane8(group.map { voxels.priorDraw($0)[k] }) }
      var gradient = [Lane8](repeating: 0, count: 3)
      var information = [Lane8](repeating: 0, count: 6)
      let value = eight.logDensity(at: eta)
      let expanded = eight.expand(at: eta, gradient: &gradient, information: &information)
      for (lane, voxel) in group.enumerated() {
        var one = voxels.posterior(of: [voxel], lanes: Double.self)
        one.noise = noiseAssumptions[index].noise
        var oneGradient = [0.0, 0, 0]
        var oneInformation = [Double](repeating: 0, count: 6)
        let place = voxels.priorDraw(voxel)
        #expect(one.logDensity(at: place) == value[lane])
        #expect(
          one.expand(at: place, gradient: &oneGradient, information: &oneInformation) == expanded[lane])
        #expect(oneGradient == gradient.map { $0[lane] })
        #expect(oneInformation == information.map { $0[lane] })
      }
    }
  }

  @Test func `Many pseudo-observations make the pooled noise known`() {
    let voxels = SimulatedVoxels.w1(count: 1, seed: 13)
    var posterior = voxels.posterior(of: [0], lanes: Double.self)
    func difference(_ noise: AmplitudeNoise<Double>) -> Double {
      posterior.noise = noise
      return posterior.logDensity(at: [0.1, -2, 2.7]) - posterior.logDensity(at: [0.3, -1.5, 3])
    }
    let pooled = difference(.pooled(pseudoObservations: 1e9, variance: 625))
    #expect(isClose(pooled, difference(.known(variance: 625)), relative: 1e-6))
  }
}

/// A fourth-order central difference of `function` at 0.
func centralDifference(step: Double, _ function: (Double) -> Double) -> Double {
  let (far, near) = (function(-2 * step), function(-step))
  let (nearUp, farUp) = (function(step), function(2 * step))
  return (far - 8 * near + 8 * nearUp - farUp) / (12 * step)
}

extension AmplitudeNoise where L == Double {
  /// The same assumption in every lane.
  func inLanes<M: Lane>(_: M.Type) -> AmplitudeNoise<M> {
    switch self {
    case .known(let variance): .known(variance: M(variance))
    case .pooled(let nu0, let variance): .pooled(pseudoObservations: M(nu0), variance: M(variance))
    case .normalInverseGamma(let mean, let relativeVariance, let shape, let scale):
      .normalInverseGamma(mean: mean, relativeVariance: relativeVariance, shape: shape, scale: scale)
    }
  }
}
