import Diagnostics
import GSLSupport
import InferenceCore
import LaneMath
import TestSupport
import Testing

@testable import Samplers

/// Patches that go from one mode to another: their density, and draws of a field of which all modes are known.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)")) struct FieldPatchTests {
  @Test func `Patches hold neighbours, one about every site, and scattered sites touch all others`() {
    let graph = SiteGraph.irregular
    let patches = graph.patches(ofAtMost: 6)
    #expect(patches.map { $0[0] } == Array(0..<17))
    let scattered = Set(graph.scatteredSites())
    #expect(scattered.count < 12)
    for site in 0..<17 where !scattered.contains(site) {
      let touching = graph.edges.filter { $0.first == site || $0.second == site }
      #expect(touching.contains { scattered.contains($0.first) || scattered.contains($0.second) })
    }
    for patch in patches {
      #expect(patch.count <= 6 && Set(patch).count == patch.count)
      for (place, site) in patch.enumerated().dropFirst() {
        let earlier = Set(patch.prefix(place))
        #expect(
          graph.edges.contains {
            ($0.first == site && earlier.contains($0.second))
              || ($0.second == site && earlier.contains($0.first))
          })
      }
    }
    #expect(graph.patches(ofAtMost: 100).contains { $0.count == 13 })
    #expect(graph.patches(ofAtMost: 100).contains([16]))
  }

  @Test(arguments: [false, true])
  func `The density of a patch is that of the field, and its slope the gradient`(_ hasOffsets: Bool) throws {
    let prior = FieldPrior(
      axes: [
        .init(mean: 0.1, sd: 0.4, spread: .halfNormal(scale: 0.3)),
        .init(mean: -0.4, sd: 0.8, spread: .exponential(rate: 2)),
      ], structure: .leroux)
    let offsets = (0..<2).map { k in (0..<17).map { 0.02 * Double(($0 + k) % 5) } }
    let model = FieldModel(
      graph: .irregular, prior: prior, density: CurvedSites<Lane8>(), offsets: hasOffsets ? offsets : nil,
      data: { CurvedSites<Lane8>.data($0) }, modeAxis: 0)
    var chain = FieldChain(of: model, units: (Array(0..<17), 1), seed: 3, chain: 0)
    chain.warmUp(100)
    let patch = try #require(model.candidates.max { $0.slots.count < $1.slots.count })
    #expect(patch.groups.count == 2 && patch.edges.count > 10 && !patch.outside.isEmpty)
    let pulls = chain.pulls(on: patch)
    let start = chain.place(of: patch)
    func logPosterior(_ x: [Double]) -> Double {
      var other = chain
      other.put(x, patch)
      let z = (0..<model.layout.slotCount).map { slot in
        SIMD4<Double>(other.field[slot * 2], other.field[slot * 2 + 1], 0, 0)
      }
      return other.populationDensity(other.hyper, model.prior.coordinates(of: other.hyper), z)
        + other.logLikelihood
    }
    let end = start.enumerated().map { $1 + 0.1 * Double($0 % 4) - 0.15 }
    let change = chain.density(of: patch, pulls, at: end) - chain.density(of: patch, pulls, at: start)
    #expect(isClose(change, logPosterior(end) - logPosterior(start), relative: 1e-9, absolute: 1e-9))

    var gradient = start
    var information = [Double](repeating: 0, count: packedIndex(start.count, 0))
    let value = chain.expand(patch, pulls, at: end, gradient: &gradient, information: &information)
    #expect(isClose(value, chain.density(of: patch, pulls, at: end), absolute: 1e-9))
    for k in end.indices {
      var (low, high) = (end, end)
      low[k] -= 1e-5
      high[k] += 1e-5
      let slope =
        (chain.density(of: patch, pulls, at: high) - chain.density(of: patch, pulls, at: low)) / 2e-5
      #expect(isClose(gradient[k], slope, relative: 1e-5, absolute: 2e-5), "coordinate \(k)")
    }
    let mode = chain.climb(patch, pulls, from: patch.modes[0], iterations: 100, tolerance: 1e-3)
    #expect(mode.isConverged && mode.logDensity >= value)
    #expect(CholeskyFactor(dense(information, start.count), order: start.count) != nil)
  }

  private func dense(_ packed: [Double], _ count: Int) -> [Double] {
    (0..<count * count).map { packed[packedIndex(max($0 / count, $0 % count), min($0 / count, $0 % count))] }
  }

  /// Six sites in a row that hold each other to one of two modes. False alarm: below 4·10⁻⁴ (six means within 4 errors).
  @Test func `Sites that hold each other to a mode leave it together`() throws {
    let row = TwofoldRow()
    let draws = row.draws(FieldMoves())
    for site in 0..<row.count {
      let moments = ChainMoments(draws[site])
      #expect(moments.bulkESS > 400, "site \(site)")
      #expect(abs(moments.mean - row.means[site]) < 4 * moments.error, "site \(site)")
    }
    // Exact means are those of neither mode.
    #expect(row.means.allSatisfy { $0 > -2 && $0 < -0.3 })
  }

  @Test func `Patches are seen from the state of any chain, and what was found before stays`() {
    let row = TwofoldRow()
    let model = row.model
    // Sites that may not differ from their population have one mode, where it is.
    let narrow = FieldHyperparameters(mean: [0.2], spread: [0.05], partial: [], dependence: [0.97])
    var blind = row.chain(0, of: model, population: narrow, isFirst: false)
    let seeing = row.chain(1, of: model, population: row.population, isFirst: true)
    #expect(FieldChain.patches(seenBy: [blind, blind]).isEmpty)
    let found = FieldChain.patches(seenBy: [blind, seeing])
    #expect(found.map(\.slots) == model.candidates.map(\.slots))
    #expect(found.allSatisfy { $0.modes.count == 2 && $0.weight >= 1 })
    blind.patches = Array(found.dropFirst(2))
    #expect(FieldChain.patches(seenBy: [blind]).map(\.slots) == found.dropFirst(2).map(\.slots))
    #expect(FieldChain.patches(seenBy: [blind, seeing]).map(\.slots) == found.map(\.slots))
  }

  @Test
  func `Steps that forget how they were proposed are caught, and without patches chains stay in a mode`() {
    let row = TwofoldRow()
    var wrong = FieldMoves()
    wrong.correctsPatches = false
    let twin = row.draws(wrong)
    #expect(
      (0..<row.count).contains { site in
        let moments = ChainMoments(twin[site])
        return abs(moments.mean - row.means[site]) > 4 * moments.error
      })
    var none = FieldMoves()
    none.patches = false
    #expect(row.draws(none).contains { ChainDiagnostics($0).rHat > 1.05 })
  }
}

