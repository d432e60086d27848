public import GSLSupport
public import InferenceCore
public import LaneMath

/// The sampler of a lane group by any of the engines: `LaneGroupSampler`'s stream of draws, whoever makes them.
public struct EngineSampler<Density: LaneLogDensity & Sendable>: Sendable {
  /// The lanes of the density.
  public typealias L = Density.L

  /// The density, with its workspace.
  public var density: Density
  @usableFromInline var markov: LaneGroupSampler<Density>?
  /// Beside `markov`, for the lanes whose density has several modes.
  @usableFromInline var multimodal: MultimodalGroupSampler<Density>?
  @usableFromInline var multimodalLanes: [Int] = []
  @usableFromInline var laplace: LaplaceGroupSampler<Density>?
  @usableFromInline var noUTurn: NoUTurnGroupSampler?
  @usableFromInline var grid: GridGroupSampler?
  @usableFromInline let chainCount: Int
  /// For every lane the first lane of the same unit: a unit is drawn once, however many lanes repeat it.
  @usableFromInline let owners: [Int]

  /// Prepares `engine` for the units in the lanes of `density`, whose modes are sought from `start`.
  ///
  /// - Parameters:
  ///   - engine: Which sampler draws.
  ///   - density: One unit in each lane; a lane may repeat the unit of the one before it.
  ///   - start: Where the search for the modes begins.
  ///   - alternatives: Places in the order of one coordinate along which other modes may lie; empty if there is one mode.
  ///   - openAxis: The coordinate along which Markov chains tabulate their proposal.
  ///   - units: The index of every lane's unit, which keys its random numbers.
  ///   - seed: The seed of the run.
  ///   - chainCount: The number of chains.
  ///   - purpose: What the random numbers are for.
  ///   - warmup: Draws of a chain that are thrown away; nil takes the engine's own number.
  ///   - generator: The random number generator.
  ///   - counts: Told what the engine meets.
  @inlinable
  public init(
    _ engine: SamplingEngine, on density: Density, from start: [L], alternatives: [[L]] = [], openAxis: Int,
    units: [Int], seed: UInt64, chainCount: Int = 4, purpose: StreamPurpose = .sampling, warmup: Int? = nil,
    generator: Generator = .xoshiro256pp, counts: EngineCounts
  ) {
    self.density = density
    self.chainCount = chainCount
    let owners = units.indices.map { lane in units.firstIndex(of: units[lane]) ?? lane }
    self.owners = owners
    let distinct = owners.indices.filter { owners[$0] == $0 }
    counts.add { $0.units += distinct.count }
    switch engine {
    case .metropolis:
      let sampler = LaneGroupSampler(
        on: density, from: start, openAxis: openAxis, units: units, seed: seed, chainCount: chainCount,
        purpose: purpose, warmup: warmup ?? LaneGroupSampler<Density>.warmupCount, generator: generator)
      self.density = sampler.density
      markov = sampler
      guard alternatives.count > 1 else { break }
      var own = density
      let mixture = ModeMixture(of: &own, among: alternatives)
      multimodalLanes = mixture.severalLanes
      let found = multimodalLanes.count { owners[$0] == $0 }
      counts.add { $0.multimodal += found }
      guard !multimodalLanes.isEmpty else { break }
      multimodal = MultimodalGroupSampler(
        on: density, about: mixture, openAxis: openAxis, units: units, seed: seed, chainCount: chainCount,
        purpose: purpose, warmup: warmup ?? LaneGroupSampler<Density>.warmupCount, generator: generator)
    case .laplace:
      let sampler = LaplaceGroupSampler(
        on: density, from: start, openAxis: openAxis, units: units, seed: seed, chainCount: chainCount,
        purpose: purpose, generator: generator)
      let rejected = distinct.count { sampler.verdicts[$0] == .rejected }
      counts.add { $0.rejected += rejected }
      laplace = sampler
    case .nuts, .grid:
      var own = density
      let mode = LaneMode(of: &own, from: start)
      let spread = mode.standardDeviations
      let box = LaneDensityBox(density)
      let slices = distinct.map { LaneSlice(box, lane: $0) }
      let modes = distinct.map { lane in mode.position.map { $0[lane] } }
      let deviations = distinct.map { lane in spread.map { $0[lane] } }
      let names = distinct.map { units[$0] }
      if engine == .grid {
        grid = GridGroupSampler(
          on: slices, modes: modes, standardDeviations: deviations, units: names, seed: seed,
          chainCount: chainCount, purpose: purpose, generator: generator, counts: counts)
      } else {
        noUTurn = NoUTurnGroupSampler(
          on: slices, modes: modes, standardDeviations: deviations, units: names, seed: seed,
          chainCount: chainCount, purpose: purpose, warmup: warmup ?? NoUTurnGroupSampler.warmupCount,
          generator: generator, counts: counts)
      }
    }
  }

