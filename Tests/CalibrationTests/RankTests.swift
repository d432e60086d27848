import Diagnostics
import TestSupport
import Testing
import VoxelTestSupport

/// Simulation-based calibration of the voxel sampler under the proper normal–inverse-gamma noise.
///
/// Ranks of 400 replicates among 99 thinned draws are judged by simultaneous ECDF bands that hold with probability
/// 0.9995: six quantities raise a false alarm in one of 330 seeds.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct RankTests {
  private static let band = UniformityBand(
    sampleSize: RankReplicates.count, points: 20, probability: 0.9995)
  private static let replicates = RankReplicates(prior: .w1Prior, seed: 2)

  /// The quantities whose ranks leave the band.
  private func suspects(_ ranks: [[Int]]) -> [String] {
    for (name, ranks) in zip(RankReplicates.names, ranks) {
      let test = RankUniformityTest(ranks: ranks, maximumRank: RankReplicates.drawCount)
      print("\(name): chi-squared p \(test.pValue)")
    }
    return zip(RankReplicates.names, ranks).compactMap { name, ranks in
      Self.band.holds(ranks: ranks, maximumRank: RankReplicates.drawCount) ? nil : name
    }
  }

  @Test func `Ranks of all parameters and of the likelihood are uniform`() {
    #expect(suspects(Self.replicates.ranks(assuming: .w1Prior)).isEmpty)
  }

  @Test func `Twin: a prior of two thirds the width is found out`() {
    var narrow = IVIMDistribution.w1Prior
    narrow.deviations = narrow.deviations.map { $0 * 2 / 3 }
    #expect(!suspects(Self.replicates.ranks(assuming: narrow)).isEmpty)
  }

  @Test func `Twin: draws that ignore the data are found out by the likelihood`() {
    let suspects = suspects(Self.replicates.ranks(assuming: .w1Prior, ignoringData: true))
    #expect(suspects.contains("log likelihood"))
    #expect(!suspects.contains("log D"))
  }
}
