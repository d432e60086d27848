import GSLSupport
import Posteriors
import TestSupport
import Testing

@Suite struct NoiseLevelTests {
  /// Residual sums of squares of `count` voxels whose σ² scatters about `level` as the pooling ν₀ = 4 says.
  private func residuals(_ count: Int, level: Double, degreesOfFreedom: Double, seed: UInt64) -> [Double] {
    var random = RandomStream(StreamKey(seed: seed, purpose: .simulation))
    return (0..<count).map { _ in
      let variance = random.inverseGamma(shape: 2, scale: 2 * level)
      return variance * random.chiSquared(degreesOfFreedom: degreesOfFreedom)
    }
  }

  @Test(arguments: [100, 1000, 10_000])
  func `The level of simulated voxels is found, and is worth nearly four observations`(count: Int) {
    let level = NoiseLevel(
      residuals: residuals(count, level: 250, degreesOfFreedom: 11, seed: 1),
      degreesOfFreedom: [Double](repeating: 11, count: count), pooling: 4)
    // The log of F(11, 4) has a standard deviation of 0.92; z at 5: a false alarm in a million seeds.
    let error = 0.92 / Double(count).squareRoot()
    #expect(abs((level.variance / 250 - 1)) < 5 * error)
    #expect(level.pseudoObservations < 4 && level.pseudoObservations > 4 - 30 / Double(count))
  }

  @Test func `The fewer voxels, the less the level is worth`() {
    let worth = [2, 3, 5, 10, 100].map { count in
      NoiseLevel(
        residuals: residuals(count, level: 1, degreesOfFreedom: 10, seed: 2),
        degreesOfFreedom: [Double](repeating: 10, count: count), pooling: 4
      ).pseudoObservations
    }
    #expect(zip(worth, worth.dropFirst()).allSatisfy { $0 < $1 })
    #expect(worth.allSatisfy { $0 > 0 && $0 < 4 })
  }

  @Test func `The level scales with the residuals`() {
    let sums = residuals(50, level: 1, degreesOfFreedom: 8, seed: 3)
    let degrees = [Double](repeating: 8, count: 50)
    let one = NoiseLevel(residuals: sums, degreesOfFreedom: degrees, pooling: 4)
    let thousand = NoiseLevel(residuals: sums.map { 1000 * $0 }, degreesOfFreedom: degrees, pooling: 4)
    #expect(isClose(thousand.variance, 1000 * one.variance, relative: 1e-8))
    #expect(thousand.pseudoObservations == one.pseudoObservations)
  }

  @Test func `One voxel, no pooling or no usable residual give no level`() {
    #expect(NoiseLevel(residuals: [3], degreesOfFreedom: [5], pooling: 4) == .none)
    #expect(NoiseLevel(residuals: [3, 4], degreesOfFreedom: [5, 5], pooling: 0) == .none)
    #expect(
      NoiseLevel(residuals: [.nan, 0, 4, -1], degreesOfFreedom: [5, 5, 5, 5], pooling: 4) == .none)
    #expect(NoiseLevel.none.pseudoObservations == 0)
  }

  @Test func `Residuals that cannot be used are left out`() {
    let clean = NoiseLevel(residuals: [8, 9, 12], degreesOfFreedom: [9, 9, 9], pooling: 4)
    let soiled = NoiseLevel(
      residuals: [8, .nan, 9, 0, 12, .infinity], degreesOfFreedom: [9, 9, 9, 9, 9, 9], pooling: 4)
    #expect(clean == soiled)
  }
}
