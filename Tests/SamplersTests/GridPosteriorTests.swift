import Acquisitions
import Foundation
import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import Samplers
import SignalModels
import TestSupport
import Testing
import VoxelTestSupport

@Suite struct GridPosteriorTests {
  @Test(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"), arguments: ReferenceVoxel.names)
  func `Three-dimensional posteriors of the reference are met to 1e-5 of a standard deviation`(name: String)
    throws
  {
    let voxel = try ReferenceVoxel(name)
    let expected = voxel.expected
    var posterior = voxel.posterior(lanes: Double.self)
    let mode = LaneMode(of: &posterior, from: posterior.prior.mean)
    let grid = try GridPosterior(of: &posterior, about: mode, widths: voxel.priorDeviations)
    for (k, coordinate) in ReferenceVoxel.coordinates.enumerated() {
      let marginal = expected[coordinate]
      let tolerance = 1e-5 * marginal["sd"].double
      #expect(isClose(grid.means[k], marginal["mean"].double, absolute: tolerance))
      #expect(isClose(grid.standardDeviations[k], marginal["sd"].double, absolute: tolerance))
      for level in marginal["quantiles"].keys {
        let p = try #require(Double(level))
        let quantile = marginal["quantiles"][level].double
        // The quantiles of the reference come from a spline through its grid: they are good to 10⁻⁴ standard deviations.
        #expect(isClose(grid.marginals[k].quantile(p), quantile, absolute: 20 * tolerance))
        #expect(isClose(grid.marginals[k].probability(below: quantile), p, absolute: 1e-4))
      }
    }
    let evidence = grid.logEvidence + posterior.prior.logConstant
    #expect(isClose(evidence, expected["log_evidence_unnorm"].double, absolute: 1e-6))
    let natural: [(String, ([Double]) -> Double)] = [
      ("D", { exp($0[0]) }), ("f", { Double.logistic($0[1]) }), ("Dstar", { exp($0[0]) + exp($0[2]) }),
    ]
    for (quantity, function) in natural {
      let sd = expected[quantity]["sd"].double
      #expect(
        isClose(grid.expectation(of: function), expected[quantity]["mean"].double, absolute: 1e-5 * sd))
    }
    let correlation =
      grid.expectation { ($0[0] - grid.means[0]) * ($0[1] - grid.means[1]) }
      / (grid.standardDeviations[0] * grid.standardDeviations[1])
    #expect(isClose(correlation, expected["corr_eta"][0][1].double, absolute: 1e-5))
  }

  @Test func `The one-dimensional posterior of the reference is met to 1e-7`() throws {
    let reference = try ReferenceCase("mono-posterior")
    let (inputs, expected) = (reference.inputs, reference.expected)
    var posterior = AmplitudeMarginalPosterior<MonoexponentialADC, Double>(
      MonoexponentialADC(bValues: inputs["b"].doubles.map { BValue($0) }), signals: inputs["y"].doubles,
      averages: inputs["b"].doubles.map { _ in 1 }, noise: .pooled(pseudoObservations: 0, variance: 1),
      prior: NormalPrior(
        means: [inputs["prior_mean"].double], standardDeviations: [inputs["prior_sd"].double]))
    let mode = LaneMode(of: &posterior, from: posterior.prior.mean)
    let grid = try GridPosterior(of: &posterior, about: mode, widths: [inputs["prior_sd"].double])
    #expect(isClose(grid.means[0], expected["logD"]["mean"].double, absolute: 1e-7))
    #expect(isClose(grid.standardDeviations[0], expected["logD"]["sd"].double, absolute: 1e-7))
    for level in expected["logD"]["quantiles"].keys {
      let p = try #require(Double(level))
      let quantile = grid.marginals[0].quantile(p)
      #expect(isClose(quantile, expected["logD"]["quantiles"][level].double, absolute: 1e-7))
    }
    #expect(isClose(grid.expectation { exp($0[0]) }, expected["D"]["mean"].double, absolute: 1e-7))
    #expect(
      isClose(
        grid.logEvidence + posterior.prior.logConstant, expected["log_evidence_unnorm"].double,
        absolute: 1e-7))
  }

  @Test(arguments: Build.isOptimized ? 1...4 : 1...2)
  func `A correlated Gaussian has its own means, deviations and mass`(dimension: Int) throws {
    var density = GaussianDensity(dimension: dimension, correlation: 0.9)
    let start = [Double](repeating: 0, count: dimension)
    let mode = LaneMode(of: &density, from: start)
    let grid = try GridPosterior(of: &density, about: mode, widths: start.map { _ in 1 })
    for k in 0..<dimension {
      #expect(isClose(grid.means[k], density.centre[k], absolute: 1e-8 * density.deviations[k]))
      #expect(isClose(grid.standardDeviations[k], density.deviations[k], relative: 1e-8))
      let upper = density.centre[k] + density.deviations[k] * SpecialFunctions.normalQuantile(0.975)
      #expect(isClose(grid.marginals[k].quantile(0.975), upper, relative: 1e-7))
    }
    #expect(isClose(grid.logEvidence, density.logMass, absolute: 1e-8))
  }

  @Test func `A box that starts ten times too narrow or too wide ends the same`() throws {
    for factor in [0.1, 10] {
      var density = GaussianDensity(dimension: 2, correlation: 0.3)
      let mode = LaneMode(of: &density, from: [0, 0])
      var wrong = mode
      wrong.factor = mode.factor.map { $0 / factor }
      let grid = try GridPosterior(of: &density, about: wrong, widths: [1e9, 1e9])
      #expect(isClose(grid.standardDeviations[0], density.deviations[0], relative: 1e-8))
      #expect(isClose(grid.logEvidence, density.logMass, absolute: 1e-8))
    }
  }

  @Test(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
  func `Draws have the moments and quantiles of the posterior they come from`() throws {
    let voxel = try ReferenceVoxel("f0")
    var posterior = voxel.posterior(lanes: Double.self)
    let mode = LaneMode(of: &posterior, from: posterior.prior.mean)
    let grid = try GridPosterior(of: &posterior, about: mode, widths: voxel.priorDeviations)
    var random = RandomStream(StreamKey(seed: 6, purpose: .sampling))
    let count = 1000
    let draws = grid.draws(count, using: &random)
    // 3 × 5 z-scores and one correlation at |z| < 4.5: a false alarm in 10,000 seeds.
    for k in 0..<3 {
      let values = draws.map { $0[k] }
      let mean = values.reduce(0, +) / Double(count)
      #expect(abs(mean - grid.means[k]) < 4.5 * grid.standardDeviations[k] / Double(count).squareRoot())
      for p in [0.05, 0.25, 0.75, 0.95] {
        let share = Double(values.count { $0 < grid.marginals[k].quantile(p) }) / Double(count)
        #expect(abs(share - p) < 4.5 * (p * (1 - p) / Double(count)).squareRoot())
      }
    }
    let products = draws.map {
      ($0[0] - grid.means[0]) * ($0[1] - grid.means[1])
        / (grid.standardDeviations[0] * grid.standardDeviations[1])
    }
    let correlation = products.reduce(0, +) / Double(count)
    let spread = products.reduce(0) { $0 + ($1 - correlation) * ($1 - correlation) } / Double(count)
    #expect(
      abs(correlation - voxel.expected["corr_eta"][0][1].double)
        < 4.5 * (spread / Double(count)).squareRoot())
  }
}
