import Foundation
import LaneMath
import TestSupport
import Testing

@testable import Diagnostics

/// The fast diagnostics of eight voxels held equal to `ChainDiagnostics` of each.
@Suite struct VoxelConvergenceTests {
  /// The chains of eight voxels, side by side: chain, draw.
  private func lanes(_ voxels: [[[Double]]]) -> [[Lane8]] {
    voxels[0].indices.map { chain in
      voxels[0][chain].indices.map { draw in Lane8(voxels.map { $0[chain][draw] }) }
    }
  }

  /// What the width of a bucket may do to ESS and R̂.
  private static let width = (bulkESS: 5e-3, rHat: 1e-3)

  private func expectEqual(
    _ workspace: VoxelConvergence, _ voxels: [[[Double]]], rHat: Double = width.rHat,
    bulkESS: Double = width.bulkESS
  ) {
    for (lane, chains) in voxels.enumerated() {
      let full = ChainDiagnostics(chains)
      #expect(isClose(workspace.rHat[lane], full.rHat, relative: rHat), "lane \(lane)")
      #expect(isClose(workspace.bulkESS[lane], full.bulkESS, relative: bulkESS), "lane \(lane)")
      #expect(isClose(workspace.means[lane], full.mean, relative: 1e-9, absolute: 1e-12))
      #expect(isClose(workspace.variances[lane].squareRoot(), full.standardDeviation, relative: 1e-9))
      for (k, p) in [0.05, 0.5, 0.95].enumerated() {
        #expect(workspace.quantiles[k][lane] == full.sortedDraws.quantile(p))
      }
    }
  }

  @Test func `Eight voxels at once have the figures of the full diagnostics of each`() {
    var voxels = [-0.3, 0.0, 0.2, 0.4, 0.6, 0.8, 0.95, 0.1].enumerated().map { lane, phi in
      SyntheticChains.autoregressive(phi, chains: 4, draws: 300, seed: 60 + UInt64(lane))
    }
    voxels[7][1] = voxels[7][1].map { $0 + 1 }
    let skewed = voxels.map { $0.map { $0.map { Foundation.exp($0) } } }
    let workspace = VoxelConvergence(chainCount: 4, drawsPerChain: 300)
    workspace.take(lanes(voxels), lanes: 0..<8)
    expectEqual(workspace, voxels)
    workspace.take(lanes(skewed), lanes: 0..<8, isPositive: true)
    expectEqual(workspace, skewed)
    // The two draws in the middle are equally far from the median; rounding decides whether they count as tied, which
    // matters the more the fewer there are.
    let exact = VoxelConvergence(chainCount: 4, drawsPerChain: 300, isExact: true)
    exact.take(lanes(voxels), lanes: 0..<8)
    expectEqual(exact, voxels, rHat: 5e-5, bulkESS: 1e-9)
    let verySkewed = voxels.map { $0.map { $0.map { Foundation.exp(2 * $0) } } }
    exact.take(lanes(verySkewed), lanes: 0..<8, isPositive: true)
    expectEqual(exact, verySkewed, rHat: 5e-5, bulkESS: 1e-9)
  }

  @Test func `Buckets change the ESS by a tenth of a per cent on average, and neither way`() {
    let workspace = VoxelConvergence(chainCount: 4, drawsPerChain: 150)
    var ratios: [Double] = []
    for group in 0..<16 {
      let voxels = (0..<8).map { lane in
        SyntheticChains.autoregressive(0.12, chains: 4, draws: 150, seed: 600 + UInt64(8 * group + lane))
      }
      workspace.take(lanes(voxels), lanes: 0..<8)
      ratios += (0..<8).map { workspace.bulkESS[$0] / ChainDiagnostics(voxels[$0]).bulkESS - 1 }
    }
    #expect(abs(ratios.reduce(0, +) / 128) < 1e-3, "\(ratios.reduce(0, +) / 128)")
    #expect(ratios.allSatisfy { abs($0) < 2e-2 }, "\(ratios)")
  }

