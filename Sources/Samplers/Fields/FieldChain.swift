public import GSLSupport
public import InferenceCore
public import LaneMath

/// One Markov chain on a field, its population and what its sites have of their own.
///
/// A sweep is a cycle of kernels, each of which leaves the joint posterior invariant:
///
/// 1. *Sites*, one colour after the other: given their neighbours the sites of a colour are independent, and each
///    coordinate block moves by Metropolis steps in the lanes. All sites at once would not be a sampler of the joint field.
/// 2. *Patches*: sites that have several modes together go from one to another, where the warm-up has seen such patches.
/// 3. *Population given the field*: μ, τ, Ω, λ from the sufficient statistics of `FieldConditional`.
/// 4. *Population with the field*: a Hamiltonian trajectory of all hyperparameters and all fields together.
///
/// Proposals adapt during the warm-up only. The numbers of site v come from the stream (seed, chain, unit of v, purpose),
/// those of the population from (seed, chain, unit of the field, purpose): nothing depends on threads.
public struct FieldChain<Density: SiteDensity>: Sendable {
  /// The lanes of the density.
  public typealias L = Density.L

  /// What is sampled.
  public let model: FieldModel<Density>
  /// The population.
  public var hyper: FieldHyperparameters
  /// The moves that a sweep makes; tests leave some out.
  public var moves: FieldMoves
  /// The sum of the sites' log likelihoods at the current state, without constants.
  public var logLikelihood: Double {
    (0..<model.layout.groupCount).reduce(0) { sum, group in
      sum + (0..<L.count).reduce(0) { $0 + (model.layout.own[group][$1] > 0 ? logLikelihoods[group][$1] : 0) }
    }
  }

  @usableFromInline var density: Density
  /// η without offsets: group × d, d fastest.
  @usableFromInline var positions: [L]
  /// z: slot × p, p fastest.
  @usableFromInline var field: [Double]
  @usableFromInline var logLikelihoods: [L]
  @usableFromInline var byproducts: [L]
  @usableFromInline var byproductCount = 0
  @usableFromInline var surrogate: SiteSurrogate<L>
  @usableFromInline var randoms: [LaneRandom<L>]
  @usableFromInline var random: LaneRandom<Double>
  /// The Hamiltonian moves.
  public var motion: FieldMotion<L>
  /// The patches that the warm-up has seen in several modes.
  @usableFromInline var patches: [FieldPatch<Density>] = []
  @usableFromInline var patchRoom: PatchWorkspace<L>
  @usableFromInline var edges: FieldEdges<L>
  @usableFromInline var sweepCount = 0
  @usableFromInline var site: SiteWorkspace<L>
  /// L, L⁻¹ and L⁻¹μ of the current population.
  @usableFromInline var factor: [Double]
  @usableFromInline var inverse: [Double]
  @usableFromInline var whitenedMean: [Double]
  /// Sums of the positions since the chains last learned.
  @usableFromInline var positionSums: [L] = []
  @usableFromInline var sweepsSeen = 0
  @usableFromInline var levels: FieldLevels<L>
  @usableFromInline var proposal: FieldProposal<L>
  /// The populations seen since then.
  @usableFromInline var moments: PopulationMoments
  /// Independence and random-walk steps of sites: how many were accepted.
  public var acceptedSites = [0.0, 0.0]
  /// And how many were tried.
  public var triedSites = [0.0, 0.0]

  /// A chain that starts near the sites' modes, over-dispersed.
  ///
  /// - Parameters:
  ///   - model: What is sampled.
  ///   - units: The number of every site, and of the field, in the keys of the random streams.
  ///   - seed: The seed of the run.
  ///   - chain: The number of the chain.
  ///   - purpose: The purpose of the sites' streams.
  ///   - generator: The generator of all streams.
  ///   - moves: The moves of a sweep.
  @inlinable
  public init(
    of model: FieldModel<Density>, units: (sites: [Int], field: Int), seed: UInt64, chain: Int,
    purpose: StreamPurpose = .sampling, generator: Generator = .xoshiro256pp, moves: FieldMoves = FieldMoves()
  ) {
    let (p, d) = (model.fieldDimension, model.dimension)
    self.model = model
    self.moves = moves
    density = model.density
    positions = model.modes
    surrogate = model.surrogate
    field = [Double](repeating: 0, count: model.layout.slotCount * p)
    logLikelihoods = [L](repeating: 0, count: model.layout.groupCount)
    byproducts = []
    randoms = (0..<model.layout.groupCount).map { group in
      LaneRandom(
        model.layout.sites(ofGroup: group).map {
          StreamKey(seed: seed, chain: chain, unit: units.sites[$0], purpose: purpose)
        }, generator: generator)
    }
    let own: StreamPurpose = purpose == .companion ? .companionHyperparameters : .hyperparameters
    random = LaneRandom(
      [StreamKey(seed: seed, chain: chain, unit: units.field, purpose: own)], generator: generator)
    hyper = FieldHyperparameters(
      mean: model.prior.axes.map(\.mean), spread: model.prior.axes.map(\.spread.typicalValue),
      partial: [Double](repeating: 0, count: p * (p - 1) / 2),
      dependence: [Double](repeating: model.prior.structure.startingDependence, count: p))
    factor = []
    inverse = []
    whitenedMean = []
    site = SiteWorkspace(p: p, d: d)
    patchRoom = PatchWorkspace(dimension: d)
    motion = FieldMotion(slotCount: model.layout.slotCount, groupCount: model.layout.groupCount, dimension: d)
    moments = PopulationMoments(dimension: model.prior.coordinates(of: hyper).count)
    levels = FieldLevels(model)
    // Streams that no other field has: those of the second model of a lesion have negative units.
    let sign = purpose == .companion ? -1 : 1
    edges = FieldEdges(
      model.graph, model.layout, increments: model.prior.increments,
      keys: (0..<L.count).map {
        StreamKey(
          seed: seed, chain: chain, unit: sign * (units.field * L.count + $0 + 1), purpose: .field)
      }, generator: generator)
    byproductCount = density.byproducts.count
    byproducts = [L](repeating: 0, count: model.layout.groupCount * byproductCount)
    proposal = FieldProposal(positions: positions, logLikelihoods: logLikelihoods, byproducts: byproducts)
    forgetSweeps()
    disperse()
  }

