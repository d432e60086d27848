import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import Samplers
import SignalModels
import VoxelTestSupport

/// How often 95 % intervals of D, f and D* hold the truth.
struct Coverage {
  static let names = ["D", "f", "D*"]

  /// Voxel after voxel, whether the interval of each of the three holds the truth.
  let isCovered: [[Bool]]
  let voxels: SimulatedVoxels

  /// Draws 4 × 300 positions of every voxel from `density` and asks for the rank of the truth among them.
  init<Density: LaneLogDensity & Sendable>(
    of voxels: SimulatedVoxels, density: (_ group: [Int]) -> Density
  ) where Density.L == Lane8 {
    let drawsPerChain = 300
    var isCovered: [[Bool]] = []
    for first in stride(from: 0, to: voxels.truths.count, by: 8) {
      let group = Array(first..<first + 8)
      let truths = (0..<3).map { k in Lane8(group.map { voxels.truths[$0][k] }) }
      let exact = Self.quantities(truths)
      var below = [Lane8](repeating: 0, count: 3)
      var sampler = LaneGroupSampler(
        on: density(group), from: voxels.prior.means.map { Lane8($0) }, openAxis: BiexponentialIVIM.openAxis,
        units: group, seed: 1)
      sampler.draw(drawsPerChain) { _, position, _ in
        let drawn = Self.quantities(position)
        for k in 0..<3 { below[k] += Lane8.select(drawn[k] < exact[k], 1, 0) }
      }
      let total = Double(4 * drawsPerChain)
      for lane in 0..<8 {
        isCovered.append(below.map { (0.025 * total...0.975 * total).contains($0[lane]) })
      }
    }
    self.isCovered = isCovered
    self.voxels = voxels
  }

  /// Monotone in D, f and D*.
  private static func quantities(_ eta: [Lane8]) -> [Lane8] {
    [eta[0], eta[1], Lane8.exp(eta[0]) + Lane8.exp(eta[2])]
  }

  /// The share of voxels among `indices` whose interval holds the truth, for D, f and D*.
  func shares(_ indices: some Collection<Int>) -> [Double] {
    (0..<3).map { k in Double(indices.count { isCovered[$0][k] }) / Double(indices.count) }
  }

  /// The shares among all voxels.
  var shares: [Double] { shares(isCovered.indices) }

  /// The shares by thirds of the truths. Only their average is 95 %: intervals are drawn to the prior's centre, so that
  /// truths near it are covered more often than truths far out.
  var strata: String {
    let parts = ["log D", "logit f", "log (D* − D)"].enumerated().flatMap { k, name in
      let order = voxels.truths.indices.sorted { voxels.truths[$0][k] < voxels.truths[$1][k] }
      return (0..<3).map { third in
        let part = order[third * order.count / 3..<(third + 1) * order.count / 3]
        let shown = zip(Self.names, shares(part)).map { "\($0) \(($1 * 1000).rounded() / 10)" }
        return "  \(name), third \(third + 1): " + shown.joined(separator: ", ")
      }
    }
    return parts.joined(separator: "\n")
  }
}
