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

  private func expectEqual(
    _ workspace: VoxelConvergence, _ voxels: [[[Double]]], tolerance: Double = 5e-5
  ) {
    for (lane, chains) in voxels.enumerated() {
      let full = ChainDiagnostics(chains)
      // The two draws in the middle are equally far from the median; rounding decides whether they count as tied, which
      // matters the more the fewer there are.
      #expect(isClose(workspace.rHat[lane], full.rHat, relative: tolerance))
      #expect(isClose(workspace.bulkESS[lane], full.bulkESS, relative: 1e-9))
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
    let workspace = VoxelConvergence(chainCount: 4, drawsPerChain: 300)
    workspace.take(lanes(voxels), lanes: 0..<8)
    expectEqual(workspace, voxels)
    let skewed = voxels.map { $0.map { $0.map { Foundation.exp(2 * $0) } } }
    workspace.take(lanes(skewed), lanes: 0..<8, isPositive: true)
    expectEqual(workspace, skewed)
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
    expectEqual(workspace, voxels, tolerance: 5e-4)
    workspace.take(lanes(voxels), lanes: 0..<8, isPositive: true)
    expectEqual(workspace, voxels, tolerance: 5e-4)
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
    #expect(isClose(workspace.bulkESS[3], ChainDiagnostics(chains).bulkESS, relative: 1e-9))
  }

  @Test func `The sum of autocovariances ends early where the ESS is seen to be too small`() {
    let slow = SyntheticChains.autoregressive(0.95, chains: 4, draws: 300, seed: 14)
    let quick = SyntheticChains.independent(chains: 4, draws: 300, seed: 15)
    let workspace = VoxelConvergence(chainCount: 4, drawsPerChain: 300)
    workspace.take(lanes([slow, quick]), lanes: 0..<2, givingUpBelow: 400)
    #expect(workspace.bulkESS[0] < 400 && workspace.bulkESS[0] >= ChainDiagnostics(slow).bulkESS)
    #expect(isClose(workspace.bulkESS[1], ChainDiagnostics(quick).bulkESS, relative: 1e-9))
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
