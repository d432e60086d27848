import GSLSupport
import InferenceCore
import LaneMath
import TestSupport
import Testing

@testable import Samplers

/// Intrinsic fields whose first coordinate has differences with heavy tails.
@Suite struct EdgePreservingFieldTests {
  private static let kinds = [FieldIncrements.laplace, .studentT]

  @Test(arguments: kinds)
  func `The density from sufficient statistics is the slow one, with the exponent r`(
    increments: FieldIncrements
  ) throws {
    let mixture = try #require(increments.mixture)
    let graph = SiteGraph.irregular
    let prior = FieldPrior(
      axes: (0..<3).map { .init(mean: Double($0), sd: 1, spread: .halfNormal(scale: 0.4)) },
      structure: .intrinsic, increments: increments)
    var random = RandomStream(StreamKey(seed: 8, purpose: .simulation))
    let spectrum = FieldSpectrum(graph)
    let hyper = prior.drawPopulation(using: &random)
    let field = prior.drawField(of: hyper, on: graph, spectrum: spectrum, using: &random)
    // Edge after edge from the field itself: z = L⁻¹η, differences of levels drop out.
    func slow(_ hyper: FieldHyperparameters) -> Double {
      let inverse = packedInverse(hyper.factor, dimension: 3)
      var sum = 0.0
      for k in 0..<3 { sum -= Double(graph.rank) * Double.log(hyper.factor[packedIndex(k, k)]) }
      for edge in graph.edges {
        let component = graph.components[edge.first]
        let members = graph.edges.filter { graph.components[$0.first] == component }.count
        let share = Double(graph.componentSizes[component] - 1) / Double(members)
        let weight = graph.scaledWeight(edge)
        for k in 0..<3 {
          let difference = (0...k).reduce(0) {
            $0 + inverse[packedIndex(k, $1)] * (field[edge.first][$1] - field[edge.second][$1])
          }
          sum +=
            k == 0
            ? mixture.logDensity((weight * share).squareRoot() * difference) - mixture.logDensity(0)
            : -0.5 * weight * difference * difference
        }
      }
      return sum
    }
    let conditional = FieldConditional(
      field, on: graph, centre: hyper.mean, structure: .intrinsic, increments: increments)
    var other = hyper
    other.spread = [0.2, 0.9, 0.5]
    other.partial = [0.3, -0.4, 0.2]
    for population in [hyper, other] {
      let fast = conditional.logDensity(population, spectrum, structure: .intrinsic)
      #expect(isClose(fast, slow(population), relative: 1e-10, absolute: 1e-10))
    }
    // And in the chain: the change of its field's density between two fields.
    let model = FieldModel(
      graph: graph, prior: prior, density: SilentSites<Lane8>(dimension: 3), data: { $0[0] })
    let chain = FieldChain(of: model, units: (Array(0..<17), 1), seed: 1, chain: 0)
    func whitened(_ population: FieldHyperparameters) -> [SIMD4<Double>] {
      let inverse = packedInverse(population.factor, dimension: 3)
      return model.layout.sites.indices.map { slot in
        var z = SIMD4<Double>.zero
        for k in 0..<3 {
          z[k] = (0...k).reduce(0) { $0 + inverse[packedIndex(k, $1)] * field[model.layout.sites[slot]][$1] }
        }
        return z
      }
    }
    func logFactors(_ population: FieldHyperparameters) -> Double {
      (0..<3).reduce(0) { $0 - Double(graph.rank) * Double.log(population.factor[packedIndex($1, $1)]) }
    }
    let coordinates = prior.coordinates(of: hyper)
    let change =
      chain.populationDensity(other, coordinates, whitened(other)) + logFactors(other)
      - chain.populationDensity(hyper, coordinates, whitened(hyper)) - logFactors(hyper)
    #expect(isClose(change, slow(other) - slow(hyper), relative: 1e-9, absolute: 1e-9))
  }

