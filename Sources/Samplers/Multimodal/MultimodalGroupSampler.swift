public import GSLSupport
public import InferenceCore
public import LaneMath

/// Markov chains for units with several modes: independence steps with a `MixtureProposal` in a cycle with random walks.
///
/// As in `LaneGroupSampler`, each kernel leaves the density invariant on its own; the random walk takes its covariance from
/// the first mode, whatever the position, and so is symmetric. Chain c starts from mode c, counted round the modes of its
/// lane: chains that could not cross would show in R̂.
public struct MultimodalGroupSampler<Density: LaneLogDensity & Sendable>: Sendable {
  /// The lanes of the density.
  public typealias L = Density.L

  /// Every how many draws a random-walk step follows the independence step.
  @inlinable
  static var walkPeriod: Int { 4 }
  /// The random walk's step in units of the Laplace SD: 2.38/√n for n = 4 (Roberts, Gelman and Gilks 1997).
  @inlinable
  static var walkScale: Double { 1.19 }

  /// One chain: where it is, what the densities are there, and its random numbers.
  @usableFromInline struct Chain: Sendable {
    @usableFromInline var position: [L]
    @usableFromInline var byproducts: [L]
    @usableFromInline var logTarget: L
    @usableFromInline var logProposal: L
    @usableFromInline var random: LaneRandom<L>
    @usableFromInline var drawCount = 0

    @inlinable
    init(position: [L], byproducts: [L], logTarget: L, logProposal: L, random: LaneRandom<L>) {
      self.position = position
      self.byproducts = byproducts
      self.logTarget = logTarget
      self.logProposal = logProposal
      self.random = random
    }

    @inlinable
    mutating func take(_ accepted: L.Mask, _ trial: [L], _ reached: [L], value: L, proposed: L) {
      for k in trial.indices { position[k] = L.select(accepted, trial[k], position[k]) }
      for k in reached.indices { byproducts[k] = L.select(accepted, reached[k], byproducts[k]) }
      logTarget = L.select(accepted, value, logTarget)
      logProposal = L.select(accepted, proposed, logProposal)
    }
  }

  /// The density, with its workspace.
  public var density: Density
  @usableFromInline let factor: [L]
  @usableFromInline var proposal: MixtureProposal<L>
  @usableFromInline var chains: [Chain]
  @usableFromInline var trial: [L]
  @usableFromInline var acceptedCount = L(0)
  @usableFromInline var stepCount = 0.0

  /// Builds the proposal about `mixture` along `openAxis` and runs the warm-up of `chainCount` chains.
  @inlinable
  public init(
    on density: Density, about mixture: ModeMixture<L>, openAxis: Int, units: [Int], seed: UInt64,
    chainCount: Int = 4, purpose: StreamPurpose = .sampling, warmup: Int, generator: Generator = .xoshiro256pp
  ) {
    var density = density
    var proposal = MixtureProposal(for: &density, about: mixture, openAxis: openAxis)
    factor = mixture.modes[0].factor
    trial = mixture.modes[0].position
    chains = []
    for chain in 0..<chainCount {
      let keys = units.map { StreamKey(seed: seed, chain: chain, unit: $0, purpose: purpose) }
      var position = mixture.modes[0].position
      for lane in 0..<L.count {
        let own = mixture.weights.indices.filter { mixture.weights[$0][lane] > 0 }
        let mode = mixture.modes[own[chain % own.count]]
        for k in position.indices { position[k][lane] = mode.position[k][lane] }
      }
      let value = density.logDensity(at: position)
      let reached = density.byproducts
      chains.append(
        Chain(
          position: position, byproducts: reached, logTarget: value,
          logProposal: proposal.logDensity(at: position), random: LaneRandom<L>(keys, generator: generator)))
    }
    self.density = density
    self.proposal = proposal
    for chain in chains.indices {
      for _ in 0..<warmup { advance(chain) }
    }
  }

  /// Draws `count` more positions of every chain, one chain after the other, and hands each to `receive` with the
  /// number of its chain and the density's byproducts there.
  @inlinable
  public mutating func draw(
    _ count: Int, _ receive: (_ chain: Int, _ position: [L], _ byproducts: [L]) -> Void
  ) {
    for chain in chains.indices {
      for _ in 0..<count {
        advance(chain)
        receive(chain, chains[chain].position, chains[chain].byproducts)
      }
    }
  }

  /// The share of independence proposals accepted so far in every lane, warm-up included.
  @inlinable
  public var acceptance: L { acceptedCount / L(max(1, stepCount)) }

  @inlinable
  mutating func advance(_ c: Int) {
    let proposed = proposal.propose(into: &trial, using: &chains[c].random)
    let value = density.logDensity(at: trial)
    let ratio = (value - proposed) - (chains[c].logTarget - chains[c].logProposal)
    let accepted = L.log(chains[c].random.uniformPositive()) < ratio
    chains[c].take(accepted, trial, density.byproducts, value: value, proposed: proposed)
    acceptedCount += L.select(accepted, 1, 0)
    stepCount += 1
    chains[c].drawCount += 1
    if chains[c].drawCount % Self.walkPeriod == 0 { walk(c) }
  }

  @inlinable
  mutating func walk(_ c: Int) {
    let n = trial.count
    for k in stride(from: 0, to: n, by: 2) {
      let (a, b) = chains[c].random.normalPair()
      trial[k] = a
      if k + 1 < n { trial[k + 1] = b }
    }
    LaneCholesky.solveTransposed(factor: factor, &trial, dimension: n)
    for k in 0..<n { trial[k] = chains[c].position[k] + Self.walkScale * trial[k] }
    let value = density.logDensity(at: trial)
    let accepted = L.log(chains[c].random.uniformPositive()) < value - chains[c].logTarget
    chains[c].take(
      accepted, trial, density.byproducts, value: value, proposed: proposal.logDensity(at: trial))
  }
}
