import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import TestSupport
import Testing
import VoxelTestSupport

@Suite struct AmplitudeMarginalPosteriorNuisanceTests {
  private static let count = 5000

  /// Draws of S₀ and σ of one voxel, which stands in all eight lanes, at its true η.
  private func drawn(_ noise: AmplitudeNoise<Double>) -> (s0: [Double], sigma: [Double], byproducts: [Double])
  {
    let voxels = SimulatedVoxels.w1(count: 1, seed: 51)
    var posterior = voxels.posterior(of: [Int](repeating: 0, count: 8), lanes: Lane8.self)
    posterior.noise = noise.inLanes(Lane8.self)
    _ = posterior.logDensity(at: voxels.truths[0].map { Lane8($0) })
    var random = LaneRandom<Lane8>((0..<8).map { StreamKey(seed: 2, unit: $0, purpose: .nuisance) })
    var (s0, sigma): ([Double], [Double]) = ([], [])
    for _ in 0..<Self.count / 8 {
      let (a, s) = posterior.drawNuisance(from: posterior.byproducts, using: &random)
      s0 += a.array
      sigma += s.array
    }
    return (s0, sigma, posterior.byproducts.map { $0[0] })
  }

  /// Checks a mean by its z-score at 5: false alarms of 6·10⁻⁷, of the file 8·10⁻⁶.
  private func expectMean(_ values: [Double], _ exact: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    #expect(abs(mean - exact) < 5 * (spread / Double(values.count)).squareRoot())
  }

  /// Checks S₀ ~ N(`centre`, σ √`relativeVariance`) given σ, and 1/σ² ~ Gamma(`shape`, `scale`).
  private func expectNuisance(
    _ s0: [Double], _ sigma: [Double], centre: Double, relativeVariance: Double, shape: Double, scale: Double
  ) {
    let scores = zip(s0, sigma).map { ($0 - centre) / ($1 * relativeVariance.squareRoot()) }
    expectMean(scores, 0)
    expectMean(scores.map { $0 * $0 }, 1)
    let precisions = sigma.map { 1 / ($0 * $0) }
    expectMean(precisions, shape / scale)
    expectMean(precisions.map { $0 * $0 }, shape * (shape + 1) / (scale * scale))
  }

  @Test(arguments: [0.0, 4])
  func `Pooled noise is inverse-gamma, and the amplitude normal given it`(pooling: Double) {
    let (s0, sigma, byproducts) = drawn(.pooled(pseudoObservations: pooling, variance: 500))
    let shape = 0.5 * (14 + pooling)
    expectNuisance(
      s0, sigma, centre: byproducts[1], relativeVariance: 1 / byproducts[0], shape: shape,
      scale: 0.5 * (byproducts[2] + pooling * 500))
  }

  @Test func `Known noise stays what it is`() {
    let (s0, sigma, byproducts) = drawn(.known(variance: 625))
    #expect(sigma.allSatisfy { $0 == 25 })
    let scores = s0.map { ($0 - byproducts[1]) / (25 / byproducts[0].squareRoot()) }
    expectMean(scores, 0)
    expectMean(scores.map { $0 * $0 }, 1)
  }

  @Test func `The proper prior gives its conjugate update`() {
    let (m0, v0, a0, c0) = (950.0, 0.02, 3.0, 1300.0)
    let (s0, sigma, byproducts) = drawn(
      .normalInverseGamma(mean: m0, relativeVariance: v0, shape: a0, scale: c0))
    let (g, amplitude, residual) = (byproducts[0], byproducts[1], byproducts[2])
    let relativeVariance = 1 / (1 / v0 + g)
    let distance = (amplitude - m0) * (amplitude - m0)
    expectNuisance(
      s0, sigma, centre: relativeVariance * (m0 / v0 + g * amplitude), relativeVariance: relativeVariance,
      shape: a0 + 7.5, scale: c0 + 0.5 * (residual + distance * g / (1 + v0 * g)))
  }
}
