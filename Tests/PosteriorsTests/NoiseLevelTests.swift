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

  @Test func `Voxels tell how alike their noise is`() {
    var random = RandomStream(StreamKey(seed: 5, purpose: .simulation))
    for (count, degreesOfFreedom) in [(300, 4.0), (300, 11)] {
      let degrees = [Double](repeating: degreesOfFreedom, count: count)
      let alike = NoiseLevel(
        residuals: degrees.map { random.chiSquared(degreesOfFreedom: $0) }, degreesOfFreedom: degrees)
      #expect(alike.pseudoObservations > 30 && abs(alike.variance - 1) < 0.2, "\(alike)")
    }
    let unlike = NoiseLevel(
      residuals: residuals(3000, level: 1, degreesOfFreedom: 11, seed: 6),
      degreesOfFreedom: [Double](repeating: 11, count: 3000))
    #expect(unlike.pseudoObservations > 3.4 && unlike.pseudoObservations < 4.6, "\(unlike)")
    // Two voxels tell nothing: what is left is about the middle of what is possible beforehand.
    let few = NoiseLevel(residuals: [9, 10], degreesOfFreedom: [9, 9])
    #expect(few.pseudoObservations > 1 && few.pseudoObservations < 8, "\(few)")
  }

  /// The mean square of the error of a number that 60 voxels have in common, in units of the SD that the curvature of their
  /// marginal likelihood gives it: 6,000 lesions with seven values a voxel, three coordinates, and noise that is the same in all.
  private func meanSquareError(pooling: Double?) -> Double {
    var random = RandomStream(StreamKey(seed: 7, purpose: .simulation))
    let (lesions, degrees) = (6000, [Double](repeating: 4, count: 60))
    var sum = 0.0
    for _ in 0..<lesions {
      let sums = degrees.map { random.chiSquared(degreesOfFreedom: $0) }
      let estimates = degrees.map { _ in random.normal() }
      let level = NoiseLevel(residuals: sums, degreesOfFreedom: degrees, pooling: pooling)
      let known = sums.map { $0 + level.pseudoObservations * level.variance }
      func scales(_ centre: Double) -> [Double] {
        zip(known, estimates).map { $0 + ($1 - centre) * ($1 - centre) }
      }
      var centre = 0.0
      for _ in 0..<30 {
        let weights = scales(centre).map { 1 / $0 }
        centre = zip(weights, estimates).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
      }
      let curvature = zip(scales(centre), estimates).reduce(0) { sum, voxel in
        sum + 1 / voxel.0 - 2 * (voxel.1 - centre) * (voxel.1 - centre) / (voxel.0 * voxel.0)
      }
      sum += centre * centre * curvature * (5 + level.pseudoObservations)
    }
    return sum / Double(lesions)
  }

  /// Standard errors of 0.02 about 1.02 and, of the twin, 1.16: a false alarm in a thousand seeds.
  @Test(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
  func `Errors of what voxels have in common are as large as they are said to be`() {
    #expect(meanSquareError(pooling: nil) < 1.09)
  }

  @Test(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
  func `Twin: noise that is taken for unlike makes the standard deviation too small`() {
    #expect(meanSquareError(pooling: 4) > 1.09)
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
