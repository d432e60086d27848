import Diagnostics
import TestSupport
import Testing

/// The three convergence cases: values of ArviZ 0.23.4 and R posterior 1.4.0 on the same draws.
struct ConvergenceReferenceTests {
  static let cases = ["convergence-good", "convergence-shifted-chain", "convergence-heavy-tail"]

  @Test(arguments: cases)
  func `R-hat, ESS and MCSE equal R posterior`(id: String) throws {
    let reference = try ReferenceCase(id)
    let diagnostics = ChainDiagnostics(reference.inputs["chains"].matrix)
    let expected = reference.expected["R_posterior_1_4_0"]
    for (key, value) in [
      ("rhat", diagnostics.rHat), ("ess_bulk", diagnostics.bulkESS), ("ess_tail", diagnostics.tailESS),
      ("ess_mean", diagnostics.meanESS), ("ess_sd", diagnostics.standardDeviationESS),
      ("mcse_mean", diagnostics.meanMCSE), ("mcse_sd", diagnostics.standardDeviationMCSE),
      ("mcse_q95", diagnostics.quantileMCSE(0.95)),
    ] {
      #expect(isClose(value, expected[key].double, relative: 1e-11), "\(id) \(key): \(value)")
    }
  }

  @Test(arguments: cases)
  func `figures that only ArviZ gives are equal to its own`(id: String) throws {
    let reference = try ReferenceCase(id)
    let diagnostics = ChainDiagnostics(reference.inputs["chains"].matrix)
    for (key, value) in [
      ("rhat_split", diagnostics.splitRHat), ("rhat_folded", diagnostics.foldedRHat),
      ("rhat_z_scale", diagnostics.bulkRHat), ("ess_quantile_0.05", diagnostics.quantileESS(0.05)),
      ("ess_quantile_0.95", diagnostics.quantileESS(0.95)),
      ("mcse_quantile_0.05", diagnostics.quantileMCSE(0.05)), ("mcse_quantile_0.5", diagnostics.medianMCSE),
      ("mean", diagnostics.mean), ("sd_ddof1", diagnostics.standardDeviation),
    ] {
      // With an odd number of draws ArviZ folds about the median of the halves, R posterior about that of all.
      let tolerance = key == "rhat_folded" && diagnostics.drawCount == 500 ? 2e-4 : 1e-6
      #expect(isClose(value, reference.expected[key].double, relative: tolerance), "\(id) \(key): \(value)")
    }
  }

  @Test func `the chain that is shifted is seen`() throws {
    let reference = try ReferenceCase("convergence-shifted-chain")
    #expect(ChainDiagnostics(reference.inputs["chains"].matrix).rHat > 1.01)
  }
}
