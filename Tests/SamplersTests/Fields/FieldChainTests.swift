import Diagnostics
import GSLSupport
import InferenceCore
import LaneMath
import TestSupport
import Testing

@testable import Samplers

/// The production sampler on linear Gaussian likelihoods, whose posteriors are known by quadrature.
///
/// Means within max(4 MCSE, 0.05 SD), SDs within 5 % or 4 of their MCSE. Some 400 comparisons in all at 4 MCSE: a false
/// alarm in fewer than 3 % of seeds, if no bias of 0.05 SD were allowed on top.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)")) struct FieldChainTests {
  private func model(
    _ graph: SiteGraph, y: [Double], s: [Double], axis: FieldPrior.Axis, _ structure: FieldPrior.Structure
  ) -> FieldModel<LinearSites<Lane8>> {
    FieldModel(
      graph: graph, prior: FieldPrior(axes: [axis], structure: structure), density: LinearSites<Lane8>(),
      data: { LinearSites<Lane8>.data(y, s, $0) })
  }

  private func expect(
    _ chains: [[Double]], mean: Double, sd: Double, _ name: String,
    location: SourceLocation = #_sourceLocation
  ) {
    let moments = ChainMoments(chains)
    #expect(
      abs(moments.mean - mean) < max(4 * moments.error, 0.05 * sd), "mean of \(name): \(moments) not \(mean)",
      sourceLocation: location)
    let spread = ChainDiagnostics(chains).standardDeviationMCSE
    #expect(
      abs(moments.sd - sd) < max(4 * spread, 0.05 * sd), "SD of \(name): \(moments) not \(sd)",
      sourceLocation: location)
  }

  @Test func `A population of independent sites`() throws {
    let reference = try ReferenceCase("normal-hierarchy-exact")
    let (y, s) = (reference.inputs["y"].doubles, reference.inputs["s"].doubles)
    let graph = SiteGraph(positions: y.indices.map { [2 * $0] }, spacing: [1])
    let draws = FieldDraws(
      model(
        graph, y: y, s: s,
        axis: .init(mean: 0, sd: .infinity, spread: .halfNormal(scale: reference.inputs["A"].double)),
        .exchangeable), seed: 11, warmup: 500, draws: 2000)
    let expected = reference.expected
    for (name, key) in [("tau0", "tau"), ("mu0", "mu")] {
      expect(
        draws.population[name] ?? [], mean: expected[key]["mean"].double, sd: expected[key]["sd"].double, key)
    }
    expect(
      draws.siteMean, mean: expected["lesion_mean"]["mean"].double, sd: expected["lesion_mean"]["sd"].double,
      "site mean")
    for site in y.indices {
      expect(
        draws.sites[site], mean: expected["theta_mean"][site].double, sd: expected["theta_sd"][site].double,
        "site \(site)")
    }
  }

  @Test func `A Leroux field`() throws {
    let reference = try ReferenceCase("leroux-gaussian-exact")
    let inputs = reference.inputs
    let (y, s) = (inputs["y"].doubles, inputs["s"].doubles)
    let hyper = inputs["hyperpriors"]
    let draws = FieldDraws(
      model(
        SiteGraph(mask: inputs["mask"], spacing: inputs["spacing"].doubles), y: y, s: s,
        axis: .init(
          mean: hyper["mu"]["mean"].double, sd: hyper["mu"]["sd"].double,
          spread: .halfNormal(scale: hyper["tau_half_normal_scale"].double)), .leroux), seed: 12, warmup: 500,
      draws: 4000)
    let expected = reference.expected
    for (name, key) in [("tau0", "tau"), ("mu0", "mu"), ("lambda0", "lambda")] {
      expect(
        draws.population[name] ?? [], mean: expected[key]["mean"].double, sd: expected[key]["sd"].double, key)
    }
    expect(
      draws.siteMean, mean: expected["lesion_mean"]["mean"].double, sd: expected["lesion_mean"]["sd"].double,
      "site mean")
    for site in y.indices {
      expect(
        draws.sites[site], mean: expected["x_mean"][site].double, sd: expected["x_sd"][site].double,
        "site \(site)")
    }
  }

  @Test func `An intrinsic field with a flat level`() throws {
    let draws = try intrinsic(FieldMoves())
    let expected = try ReferenceCase("gmrf-gaussian-exact").expected
    expect(
      draws.tau, mean: expected["sigma_x"]["mean"].double, sd: expected["sigma_x"]["sd"].double, "sigma")
    expect(
      draws.field.siteMean, mean: expected["lesion_mean"]["mean"].double,
      sd: expected["lesion_mean"]["sd"].double, "site mean")
    for site in draws.field.sites.indices {
      expect(
        draws.field.sites[site], mean: expected["x_mean"][site].double, sd: expected["x_sd"][site].double,
        "site \(site)")
    }
  }

  @Test func `Twin: an intrinsic field with the exponent of a proper one, and all sites at once, are caught`()
    throws
  {
    let expected = try ReferenceCase("gmrf-gaussian-exact").expected
    var wrong = FieldMoves()
    wrong.exponent = 57
    let tau = ChainMoments(try intrinsic(wrong).tau)
    // By the Monte Carlo error of the right sampler: the faulty one is drawn to τ = 0, where it mixes badly.
    let error = ChainMoments(try intrinsic(FieldMoves()).tau).error
    #expect(abs(tau.mean - expected["sigma_x"]["mean"].double) > 4 * error)
    var synchronous = FieldMoves()
    synchronous.isSynchronous = true
    synchronous.motion = false
    // The SD of the site mean comes out too small: even and odd sites decouple.
    let mean = ChainMoments(try intrinsic(synchronous).field.siteMean)
    #expect(mean.sd < 0.9 * expected["lesion_mean"]["sd"].double)
  }

  /// The reference's field, and its σ = τ/√scale.
  private func intrinsic(_ moves: FieldMoves) throws -> (field: FieldDraws, tau: [[Double]]) {
    let inputs = try ReferenceCase("gmrf-gaussian-exact").inputs
    let graph = SiteGraph(mask: inputs["mask"], spacing: inputs["spacing"].doubles)
    let root = graph.scales[0].squareRoot()
    let rate = -Double.log(inputs["pc_alpha"].double) / inputs["pc_U"].double
    let y = inputs["y"].doubles
    let draws = FieldDraws(
      model(
        graph, y: y, s: y.map { _ in inputs["s"].double },
        axis: .init(mean: 0, sd: .infinity, spread: .exponential(rate: rate / root)), .intrinsic), seed: 13,
      warmup: 500, draws: 4000, moves: moves)
    return (draws, (draws.population["tau0"] ?? []).map { $0.map { $0 / root } })
  }

  /// Which kinds of moves of the population a chain has.
  enum Kinds: String, CaseIterable {
    case all, populationOnly, motionOnly
  }

  /// An intrinsic field without data has no normal stand-in: its trajectories rest, and are tested with data by `An intrinsic field with a flat level`.
  private static let combinations: [(FieldPrior.Structure, Kinds)] =
    [(.intrinsic, .all), (.intrinsic, .populationOnly)]
    + Kinds.allCases.flatMap { [(.exchangeable, $0), (.leroux, $0)] }

  @Test(arguments: combinations)
  func `Without data every kind of move leaves the prior as it is`(
    _ structure: FieldPrior.Structure, _ kinds: Kinds
  ) {
    let prior = FieldPrior(
      axes: [
        .init(mean: 0.1, sd: 0.4, spread: .halfNormal(scale: 0.3)),
        .init(mean: -1.4, sd: 1, spread: .halfNormal(scale: 0.5)),
        .init(mean: 3, sd: 0.8, spread: .halfNormal(scale: 0.3)),
      ], structure: structure)
    let graph = SiteGraph.irregular
    let model = FieldModel(
      graph: graph, prior: prior, density: SilentSites<Lane8>(dimension: 3), data: { $0[0] })
    var moves = FieldMoves()
    moves.population = kinds == .all || kinds == .populationOnly
    moves.motion = kinds != .populationOnly
    // Given the field alone the population moves by a step of it a sweep: longer runs.
    let draws = FieldDraws(
      model, seed: 14, warmup: 400, draws: kinds == .populationOnly ? 20_000 : 6000, moves: moves)
    for (k, axis) in prior.axes.enumerated() {
      guard case .halfNormal(let scale) = axis.spread else { continue }
      let root = (2 / Double.pi).squareRoot()
      expect(
        draws.population["tau\(k)"] ?? [], mean: scale * root, sd: scale * (1 - root * root).squareRoot(),
        "tau\(k)")
      if structure != .intrinsic {
        expect(draws.population["mu\(k)"] ?? [], mean: axis.mean, sd: axis.sd, "mu\(k)")
      }
      if structure == .leroux {
        expect(draws.population["lambda\(k)"] ?? [], mean: 0.5, sd: (1.0 / 12).squareRoot(), "lambda\(k)")
      }
    }
    // Partial correlations: 2 Beta(a, a) − 1 has the variance 1/(2a + 1).
    for (k, shape) in [2.5, 2.5, 2.0].enumerated() {
      expect(
        draws.population["partial\(k)"] ?? [], mean: 0, sd: (1 / (2 * shape + 1)).squareRoot(), "partial\(k)")
    }
  }

  @Test func `Draws depend on the seed and the chain, and on nothing else`() {
    let y = (0..<17).map { Double($0 % 5) / 10 }
    let model = model(
      .irregular, y: y, s: y.map { _ in 0.2 }, axis: .init(mean: 0, sd: 1, spread: .halfNormal(scale: 0.3)),
      .leroux)
    func last(seed: UInt64, chain: Int) -> FieldHyperparameters {
      var sampler = FieldChain(of: model, units: (Array(0..<17), 1), seed: seed, chain: chain)
      sampler.warmUp(30)
      for _ in 0..<20 { sampler.sweep() }
      return sampler.hyper
    }
    #expect(last(seed: 1, chain: 0) == last(seed: 1, chain: 0))
    #expect(last(seed: 1, chain: 0) != last(seed: 1, chain: 1))
    #expect(last(seed: 1, chain: 0) != last(seed: 2, chain: 0))
  }
}
