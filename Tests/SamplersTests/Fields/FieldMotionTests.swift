import GSLSupport
import InferenceCore
import LaneMath
import TestSupport
import Testing

@testable import Samplers

/// Trajectories of a population with its fields, on a mask with two components and sites alone.
@Suite struct FieldMotionTests {
  private typealias Chain = FieldChain<CurvedSites<Lane8>>

  /// A chain of a field of two coordinates, after a warm-up, and its trajectories' coordinates.
  private func chain(_ structure: FieldPrior.Structure, isHuangWand: Bool = false) throws
    -> (chain: Chain, reference: FieldReference)
  {
    let axes: [FieldPrior.Axis] = [
      .init(mean: 0.1, sd: 0.4, spread: .halfNormal(scale: 0.3)),
      .init(mean: -0.4, sd: 0.8, spread: .exponential(rate: 2)),
    ]
    let prior =
      isHuangWand
      ? FieldPrior(huangWand: axes, structure: structure) : FieldPrior(axes: axes, structure: structure)
    let model = FieldModel(
      graph: .irregular, prior: prior, density: CurvedSites<Lane8>(), data: { CurvedSites<Lane8>.data($0) })
    var chain = FieldChain(of: model, units: (Array(0..<17), 1), seed: 3, chain: 0)
    chain.warmUp(300)
    return (chain, try #require(chain.motion.reference))
  }

  /// The population at the trajectory's present place.
  private func unfold(_ chain: inout Chain, _ reference: FieldReference) throws -> FieldHyperparameters {
    let population = chain.unfold(reference)
    return try #require(population)
  }

  @Test(arguments: [FieldPrior.Structure.exchangeable, .leroux, .intrinsic], [false, true])
  func `The force is the slope of the log posterior`(_ structure: FieldPrior.Structure, _ isHuangWand: Bool)
    throws
  {
    var (chain, reference) = try chain(structure, isHuangWand: isHuangWand)
    chain.enter(reference)
    let start = chain.motion.place
    func logPosterior(_ place: [Double]) throws -> Double {
      chain.motion.place = place
      let population = try unfold(&chain, reference)
      var sum = chain.populationDensity(population, chain.motion.coordinates, chain.motion.field)
      if structure == .intrinsic { sum += chain.levelRatio(population.factor) }
      return sum + chain.evaluateProposal()
    }
    let population = try unfold(&chain, reference)
    chain.findForce(population, reference)
    let force = chain.motion.force
    for k in start.indices {
      var (low, high) = (start, start)
      low[k] -= 1e-5
      high[k] += 1e-5
      let slope = (try logPosterior(high) - logPosterior(low)) / 2e-5
      #expect(isClose(force[k], slope, relative: 1e-5, absolute: 2e-5), "coordinate \(k)")
    }
  }

  @Test func `Where a trajectory starts is where the chain is`() throws {
    var (chain, reference) = try chain(.leroux)
    let hyper = chain.hyper
    chain.enter(reference)
    let population = try unfold(&chain, reference)
    for k in 0..<2 {
      #expect(isClose(population.mean[k], hyper.mean[k], absolute: 1e-9))
      #expect(isClose(population.spread[k], hyper.spread[k], absolute: 1e-9))
      #expect(isClose(population.dependence[k], hyper.dependence[k], absolute: 1e-9))
    }
    for slot in chain.model.layout.ownSlots {
      for k in 0..<2 {
        #expect(isClose(chain.motion.field[slot][k], chain.field[slot * 2 + k], absolute: 1e-8))
      }
    }
  }

  @Test func `The way back leads to the start`() throws {
    var (chain, reference) = try chain(.leroux)
    chain.enter(reference)
    let start = chain.motion.place
    for k in start.indices { chain.motion.momentum[k] = Double.cosineAndSine(turns: 0.1 * Double(k)).cosine }
    /// Three steps of ε, by the moves' own pieces.
    func run(_ epsilon: Double) throws {
      let (cosine, sine) = Double.cosineAndSine(turns: epsilon / (2 * Double.pi))
      for _ in 0..<3 {
        chain.findForce(try unfold(&chain, reference), reference)
        chain.kick(0.5 * epsilon)
        chain.rotate(cosine, sine)
        chain.findForce(try unfold(&chain, reference), reference)
        chain.kick(0.5 * epsilon)
      }
    }
    try run(0.2)
    #expect(zip(start, chain.motion.place).contains { abs($0 - $1) > 0.1 })
    for k in start.indices { chain.motion.momentum[k] = -chain.motion.momentum[k] }
    try run(0.2)
    for k in start.indices { #expect(isClose(chain.motion.place[k], start[k], absolute: 1e-9)) }
  }

  @Test func `The stand-in of linear sites is their posterior given the population`() throws {
    let graph = SiteGraph.irregular
    let (y, s) = ((0..<17).map { 0.1 * Double($0 % 7) }, (0..<17).map { 0.1 + 0.05 * Double($0 % 3) })
    let prior = FieldPrior(
      axes: [.init(mean: 0.2, sd: 1, spread: .halfNormal(scale: 0.4))], structure: .leroux)
    let model = FieldModel(
      graph: graph, prior: prior, density: LinearSites<Lane8>(), data: { LinearSites<Lane8>.data(y, s, $0) })
    let hyper = FieldHyperparameters(mean: [0.3], spread: [0.25], partial: [], dependence: [0.7])
    let reference = try #require(
      FieldReference(
        model.surrogate, at: model.modes, layout: model.layout, graph: graph, prior: prior, population: hyper,
        factor: prior.firstFactor))
    // The dense precision τ²/s² + λ Q̃ + 1 − λ, and its product with the mean: τ (y − μ)/s².
    let tilde = graph.scaledPrecision()
    let sites = reference.metric.slots.map { model.layout.sites[$0] }
    for (row, i) in sites.enumerated() {
      var sum = 0.0
      for (column, j) in sites.enumerated() {
        let own = i == j ? 0.25 * 0.25 / (s[i] * s[i]) + 0.3 : 0
        sum += (0.7 * tilde[i * 17 + j] + own) * reference.mean[column]
      }
      #expect(isClose(sum, 0.25 * (y[i] - 0.3) / (s[i] * s[i]), absolute: 1e-8), "site \(i)")
      // A column of C⁻ᵀ C⁻¹ is one of the inverse.
      var column = [Double](repeating: 0, count: 17)
      column[row] = 1
      reference.metric.solveLower(&column)
      reference.metric.solveUpper(&column)
      let product = sites.enumerated().reduce(0.0) { sum, entry in
        let own = entry.element == i ? 0.25 * 0.25 / (s[i] * s[i]) + 0.3 : 0
        return sum + (0.7 * tilde[i * 17 + entry.element] + own) * column[entry.offset]
      }
      #expect(isClose(product, 1, absolute: 1e-9))
    }
    // How the mean follows μ: −A⁻¹ τ/s², since the first coordinate of a population is μ.
    var response = [Double](repeating: 0, count: 17)
    reference.addResponse(0, 1, to: &response)
    var expected = sites.map { -0.25 / (s[$0] * s[$0]) }
    reference.metric.solveLower(&expected)
    reference.metric.solveUpper(&expected)
    for (a, b) in zip(response, expected) { #expect(isClose(a, b, relative: 1e-5, absolute: 1e-8)) }
  }

  @Test func `Directions that are too stiff are narrowed, others stay`() throws {
    var (_, reference) = try chain(.exchangeable)
    let before = reference.factor
    let q = reference.centre.count
    var curvature = [Double](repeating: 0, count: q * q)
    for k in 0..<q { curvature[k * q + k] = 1 }
    reference.narrow(to: curvature)
    for (a, b) in zip(before, reference.factor) { #expect(isClose(a, b, absolute: 1e-12)) }
    curvature[0] = 800
    reference.narrow(to: curvature)
    #expect(isClose(reference.factor[0], before[0] / 10, absolute: 1e-12))
    #expect(
      isClose(reference.factor[packedIndex(q - 1, q - 1)], before[packedIndex(q - 1, q - 1)], absolute: 1e-12)
    )
    curvature[0] = .nan
    let narrowed = reference.factor
    reference.narrow(to: curvature)
    #expect(reference.factor == narrowed)
    reference.narrow(to: [])
    #expect(reference.factor == narrowed)
  }

  @Test func `Steps that have shrunk to nothing still end, and populations out of range are not counted`()
    throws
  {
    var (chain, _) = try chain(.leroux)
    for size in [1e-300, 0.0] {
      chain.motion.stepSize = size
      chain.motion.counts = (0, 0, 0)
      chain.moveAlong()
      #expect(chain.motion.counts.tried == 1 && chain.motion.counts.steps <= FieldMotion<Lane8>.mostSteps)
    }
    var moments = PopulationMoments(dimension: 2)
    moments.add([1, .infinity])
    moments.add([.nan, 0])
    #expect(moments.count == 0 && moments.factor == nil)
    moments.add([1, 2])
    #expect(moments.count == 1 && moments.mean == [1, 2])
  }

  @Test func `Blocks hold every site once, none more than the limit, and neighbours together`() {
    let places = (0..<9).flatMap { i in (0..<7).flatMap { j in (0..<5).map { [i, j, $0] } } }
    let graph = SiteGraph(positions: places, spacing: [2, 2, 3])
    let blocks = graph.blocks(ofAtMost: 40)
    #expect(blocks.flatMap { $0 }.sorted() == Array(0..<315))
    #expect(blocks.allSatisfy { $0.count <= 40 && $0.count >= 19 })
    #expect(graph.blocks(ofAtMost: 1000) == [graph.bandOrder])
    let block = graph.blocks(ofAtMost: 40).enumerated().reduce(into: [Int: Int]()) { result, entry in
      for site in entry.element { result[site] = entry.offset }
    }
    let cut = graph.edges.count { block[$0.first] != block[$0.second] }
    #expect(Double(cut) < 0.4 * Double(graph.edges.count))
  }
}

/// Two coordinates whose likelihood bends: y₁ ~ N(e^a, s), y₂ ~ N(a + b², s).
struct CurvedSites<L: Lane>: SiteDensity {
  struct SiteData: Sendable {
    let first: L
    let second: L
  }

  var dimension: Int { 2 }
  var byproducts: [L] { [] }
  private var data = SiteData(first: 0, second: 0)
  private let precision = 25.0

  static func data(_ sites: [Int]) -> SiteData {
    SiteData(
      first: L(sites.map { 1 + 0.1 * Double($0 % 5) }), second: L(sites.map { 0.3 + 0.05 * Double($0 % 7) }))
  }

  mutating func take(_ data: SiteData) { self.data = data }

  mutating func logDensity(at position: [L]) -> L {
    let (a, b) = (position[0], position[1])
    let (one, two) = (data.first - L.exp(a), data.second - a - b * b)
    return (-0.5 * precision) * (one * one + two * two)
  }

  mutating func expand(at position: [L], gradient: inout [L], information: inout [L]) -> L {
    let (a, b) = (position[0], position[1])
    let rate = L.exp(a)
    let (one, two) = (data.first - rate, data.second - a - b * b)
    gradient[0] = precision * (one * rate + two)
    gradient[1] = (2 * precision) * (two * b)
    information[0] = precision * (rate * rate + 1)
    information[1] = (2 * precision) * b
    information[2] = (4 * precision) * (b * b)
    return logDensity(at: position)
  }
}
