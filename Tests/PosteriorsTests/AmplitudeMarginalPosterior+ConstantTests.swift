import Foundation
import GSLSupport
import LaneMath
import Posteriors
import TestSupport
import Testing
import VoxelTestSupport

@Suite struct AmplitudeMarginalPosteriorConstantTests {
  /// log ∫ ∏ N(yᵢ; S₀ gᵢ, σ²) p(S₀, σ²) dS₀ dσ² at fixed g, by the trapezoid rule in (S₀, log σ²).
  private func integral(_ y: [Double], _ g: [Double], logPrior: (Double, Double) -> Double) -> Double {
    var total = 0.0
    let (amplitudeStep, logStep) = (0.02, 0.02)
    for s in stride(from: -6.0, through: 10, by: amplitudeStep) {
      let squares = zip(y, g).reduce(0) { $0 + ($1.0 - s * $1.1) * ($1.0 - s * $1.1) }
      for logVariance in stride(from: -9.0, through: 9, by: logStep) {
        let variance = Foundation.exp(logVariance)
        let likelihood =
          -0.5 * squares / variance - 0.5 * Double(y.count) * Foundation.log(2 * .pi * variance)
        total += Foundation.exp(likelihood + logPrior(s, variance) + logVariance)
      }
    }
    return Foundation.log(total * amplitudeStep * logStep)
  }

  @Test func `Kernel plus constant is the integral over amplitude and noise, whatever is assumed of them`() {
    let voxels = SimulatedVoxels(
      bValues: [0, 0, 50, 200, 400, 800], amplitude: 2, sigma: 0.3, count: 1, seed: 21,
      population: .w1)
    let y = voxels.signals[0]
    let eta = voxels.truths[0]
    let g = voxels.relativeSignal(at: eta)
    func ours(_ noise: AmplitudeNoise<Double>) -> Double {
      var posterior = voxels.posterior(of: [0], lanes: Double.self)
      posterior.noise = noise
      let prior =
        -0.5
        * zip(eta, voxels.prior.means).enumerated().reduce(0) { sum, item in
          let z = (item.element.0 - item.element.1) / voxels.prior.deviations[item.offset]
          return sum + z * z
        }
      return posterior.logDensity(at: eta) - prior + posterior.logLikelihoodConstant
    }
    func logInverseGamma(_ x: Double, _ a: Double, _ c: Double) -> Double {
      a * Foundation.log(c) - SpecialFunctions.logGamma(a) - (a + 1) * Foundation.log(x) - c / x
    }
    func logNormal(_ x: Double, _ mean: Double, _ variance: Double) -> Double {
      -0.5 * (x - mean) * (x - mean) / variance - 0.5 * Foundation.log(2 * .pi * variance)
    }
    let pooled = integral(y, g) { _, variance in logInverseGamma(variance, 2, 2 * 0.08) }
    #expect(isClose(ours(.pooled(pseudoObservations: 4, variance: 0.08)), pooled, absolute: 1e-6))
    // dσ/σ = ½ dσ²/σ².
    let alone = integral(y, g) { _, variance in Foundation.log(0.5 / variance) }
    #expect(isClose(ours(.pooled(pseudoObservations: 0, variance: 1)), alone, absolute: 1e-6))
    let proper = integral(y, g) { s, variance in
      logNormal(s, 1.8, 0.5 * variance) + logInverseGamma(variance, 3, 0.2)
    }
    let noise = AmplitudeNoise<Double>.normalInverseGamma(
      mean: 1.8, relativeVariance: 0.5, shape: 3, scale: 0.2)
    #expect(isClose(ours(noise), proper, absolute: 1e-6))
  }

  @Test func `Each lane has the constant of its own noise level`() {
    let voxels = SimulatedVoxels.w1(count: 8, seed: 22)
    var eight = voxels.posterior(of: Array(0..<8), lanes: Lane8.self)
    let levels = (0..<8).map { 100.0 + 50 * Double($0) }
    let weights = (0..<8).map { Double($0) }
    eight.noise = .pooled(pseudoObservations: Lane8(weights), variance: Lane8(levels))
    for lane in 0..<8 {
      var one = voxels.posterior(of: [lane], lanes: Double.self)
      one.noise = .pooled(pseudoObservations: weights[lane], variance: levels[lane])
      #expect(eight.logConstant[lane] == one.logConstant)
    }
  }

  @Test func `A correlated normal prior with its constant has mass one`() {
    var prior = NormalPrior<Double>(means: [0.3, -1], standardDeviations: [1, 1])
    // Precision [[2, −0.7], [−0.7, 1]]: determinant 1.51.
    prior.precision = [2, -0.7, 1]
    #expect(
      isClose(prior.logConstant, 0.5 * Foundation.log(1.51) - Foundation.log(2 * .pi), relative: 1e-14))
  }
}
