import Diagnostics
import TestSupport
import Testing

struct VoxelConvergenceTests {
  @Test(arguments: [-0.3, 0.0, 0.6, 0.95])
  func `one sort gives the R-hat, ESS and quantiles of the full diagnostics`(phi: Double) {
    var workspace = VoxelConvergence(chainCount: 4, drawsPerChain: 300)
    for seed in 0..<5 {
      var chains = SyntheticChains.autoregressive(phi, chains: 4, draws: 300, seed: 60 + UInt64(seed))
      if seed == 4 { chains[1] = chains[1].map { $0 + 1 } }
      workspace.take(chains.flatMap { $0 })
      let full = ChainDiagnostics(chains)
      // The two draws in the middle are equally far from the median; rounding decides whether they count as tied.
      #expect(isClose(workspace.rHat, full.rHat, relative: 5e-5))
      #expect(isClose(workspace.bulkESS, full.bulkESS, relative: 1e-9))
      #expect(workspace.quantile(0.05) == full.sortedDraws.quantile(0.05))
    }
  }

  @Test func `ties, a constant and a NaN are treated alike`() {
    var workspace = VoxelConvergence(chainCount: 2, drawsPerChain: 100)
    let chains = SyntheticChains.independent(chains: 2, draws: 100, seed: 12)
    let coarse = chains.map { $0.map { ($0 * 4).rounded() + 0 } }
    workspace.take(coarse.flatMap { $0 })
    #expect(isClose(workspace.rHat, ChainDiagnostics(coarse).rHat, relative: 5e-5))
    #expect(isClose(workspace.bulkESS, ChainDiagnostics(coarse).bulkESS, relative: 1e-9))
    workspace.take([Double](repeating: 3, count: 200))
    #expect(workspace.rHat.isNaN && workspace.bulkESS.isNaN)
    workspace.take([.nan] + [Double](repeating: 3, count: 199))
    #expect(workspace.rHat.isNaN && workspace.bulkESS.isNaN)
  }
}