/// Six sites in a row under a known population; the likelihood of each has two modes.
private struct TwofoldRow {
  let count = 6
  let population = FieldHyperparameters(mean: [-1.1], spread: [1.1], partial: [], dependence: [0.97])
  let graph = SiteGraph(positions: (0..<6).map { [$0, 0, 0] }, spacing: [2, 2, 2])
  /// The share of the first mode of every site.
  let shares = [0.5, 0.4, 0.3, 0.5, 0.6, 0.3]

  /// E η of every site: over the 2⁶ choices of modes, each a normal posterior.
  var means: [Double] {
    let tilde = graph.scaledPrecision()
    let (lambda, tau) = (population.dependence[0], population.spread[0])
    var precision = tilde.map { lambda * $0 / (tau * tau) }
    for i in 0..<count { precision[i * count + i] += (1 - lambda) / (tau * tau) }
    let own = 1 / (TwofoldSites<Lane8>.sd * TwofoldSites<Lane8>.sd)
    var posterior = precision
    for i in 0..<count { posterior[i * count + i] += own }
    guard let factor = CholeskyFactor(posterior, order: count) else { return [] }
    var (total, sums) = (0.0, [Double](repeating: 0, count: count))
    for choice in 0..<(1 << count) {
      let isFirst = (0..<count).map { choice >> $0 & 1 == 0 }
      let shifts = (0..<count).map { TwofoldSites<Lane8>.centre(isFirst[$0]) - population.mean[0] }
      let mean = factor.solve(shifts.map { own * $0 })
      // ∫ N(η; μ, P⁻¹) Π N(η_i; c_i, s²) up to a constant: −½ shiftᵀ (own · shift) + ½ (own · shift)ᵀ mean.
      var logWeight = 0.0
      for i in 0..<count {
        logWeight += 0.5 * own * shifts[i] * (mean[i] - shifts[i])
        logWeight += Double.log(isFirst[i] ? shares[i] : 1 - shares[i])
      }
      total += Double.exp(logWeight)
      for i in 0..<count { sums[i] += Double.exp(logWeight) * (population.mean[0] + mean[i]) }
    }
    return sums.map { $0 / total }
  }