  /// The share of proposals accepted so far in every lane, to foresee how many draws an ESS takes; for engines that
  /// accept none, that of Markov chains as good as they are: 1 for independent draws, 0.7 for the no-U-turn sampler.
  @inlinable
  public var acceptance: L {
    guard let markov else { return L(noUTurn == nil ? 1 : 0.7) }
    var acceptance = markov.acceptance
    if let multimodal {
      let other = multimodal.acceptance
      for lane in multimodalLanes { acceptance[lane] = other[lane] }
    }
    return acceptance
  }

  /// Divergent transitions of the no-U-turn sampler after warm-up so far; 0 of other engines.
  public var divergences: Int { noUTurn?.divergences ?? 0 }

  /// Draws `count` more positions of every chain, one chain after the other, and hands each to `receive` with the
  /// number of its chain and the density's byproducts there.
  @inlinable
  public mutating func draw(
    _ count: Int, _ receive: (_ chain: Int, _ position: [L], _ byproducts: [L]) -> Void
  ) {
    guard multimodal == nil else { return drawBoth(count, receive) }
    markov?.draw(count, receive)
    laplace?.draw(count, receive)
    guard noUTurn != nil || grid != nil else { return }
    let distinct = owners.indices.filter { owners[$0] == $0 }
    let dimension = density.dimension
    var position = [L](repeating: 0, count: dimension)
    for chain in 0..<chainCount {
      let drawn = distinct.indices.map { unit in
        noUTurn?.draw(count, unit: unit, chain: chain, dimension: dimension)
          ?? grid?.draw(count, unit: unit, chain: chain, dimension: dimension) ?? []
      }
      let places = owners.map { owner in distinct.firstIndex(of: owner) ?? 0 }
      for draw in 0..<count {
        for lane in places.indices {
          for k in 0..<dimension { position[k][lane] = drawn[places[lane]][draw][k] }
        }
        _ = density.logDensity(at: position)
        receive(chain, position, density.byproducts)
      }
    }
  }

  /// Draws of the chains of one mode and, in the lanes that have several, of those of all modes: what a lane is given
  /// does not depend on its neighbours.
  @inlinable
  mutating func drawBoth(
    _ count: Int, _ receive: (_ chain: Int, _ position: [L], _ byproducts: [L]) -> Void
  ) {
    var states: [(chain: Int, position: [L], byproducts: [L])] = []
    states.reserveCapacity(count * chainCount)
    markov?.draw(count) { states.append(($0, $1, $2)) }
    var place = 0
    multimodal?.draw(count) { _, position, byproducts in
      for lane in multimodalLanes {
        for k in position.indices { states[place].position[k][lane] = position[k][lane] }
        for k in byproducts.indices { states[place].byproducts[k][lane] = byproducts[k][lane] }
      }
      place += 1
    }
    for state in states { receive(state.chain, state.position, state.byproducts) }
  }
}
