import GSLSupport
import InferenceCore
import LaneMath
import TestSupport
import Testing

@testable import Samplers

/// The covariance prior of Huang and Wand.
@Suite struct HuangWandTests {
  private static func matrix(_ value: JSONValue) -> [Double] { value.array.flatMap(\.doubles) }

  @Test func `Full conditionals are those of the reference case`() throws {
    let reference = try ReferenceCase("huang-wand-conditionals")
    let (inputs, expected) = (reference.inputs, reference.expected)
    let theta = inputs["theta"].array.map(\.doubles)
    let mu = inputs["mu"].doubles
    let prior = HuangWand(
      degreesOfFreedom: inputs["hw_nu"].double, scales: inputs["hw_A"].doubles)
    var scatter = [Double](repeating: 0, count: 9)
    for row in theta {
      for i in 0..<3 { for j in 0..<3 { scatter[3 * i + j] += (row[i] - mu[i]) * (row[j] - mu[j]) } }
    }
    let conditional = prior.covariance(
      scatter: scatter, count: Double(theta.count), auxiliaries: inputs["hw_a"].doubles)
    #expect(isClose(conditional.degreesOfFreedom, expected["IW_df"].double, relative: 1e-12))
    func expectClose(_ a: [Double], _ b: [Double], absolute: Double = 1e-14) {
      #expect(a.count == b.count)
      for (x, y) in zip(a, b) { #expect(isClose(x, y, relative: 1e-10, absolute: absolute)) }
    }
    expectClose(conditional.scale, Self.matrix(expected["IW_scale"]))
    expectClose(conditional.mean, Self.matrix(expected["IW_mean"]))
    let sigma = Self.matrix(inputs["Sigma"])
    #expect(isClose(conditional.logDensity(sigma), expected["IW_logpdf_at_Sigma"].double, relative: 1e-10))
    let precision = try #require(CholeskyFactor(sigma, order: 3)).inverse
    let auxiliaries = prior.auxiliaries(precision: precision)
    #expect(auxiliaries.shape == expected["a_shape"].double)
    expectClose(auxiliaries.scales, expected["a_scale"].doubles)
    // The mean: a population of independent sites in the production's sufficient statistics.
    var hyper = FieldHyperparameters(
      mean: mu, spread: [1, 1, 1], partial: [0, 0, 0], dependence: [0, 0, 0])
    let isTaken = hyper.take(covariance: sigma)
    #expect(isTaken)
    let axes = zip(inputs["mu0"].doubles, [0, 4, 8]).map { mean, place in
      FieldPrior.Axis(
        mean: mean, sd: Self.matrix(inputs["Lambda0"])[place].squareRoot(), spread: .halfNormal(scale: 1))
    }
    let graph = SiteGraph(positions: theta.indices.map { [2 * $0] }, spacing: [1])
    let (k, linear) = FieldConditional(theta, on: graph, centre: mu, structure: .exchangeable)
      .meanConditional(hyper, prior: FieldPrior(axes: axes, structure: .exchangeable))
    let factor = try #require(CholeskyFactor(k, order: 3))
    expectClose(factor.inverse, Self.matrix(expected["mu_cov"]), absolute: 1e-12)
    expectClose(zip(mu, factor.solve(linear)).map { $0 + $1 }, expected["mu_mean"].doubles)
  }

  private static func prior(_ structure: FieldPrior.Structure) -> FieldPrior {
    FieldPrior(
      huangWand: [
        .init(mean: 0.1, sd: 0.4, spread: .halfNormal(scale: 0.3)),
        .init(mean: -1.4, sd: 1, spread: .halfNormal(scale: 0.5)),
        .init(mean: 3, sd: 0.8, spread: .halfNormal(scale: 0.3)),
      ], structure: structure)
  }

  @Test func `Scales are half of those of half-normal spreads`() {
    let prior = Self.prior(.leroux)
    #expect(prior.huangWand?.scales == [0.15, 0.25, 0.15] && prior.huangWand?.degreesOfFreedom == 2)
  }

  @Test func `A covariance matrix comes back from spreads and partial correlations`() {
    let sigma = [0.06, 0.03, 0.0, 0.03, 0.4, -0.1, 0.0, -0.1, 0.5]
    var hyper = FieldHyperparameters(
      mean: [0, 0, 0], spread: [1, 1, 1], partial: [0, 0, 0], dependence: [0, 0, 0])
    let isTaken = hyper.take(covariance: sigma)
    #expect(isTaken)
    let factor = hyper.factor
    for i in 0..<3 {
      for j in 0...i {
        let entry = (0...j).reduce(0) { $0 + factor[packedIndex(i, $1)] * factor[packedIndex(j, $1)] }
        #expect(isClose(entry, sigma[3 * i + j], relative: 1e-12, absolute: 1e-15))
      }
    }
    let isImpossible = !hyper.take(covariance: [1, 2, 0, 2, 1, 0, 0, 0, 1])
    #expect(isImpossible)
  }

  /// One spread is half-t: the density of two of them at any place, less that at another.
  @Test func `Alone a spread is half-t`() {
    let prior = FieldPrior(
      huangWand: [.init(mean: 0, sd: 1, spread: .halfNormal(scale: 0.3))], structure: .exchangeable)
    func log(_ tau: Double) -> Double { prior.logDensity(at: [0, Double.log(tau)]) }
    let halfT = SpreadPrior.halfStudentT(scale: 0.15, degreesOfFreedom: 2)
    for tau in [0.01, 0.3, 4] {
      let expected = halfT.logDensityOfLog(tau) - halfT.logDensityOfLog(0.1)
      #expect(isClose(log(tau) - log(0.1), expected, relative: 1e-10, absolute: 1e-10))
    }
  }

  /// Quantiles of 40,000 draws: 4.5 SE of a share, 12 comparisons, a false alarm in fewer than one of 10,000 seeds.
  @Test func `Draws have half-t spreads and uniform correlations`() {
    let prior = Self.prior(.exchangeable)
    var random = RandomStream(StreamKey(seed: 31, purpose: .simulation))
    let count = 40_000
    var (spreads, correlations) = ([0.0, 0, 0], [0.0, 0, 0])
    for _ in 0..<count {
      let hyper = prior.drawPopulation(using: &random)
      // |t₂| has its median at 0.8165.
      for k in 0..<3 where hyper.spread[k] < 0.816_496_6 * (k == 1 ? 0.25 : 0.15) { spreads[k] += 1 }
      for (k, correlation) in hyper.correlations.enumerated() where abs(correlation) < 0.5 {
        correlations[k] += 1
      }
    }
    for share in (spreads + correlations).map({ $0 / Double(count) }) {
      #expect(abs(share - 0.5) < 4.5 * 0.5 / Double(count).squareRoot(), "\(share)")
    }
  }
}

/// Sampling under the prior of Huang and Wand without data: the prior comes back.
///
/// Shares within 5 Monte Carlo errors: 36 comparisons, a false alarm in fewer than one of 10,000 seeds.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)")) struct HuangWandSamplingTests {
  private func draws(_ structure: FieldPrior.Structure, _ moves: FieldMoves) -> FieldDraws {
    let axes: [FieldPrior.Axis] = [
      .init(mean: 0.1, sd: 0.4, spread: .halfNormal(scale: 0.3)),
      .init(mean: -1.4, sd: 1, spread: .halfNormal(scale: 0.5)),
      .init(mean: 3, sd: 0.8, spread: .halfNormal(scale: 0.3)),
    ]
    let model = FieldModel(
      graph: .irregular, prior: FieldPrior(huangWand: axes, structure: structure),
      density: SilentSites<Lane8>(dimension: 3), data: { $0[0] })
    return FieldDraws(model, seed: 41, warmup: 400, draws: 12_000, moves: moves)
  }