  @Test(arguments: kinds)
  func `The pull on a trajectory is the slope of the density`(increments: FieldIncrements) throws {
    let graph = SiteGraph.irregular
    let layout = SiteLayout<Lane8>(graph, isIntrinsic: true)
    let keys = (0..<8).map { StreamKey(seed: 1, unit: $0, purpose: .field) }
    let edges = FieldEdges(graph, layout, increments: increments, keys: keys, generator: .xoshiro256pp)
    var random = RandomStream(StreamKey(seed: 9, purpose: .simulation))
    var z = [SIMD4<Double>](repeating: .zero, count: layout.slotCount)
    for slot in layout.ownSlots { z[slot][0] = random.normal() }
    let pulls = edges.pulls(of: z)
    for slot in layout.ownSlots {
      var (low, high) = (z, z)
      low[slot][0] -= 1e-6
      high[slot][0] += 1e-6
      let slope = (edges.logKernel(high) - edges.logKernel(low)) / 2e-6
      #expect(isClose(pulls[slot], -slope, relative: 1e-6, absolute: 1e-6))
    }
  }

  @Test func `Without loops the density is the product of the differences' own`() throws {
    // A path of four sites: r = E = 3, and no factor between them.
    let path = SiteGraph(positions: (0..<4).map { [$0] }, spacing: [1])
    for (root, edge) in zip(path.incrementRoots, path.edges) {
      #expect(isClose(root * root, path.scaledWeight(edge), relative: 1e-14))
    }
    // A square has r = 3 of 4.
    let square = SiteGraph(positions: [[0, 0], [1, 0], [0, 1], [1, 1]], spacing: [1, 1])
    for (root, edge) in zip(square.incrementRoots, square.edges) {
      #expect(isClose(root * root, 0.75 * square.scaledWeight(edge), relative: 1e-14))
    }
  }

  @Test func `Conjugate gradients solve, and their draws have the covariance of the Laplacian`() {
    let graph = SiteGraph.irregular
    let weights = graph.edges.indices.map { 0.2 + 5 * Double($0 % 4) * Double($0 % 4) }
    let laplacian = WeightedLaplacian(graph, weights: weights)
    var random = RandomStream(StreamKey(seed: 6, purpose: .simulation))
    let right = laplacian.product((0..<graph.siteCount).map { _ in random.normal() })
    let back = laplacian.product(laplacian.solve(right))
    for (a, b) in zip(right, back) { #expect(isClose(a, b, absolute: 1e-7)) }
    // E xᵀQx = r: 4 SE of 3,000 draws, a false alarm in one of 16,000 seeds.
    var forms: [Double] = []
    for _ in 0..<3000 {
      let draw = laplacian.draw(using: &random)
      forms.append(zip(draw, laplacian.product(draw)).reduce(0) { $0 + $1.0 * $1.1 })
    }
    let moments = ChainMoments([forms])
    #expect(abs(moments.mean - Double(graph.rank)) < 4 * moments.sd / 3000.0.squareRoot())
  }

  /// By homogeneity of the density Σ t (−log k)'(t) over all edges has the mean r: 4.5 SE of 4,000 draws.
  @Test(arguments: kinds)
  func `Fields drawn from the prior have the mean that homogeneity asks for`(increments: FieldIncrements) {
    let graph = SiteGraph.irregular
    let prior = FieldPrior(
      axes: [.init(mean: 0, sd: 1, spread: .halfNormal(scale: 1))], structure: .intrinsic,
      increments: increments)
    let roots = graph.incrementRoots
    var random = RandomStream(StreamKey(seed: 7, purpose: .simulation))
    var sums: [Double] = []
    for _ in 0..<4000 {
      let field = prior.incrementField(graph, using: &random)
      sums.append(
        zip(graph.edges, roots).reduce(0) { sum, entry in
          let t = entry.1 * (field[entry.0.first] - field[entry.0.second])
          return sum + (increments == .laplace ? 2.0.squareRoot() * abs(t) : 4 * t * t / (1 + t * t))
        })
    }
    let moments = ChainMoments([sums])
    let error = moments.sd / 4000.0.squareRoot()
    #expect(abs(moments.mean - Double(graph.rank)) < 4.5 * error, "\(moments.mean) not \(graph.rank)")
    // The number of edges, or of sites, would be far away.
    #expect(Double(graph.edges.count) - moments.mean > 20 * error)
    #expect(Double(graph.siteCount) - moments.mean > 20 * error)
  }
}

/// The production sampler against one that knows no mixture: single-coordinate Metropolis steps on the density itself.
///
/// Means within 4.5 Monte Carlo errors of both together; 24 comparisons, a false alarm in fewer than one of 6,000 seeds.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)")) struct EdgePreservingSamplingTests {
  /// A square with a tail, and a site alone: one loop.
  private static let graph = SiteGraph(
    positions: [[0, 0], [1, 0], [0, 1], [1, 1], [2, 1], [9, 9]], spacing: [1, 1])
  private static let roots = graph.incrementRoots
  private static let y = [0.1, 0.3, -0.2, 0.2, 1.4, 0.5]
  private static let s = 0.35
  private static let scale = 0.5