  /// The field of the row; the search for modes is along its only coordinate.
  var model: FieldModel<TwofoldSites<Lane8>> {
    let prior = FieldPrior(
      axes: [.init(mean: 0, sd: 0.85, spread: .halfNormal(scale: 1))], structure: .leroux)
    return FieldModel(
      graph: graph, prior: prior, density: TwofoldSites<Lane8>(),
      data: { sites in Lane8(sites.map { shares[$0] }) }, modeAxis: 0)
  }

  /// A new chain of `model` with all sites in one mode.
  func chain(
    _ index: Int, of model: FieldModel<TwofoldSites<Lane8>>, population: FieldHyperparameters, isFirst: Bool,
    moves: FieldMoves = FieldMoves()
  ) -> FieldChain<TwofoldSites<Lane8>> {
    var chain = FieldChain(of: model, units: (Array(0..<count), 99), seed: 5, chain: index, moves: moves)
    chain.move(to: population) { _ in [Lane8(TwofoldSites<Lane8>.centre(isFirst))] }
    return chain
  }

  /// `[site][chain][draw]` of the production sampler under the known population.
  func draws(_ moves: FieldMoves) -> [[[Double]]] {
    var moves = moves
    (moves.population, moves.motion) = (false, false)
    let model = model
    var result = [[[Double]]](repeating: [[Double]](repeating: [], count: 4), count: count)
    for index in 0..<4 {
      var chain = chain(index, of: model, population: population, isFirst: index % 2 == 0, moves: moves)
      chain.warmUp(200)
      var position = [Lane8(0)]
      for _ in 0..<10_000 {
        chain.sweep()
        for site in 0..<count {
          let slot = model.layout.slots[site]
          chain.copyPosition(ofGroup: slot / 8, into: &position)
          result[site][index].append(position[0][slot % 8])
        }
      }
    }
    return result
  }
}

/// w N(η; −2.4, s) + (1 − w) N(η; 0.2, s).
struct TwofoldSites<L: Lane>: SiteDensity {
  static var sd: Double { 0.45 }
  static func centre(_ isFirst: Bool) -> Double { isFirst ? -2.4 : 0.2 }

  var dimension: Int { 1 }
  var byproducts: [L] { [] }
  private var share = L(0.5)

  mutating func take(_ data: L) { share = data }

  /// log of both terms, without constants.
  private func terms(_ eta: L) -> (first: L, second: L) {
    let precision = 1 / (Self.sd * Self.sd)
    let (a, b) = (eta - L(Self.centre(true)), eta - L(Self.centre(false)))
    return (L.log(share) - 0.5 * precision * (a * a), L.log(1 - share) - 0.5 * precision * (b * b))
  }

  mutating func logDensity(at position: [L]) -> L {
    let (first, second) = terms(position[0])
    let largest = L.maximum(first, second)
    return largest + L.log(L.exp(first - largest) + L.exp(second - largest))
  }

  mutating func expand(at position: [L], gradient: inout [L], information: inout [L]) -> L {
    let value = logDensity(at: position)
    let (first, second) = terms(position[0])
    let precision = 1 / (Self.sd * Self.sd)
    gradient[0] =
      precision
      * (L.exp(first - value) * (L(Self.centre(true)) - position[0])
        + L.exp(second - value) * (L(Self.centre(false)) - position[0]))
    information[0] = L(precision)
    return value
  }
}