  /// Spreads, dependences and positions away from where the search ended.
  @inlinable
  mutating func disperse() {
    let (p, d) = (model.fieldDimension, model.dimension)
    for k in 0..<p {
      hyper.spread[k] *= Double.exp(0.4 * random.normalPair().0)
      if model.prior.structure == .leroux { hyper.dependence[k] = 0.1 + 0.8 * random.uniform() }
    }
    let axes = model.prior.axes
    for k in 0..<p where axes[k].sd.isFinite && model.prior.structure != .intrinsic {
      var (sum, count) = (0.0, 0.0)
      for group in 0..<model.layout.groupCount {
        for lane in 0..<L.count where model.layout.own[group][lane] > 0 {
          sum += positions[group * d + k][lane]
          count += 1
        }
      }
      let centre = sum.isFinite ? sum / count : axes[k].mean
      hyper.mean[k] = centre + 0.3 * axes[k].sd * random.normalPair().0
    }
    followPopulation()
    for group in 0..<model.layout.groupCount { evaluate(group) }
    levels.count(positions, model)
  }

  /// Takes over a new population: L, L⁻¹ and z of every site.
  @inlinable
  mutating func followPopulation() {
    findFactors()
    let d = model.dimension
    for group in 0..<model.layout.groupCount { whiten(group, positions, group * d) }
  }

  /// L, L⁻¹ and L⁻¹μ of the population.
  @inlinable
  mutating func findFactors() {
    let p = model.fieldDimension
    factor = hyper.factor
    inverse = packedInverse(factor, dimension: p)
    whitenedMean = (0..<p).map { k in (0...k).reduce(0) { $0 + inverse[packedIndex(k, $1)] * hyper.mean[$1] }
    }
  }

  /// z of the group's sites from their `positions`.
  @inlinable
  mutating func whiten(_ group: Int, _ positions: [L], _ start: Int) {
    let p = model.fieldDimension
    for k in 0..<p {
      var sum = L(-whitenedMean[k])
      for j in 0...k { sum += inverse[packedIndex(k, j)] * positions[start + j] }
      for lane in 0..<L.count { field[(group * L.count + lane) * p + k] = sum[lane] }
    }
  }

  /// Evaluates the likelihood of `group` at its position and keeps it.
  @inlinable
  mutating func evaluate(_ group: Int) {
    let d = model.dimension
    density.take(model.groups[group])
    for k in 0..<d { site.trial[k] = positions[group * d + k] }
    logLikelihoods[group] = density.logDensity(at: shifted(group, site.trial))
    let reached = density.byproducts
    for k in 0..<byproductCount { byproducts[group * byproductCount + k] = reached[k] }
  }

  /// `position` with the group's offsets.
  @inlinable @inline(__always)
  mutating func shifted(_ group: Int, _ position: [L]) -> [L] {
    guard let offsets = model.offsets else { return position }
    let p = model.fieldDimension
    for k in site.shifted.indices {
      site.shifted[k] = k < p ? position[k] + offsets[group * p + k] : position[k]
    }
    return site.shifted
  }

  /// The coordinates of the sites of `group`, with their offsets, written to `position` (d values).
  @inlinable
  public func copyPosition(ofGroup group: Int, into position: inout [L]) {
    let (p, d) = (model.fieldDimension, model.dimension)
    for k in 0..<d { position[k] = positions[group * d + k] }
    if let offsets = model.offsets { for k in 0..<p { position[k] += offsets[group * p + k] } }
  }

  /// The density's byproducts at the sites of `group`.
  @inlinable
  public func byproducts(ofGroup group: Int) -> [L] {
    Array(byproducts[group * byproductCount..<(group + 1) * byproductCount])
  }

  /// The mean of the field over the sites, coordinate by coordinate, without offsets.
  @inlinable
  public var meanPosition: [Double] {
    let d = model.dimension
    return (0..<model.fieldDimension).map { k in
      let sum = (0..<model.layout.groupCount).reduce(0.0) { sum, group in
        (0..<L.count).reduce(sum) {
          $0 + (model.layout.own[group][$1] > 0 ? positions[group * d + k][$1] : 0)
        }
      }
      return sum / Double(model.graph.siteCount)
    }
  }

  /// One sweep.
  @inlinable
  public mutating func sweep() {
    sweepCount += 1
    if moves.sites {
      drawEdges()
      updateSites(.independence)
      if sweepCount % moves.walkPeriod == 0 { updateSites(.walk) }
    }
    if moves.patches { updatePatches() }
    if moves.population { updatePopulation() }
    if moves.motion { moveAlong() }
  }
}

extension FieldPrior.Structure {
  /// λ of a new chain.
  @usableFromInline var startingDependence: Double {
    switch self {
    case .exchangeable: 0
    case .leroux: 0.5
    case .intrinsic: 1
    }
  }
}