  @Test func `Numbers that differ by less than a place are in order among themselves`() {
    var chains = SyntheticChains.independent(chains: 2, draws: 100, seed: 17)
    chains[0][3] = 1e15
    let workspace = VoxelConvergence(chainCount: 2, drawsPerChain: 100)
    workspace.take(lanes([chains]), lanes: 0..<1)
    for (k, p) in [0.05, 0.5, 0.95].enumerated() {
      #expect(workspace.quantiles[k][0] == ChainDiagnostics(chains).sortedDraws.quantile(p))
    }
  }

  @Test func `Repeated draws, coarse draws and an outlier are ranked as the full diagnostics rank them`() {
    let chains = SyntheticChains.independent(chains: 2, draws: 100, seed: 12)
    var repeated = chains.map { $0.map { $0 } }
    for chain in 0..<2 {
      for draw in stride(from: 3, to: 100, by: 4) { repeated[chain][draw] = repeated[chain][draw - 1] }
    }
    let coarse = chains.map { $0.map { ($0 * 4).rounded() + 0 } }
    var outlying = chains
    outlying[0][17] = 1e4
    let positive = outlying.map { $0.map { abs($0) + 0.1 } }
    let voxels = [repeated, coarse, outlying, positive, chains, repeated, coarse, outlying]
    let workspace = VoxelConvergence(chainCount: 2, drawsPerChain: 100)
    workspace.take(lanes(voxels), lanes: 0..<8)
    expectEqual(workspace, voxels, rHat: 2e-3, bulkESS: 2e-2)
    let exact = VoxelConvergence(chainCount: 2, drawsPerChain: 100, isExact: true)
    for isPositive in [false, true] {
      exact.take(lanes(voxels), lanes: 0..<8, isPositive: isPositive)
      expectEqual(exact, voxels, rHat: 5e-4, bulkESS: 1e-9)
    }
  }

  @Test func `A constant, a NaN and an infinity have no figures and leave their neighbours alone`() {
    let chains = SyntheticChains.independent(chains: 2, draws: 100, seed: 13)
    let constant = chains.map { $0.map { _ in 3.0 } }
    var undefined = chains
    undefined[1][40] = .nan
    var infinite = chains
    infinite[0][0] = .infinity
    let workspace = VoxelConvergence(chainCount: 2, drawsPerChain: 100)
    workspace.take(lanes([constant, undefined, infinite, chains, chains]), lanes: 0..<5)
    for lane in 0..<3 { #expect(workspace.rHat[lane].isNaN && workspace.bulkESS[lane].isNaN) }
    #expect(workspace.means[0] == 3 && workspace.variances[0] == 0 && workspace.quantiles[1][0] == 3)
    #expect(isClose(workspace.bulkESS[3], ChainDiagnostics(chains).bulkESS, relative: 2e-2))
  }

  @Test func `The sum of autocovariances ends early where the ESS is seen to be too small`() {
    let slow = SyntheticChains.autoregressive(0.95, chains: 4, draws: 300, seed: 14)
    let quick = SyntheticChains.independent(chains: 4, draws: 300, seed: 15)
    let workspace = VoxelConvergence(chainCount: 4, drawsPerChain: 300)
    workspace.take(lanes([slow, quick]), lanes: 0..<2, givingUpBelow: 400)
    #expect(workspace.bulkESS[0] < 400 && workspace.bulkESS[0] >= 0.99 * ChainDiagnostics(slow).bulkESS)
    #expect(isClose(workspace.bulkESS[1], ChainDiagnostics(quick).bulkESS, relative: Self.width.bulkESS))
  }

  @Test func `Chains of an odd length are halved without their middle draw`() {
    let chains = SyntheticChains.autoregressive(0.4, chains: 4, draws: 101, seed: 16)
    let workspace = VoxelConvergence(chainCount: 4, drawsPerChain: 101)
    workspace.take(lanes([chains]), lanes: 0..<1)
    let full = ChainDiagnostics(chains)
    #expect(isClose(workspace.bulkESS[0], full.bulkESS, relative: 0.02))
    #expect(isClose(workspace.rHat[0], full.rHat, relative: 2e-3))
  }
}