  /// The share of draws of τ below its prior median, as distance from ½ in Monte Carlo errors.
  private func distance(_ draws: FieldDraws, _ k: Int) -> Double {
    let median = 0.816_496_6 * (k == 1 ? 0.25 : 0.15)
    let below = (draws.population["tau\(k)"] ?? []).map { $0.map { $0 < median ? 1.0 : 0 } }
    let moments = ChainMoments(below)
    return abs(moments.mean - 0.5) / moments.error
  }

  @Test(arguments: [FieldPrior.Structure.exchangeable, .leroux, .intrinsic])
  func `Without data every kind of move leaves the prior as it is`(structure: FieldPrior.Structure) {
    for moves in [FieldMoves(), .separate] {
      let draws = draws(structure, moves)
      for k in 0..<3 {
        #expect(distance(draws, k) < 5, "tau\(k) of \(structure)")
        // z of the first partial correlation of a row is the correlation: uniform.
        guard k > 0 else { continue }
        let partial = (draws.population["partial\(k == 1 ? 0 : 1)"] ?? []).map {
          $0.map { abs($0) < 0.5 ? 1.0 : 0 }
        }
        let moments = ChainMoments(partial)
        #expect(abs(moments.mean - 0.5) < 5 * moments.error, "\(structure): \(moments)")
      }
    }
  }