  /// ½ Σ(y − η)²/s² and −r log τ + Σ log k over the edges, with a flat level of every component and log τ as a coordinate.
  private static func logDensity(_ eta: [Double], _ logTau: Double, _ mixture: IncrementMixture) -> Double {
    let tau = Double.exp(logTau)
    var sum = logTau - 0.5 * (tau / scale) * (tau / scale) - Double(graph.rank) * logTau
    for (value, mean) in zip(y, eta) { sum -= 0.5 * (value - mean) * (value - mean) / (s * s) }
    for (edge, root) in zip(graph.edges, roots) {
      sum += mixture.logDensity(root * (eta[edge.first] - eta[edge.second]) / tau)
    }
    return sum
  }

  /// Draws of η and τ by the slow sampler: `[quantity][chain][draw]`.
  private static func slow(_ mixture: IncrementMixture) -> [[[Double]]] {
    var result = [[[Double]]](repeating: [[Double]](repeating: [], count: 4), count: y.count + 1)
    for chain in 0..<4 {
      var random = RandomStream(StreamKey(seed: 21, chain: chain, purpose: .simulation))
      var state = y + [Double.log(0.3)]
      var density = logDensity(y, state[y.count], mixture)
      for sweep in 0..<60_000 {
        for k in state.indices {
          var trial = state
          trial[k] += (k < y.count ? 0.6 : 1.2) * random.normal()
          let value = logDensity(Array(trial.prefix(y.count)), trial[y.count], mixture)
          guard Double.log(random.uniformPositive()) < value - density else { continue }
          (state, density) = (trial, value)
        }
        guard sweep % 6 == 5 else { continue }
        for k in y.indices { result[k][chain].append(state[k]) }
        result[y.count][chain].append(Double.exp(state[y.count]))
      }
    }
    return result
  }

  private static func production(_ increments: FieldIncrements, _ moves: FieldMoves = FieldMoves())
    -> [[[Double]]]
  {
    let spreads = y.map { _ in s }
    let model = FieldModel(
      graph: graph,
      prior: FieldPrior(
        axes: [.init(mean: 0, sd: .infinity, spread: .halfNormal(scale: scale))], structure: .intrinsic,
        increments: increments), density: LinearSites<Lane8>(),
      data: { LinearSites<Lane8>.data(y, spreads, $0) })
    let draws = FieldDraws(model, seed: 22, warmup: 500, draws: 10_000, moves: moves)
    return draws.sites + [draws.population["tau0"] ?? []]
  }

  @Test(arguments: [FieldIncrements.laplace, .studentT])
  func `Sites and spread are those of the density itself, and an exponent V or E is found out`(
    increments: FieldIncrements
  ) throws {
    let mixture = try #require(increments.mixture)
    let reference = Self.slow(mixture).map { ChainMoments($0) }
    let fast = Self.production(increments).map { ChainMoments($0) }
    for (k, (own, other)) in zip(fast, reference).enumerated() {
      let error = (own.error * own.error + other.error * other.error).squareRoot()
      #expect(abs(own.mean - other.mean) < 4.5 * error, "quantity \(k): \(own) and \(other)")
      #expect(abs(own.sd / other.sd - 1) < 0.08, "quantity \(k): \(own) and \(other)")
    }
    // Without the joint moves the sampler is slower, and the same.
    let spread = ChainMoments(Self.production(increments, .separate)[Self.y.count])
    let tau = reference[Self.y.count]
    #expect(abs(spread.mean - tau.mean) < 4.5 * (spread.error + tau.error))
    for exponent in [Self.graph.siteCount, Self.graph.edges.count + 1] {
      var moves = FieldMoves()
      moves.exponent = Double(exponent)
      let wrong = ChainMoments(Self.production(increments, moves)[Self.y.count])
      #expect(abs(wrong.mean - tau.mean) > 6 * (wrong.error + tau.error), "\(exponent): \(wrong), \(tau)")
    }
  }
}
