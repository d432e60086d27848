import Diagnostics
import LaneMath
import Posteriors
import Samplers
import TestSupport
import Testing
import VoxelTestSupport

/// The samplers against posteriors known from quadrature.
///
/// With an ESS of 30,000 the limits are 8 (mean), 7 (SD) and 5 (quantiles) standard errors of normal draws: 48 comparisons
/// at 5 make a false alarm in 30,000 seeds.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct ReferencePosteriorTests {
  private func expectReference(_ chains: SampledChains, _ voxel: ReferenceVoxel) {
    for (k, coordinate) in ReferenceVoxel.coordinates.enumerated() {
      let expected = voxel.expected[coordinate]
      let sd = expected["sd"].double
      let diagnostics = ChainDiagnostics(chains[k])
      #expect(diagnostics.bulkESS > 10_000)
      #expect(diagnostics.tailESS > 10_000)
      #expect(diagnostics.rHat < 1.01)
      #expect(isClose(diagnostics.mean, expected["mean"].double, absolute: 0.05 * sd))
      #expect(isClose(diagnostics.standardDeviation, sd, absolute: 0.03 * sd))
      let sorted = diagnostics.sortedDraws
      for (level, p) in [("0.05", 0.05), ("0.95", 0.95)] {
        let quantile = sorted[Int(p * Double(sorted.count))]
        #expect(isClose(quantile, expected["quantiles"][level].double, absolute: 0.06 * sd))
      }
    }
  }

  @Test(arguments: ReferenceVoxel.names)
  func `Eight lanes of the lane sampler together reproduce the posterior`(name: String) throws {
    let voxel = try ReferenceVoxel(name)
    let posterior = voxel.posterior(lanes: Lane8.self)
    let start = posterior.prior.mean.map { $0[0] }
    let lanes = sampleLanes(
      posterior, from: start, openAxis: 1, units: Array(0..<8), seed: 1, count: 2500)
    expectReference(start.indices.map { k in lanes.flatMap { $0[k] } }, voxel)
  }

  @Test(arguments: ReferenceVoxel.names)
  func `Random-walk Metropolis reproduces the posterior`(name: String) throws {
    let voxel = try ReferenceVoxel(name)
    let posterior = voxel.posterior(lanes: Double.self)
    let chains = sampleWalk(
      posterior, from: posterior.prior.mean, unit: 0, seed: 2, count: 20_000, thinning: 20)
    expectReference(chains, voxel)
  }
}