  /// One coordinate with data: τ by quadrature, μ and the sites integrated out in closed form.
  private func exact(_ y: [Double], _ s: [Double], scale: Double) -> (mean: Double, sd: Double) {
    let prior = SpreadPrior.halfStudentT(scale: scale, degreesOfFreedom: 2)
    var sums = (weight: 0.0, first: 0.0, second: 0.0)
    for step in 0..<6000 {
      let tau = Double.exp(-12 + Double(step) * 0.0025)
      let weights = s.map { 1 / ($0 * $0 + tau * tau) }
      let total = weights.reduce(0, +)
      let mean = zip(weights, y).reduce(0) { $0 + $1.0 * $1.1 } / total
      var log = prior.logDensityOfLog(tau) - 0.5 * Double.log(total)
      for (weight, value) in zip(weights, y) {
        log += 0.5 * Double.log(weight) - 0.5 * weight * (value - mean) * (value - mean)
      }
      let density = Double.exp(log)
      sums.weight += density
      sums.first += density * tau
      sums.second += density * tau * tau
    }
    let mean = sums.first / sums.weight
    return (mean, (sums.second / sums.weight - mean * mean).squareRoot())
  }

  @Test func `With data the spread of independent sites is that of quadrature`() throws {
    let reference = try ReferenceCase("normal-hierarchy-exact")
    let (y, s) = (reference.inputs["y"].doubles, reference.inputs["s"].doubles)
    let graph = SiteGraph(positions: y.indices.map { [2 * $0] }, spacing: [1])
    let model = FieldModel(
      graph: graph,
      prior: FieldPrior(
        huangWand: [.init(mean: 0, sd: .infinity, spread: .halfNormal(scale: 0.3))], structure: .exchangeable),
      density: LinearSites<Lane8>(), data: { LinearSites<Lane8>.data(y, s, $0) })
    func tau(_ moves: FieldMoves) -> ChainMoments {
      ChainMoments(
        FieldDraws(model, seed: 42, warmup: 500, draws: 4000, moves: moves).population["tau0"] ?? [])
    }
    let (mean, sd) = exact(y, s, scale: 0.15)
    var given = FieldMoves.separate
    for moves in [FieldMoves(), given] {
      let found = tau(moves)
      #expect(abs(found.mean - mean) < max(4.5 * found.error, 0.05 * sd), "\(found) not \(mean), \(sd)")
      #expect(abs(found.sd / sd - 1) < 0.08, "\(found) not \(mean), \(sd)")
    }
    given.exponent = Double(y.count) + 8
    let wrong = tau(given)
    #expect(abs(wrong.mean - mean) > 6 * wrong.error, "\(wrong) not \(mean)")
  }
}
