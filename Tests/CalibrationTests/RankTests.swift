import Diagnostics
import TestSupport
import Testing
import VoxelTestSupport

/// Simulation-based calibration of the voxel sampler under the proper normal–inverse-gamma noise.
///
/// Ranks of 400 replicates among 99 thinned draws are judged by simultaneous ECDF bands that raise a false alarm in one
/// of 330 seeds.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct RankTests {
  private static let replicates = RankReplicates(prior: .w1Prior, seed: 2)

  /// The quantities whose ranks leave their bands.
  private func suspects(_ calibration: RankCalibration) -> [String] {
    let verdicts = calibration.verdicts(falseAlarm: 0.003)
    for verdict in verdicts { print("\(verdict.name): chi-squared p \(verdict.pValue)") }
    return verdicts.filter { !$0.holds }.map(\.name)
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
