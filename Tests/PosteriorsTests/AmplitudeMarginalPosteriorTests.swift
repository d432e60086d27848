import Acquisitions
import GSLSupport
import InferenceCore
import LaneMath
import SignalModels
import TestSupport
import Testing
import VoxelTestSupport

@testable import Posteriors

@Suite struct AmplitudeMarginalPosteriorTests {
  private static let flat = NormalPrior<Double>(means: [0, 0, 0], standardDeviations: [1, 1, 1])

  /// The posterior and the place of the reference case `gaussian-marginal`.
  private func reference(_ noise: AmplitudeNoise<Double>) throws
    -> (AmplitudeMarginalPosterior<BiexponentialIVIM, Double>, eta: [Double], expected: JSONValue)
  {
    let reference = try ReferenceCase("gaussian-marginal")
    let inputs = reference.inputs
    let (d, dStar, f) = (inputs["D"].double * 1000, inputs["Dstar"].double * 1000, inputs["f"].double)
    let posterior = AmplitudeMarginalPosterior(
      BiexponentialIVIM(bValues: inputs["b"].doubles.map { BValue($0) }), signals: inputs["y"].doubles,
      averages: inputs["weights"].doubles, noise: noise, prior: Self.flat)
    return (posterior, [Double.log(d), Double.log(f / (1 - f)), Double.log(dStar - d)], reference.expected)
  }

  private func logLikelihood(
    _ posterior: AmplitudeMarginalPosterior<BiexponentialIVIM, Double>, _ eta: [Double]
  )
    -> Double
  {
    var posterior = posterior
    return posterior.logDensity(at: eta) - posterior.prior.logDensity(at: eta)
      + posterior.logLikelihoodConstant
  }

  @Test func `Amplitude, residual and G are those of the reference`() throws {
    var (posterior, eta, expected) = try reference(.pooled(pseudoObservations: 0, variance: 1))
    _ = posterior.logDensity(at: eta)
    for (value, name) in zip(posterior.byproducts, ["gg", "S0_hat", "RSS"]) {
      #expect(isClose(value, expected[name].double, relative: name == "RSS" ? 1e-8 : 1e-10))
    }
  }

  @Test func `The marginal with known noise is that of the reference, constants included`() throws {
    let sigma = try ReferenceCase("gaussian-marginal").inputs["sigma"].double
    let (posterior, eta, expected) = try reference(.known(variance: sigma * sigma))
    #expect(
      isClose(
        logLikelihood(posterior, eta), expected["log_m_known_sigma_flat_S0"].double, relative: 1e-10))
  }

  @Test func `The marginal under 1/sigma is that of the reference, constants included`() throws {
    let (posterior, eta, expected) = try reference(.pooled(pseudoObservations: 0, variance: 1))
    #expect(
      isClose(logLikelihood(posterior, eta), expected["log_m_jeffreys_flat_S0"].double, relative: 1e-8))
  }

  @Test func `The normal-inverse-gamma marginal and its update are those of the reference`() throws {
    let nig = try ReferenceCase("gaussian-marginal").inputs["nig"].doubles
    var (posterior, eta, expected) = try reference(
      .normalInverseGamma(mean: nig[0], relativeVariance: nig[1], shape: nig[2], scale: nig[3]))
    #expect(isClose(logLikelihood(posterior, eta), expected["log_m_nig"].double, relative: 1e-10))
    _ = posterior.logDensity(at: eta)
    let parts = posterior.byproducts
    let update = posterior.normalInverseGammaUpdate(
      .init(gg: parts[0], amplitude: parts[1], residual: parts[2]))
    let ours = [update.mean, update.relativeVariance, update.shape, update.scale]
    for (value, exact) in zip(ours, expected["nig_posterior_mn_vn_an_bn"].doubles) {
      #expect(isClose(value, exact, relative: 1e-10))
    }
  }

  @Test(arguments: 1...3)
  func `The pooled marginal is that of the reference`(number: Int) throws {
    let reference = try ReferenceCase("gaussian-marginal-pooled-sigma-\(number)")
    let inputs = reference.inputs
    var posterior = AmplitudeMarginalPosterior(
      BiexponentialIVIM(bValues: inputs["b"].doubles.map { BValue($0) }), signals: inputs["y"].doubles,
      averages: inputs["n"].doubles,
      noise: .pooled(pseudoObservations: inputs["nu0"].double, variance: inputs["s2"].double),
      prior: Self.flat)
    let eta = inputs["eta"].doubles
    let logMarginal = posterior.logDensity(at: eta) - posterior.prior.logDensity(at: eta)
    // R has the floor of 10⁻¹² Σ n y², some 10⁻⁹ of itself here.
    for (value, name) in zip(posterior.byproducts, ["G", "S0hat", "R"]) {
      #expect(isClose(value, reference.expected[name].double, relative: name == "R" ? 1e-8 : 1e-12))
    }
    #expect(isClose(logMarginal, reference.expected["log_m"].double, relative: 1e-8))
  }

  @Test func `Other signals in the lanes give what a new posterior gives`() {
    let voxels = SimulatedVoxels.w1(count: 2, seed: 4)
    var first = voxels.posterior(of: [0], lanes: Double.self)
    var second = voxels.posterior(of: [1], lanes: Double.self)
    let eta = voxels.truths[0]
    #expect(first.logDensity(at: eta) != second.logDensity(at: eta))
    first.replaceSignals(second.signals)
    #expect(first.logDensity(at: eta) == second.logDensity(at: eta))
  }
}
