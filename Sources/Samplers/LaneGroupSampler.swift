public import GSLSupport
public import InferenceCore
public import LaneMath

/// Posterior sampling of independent units side by side, one in each lane: mode, frozen proposal, chains, draws.
///
/// The chains of a unit are keyed by (seed, chain, unit): its draws depend on nothing else, not on its neighbours in the
/// group nor on the number of lanes.
public struct LaneGroupSampler<Density: LaneLogDensity & Sendable>: Sendable {
  /// The lanes of the density.
  public typealias L = Density.L

  /// Draws of a chain that are thrown away: a few independence times, as the proposal needs no adaptation.
  @inlinable
  public static var warmupCount: Int { 8 }

  /// The density, with its workspace.
  public var density: Density
  /// The mode of every lane.
  public let mode: LaneMode<L>
  @usableFromInline var proposal: NestedLaplaceProposal<L>
  @usableFromInline var chains: [LaneChain<Density>]

  /// Finds the modes from `start`, builds the proposal along `openAxis` and runs the warm-up of `chainCount` chains.
  ///
  /// `units` gives the index of the unit in every lane (a lane that repeats a unit repeats its index).
  @inlinable
  public init(
    on density: Density, from start: [L], openAxis: Int, units: [Int], seed: UInt64, chainCount: Int = 4,
    purpose: StreamPurpose = .sampling, warmup: Int = Self.warmupCount, generator: Generator = .xoshiro256pp
  ) {
    var density = density
    let mode = LaneMode(of: &density, from: start, tolerance: 1e-6)
    var proposal = NestedLaplaceProposal(for: &density, about: mode, openAxis: openAxis)
    chains = (0..<chainCount).map { chain in
      let keys = units.map { StreamKey(seed: seed, chain: chain, unit: $0, purpose: purpose) }
      let random = LaneRandom<L>(keys, generator: generator)
      return LaneChain(of: &density, about: mode, proposal: &proposal, random: random)
    }
    for chain in chains.indices {
      chains[chain].draw(warmup, in: &density, about: mode, proposal: &proposal) { _, _ in }
    }
    self.density = density
    self.mode = mode
    self.proposal = proposal
  }

  /// Draws `count` more positions of every chain, one chain after the other, and hands each to `receive` with the
  /// number of its chain and the density's byproducts there.
  @inlinable
  public mutating func draw(
    _ count: Int, _ receive: (_ chain: Int, _ position: [L], _ byproducts: [L]) -> Void
  ) {
    for chain in chains.indices {
      chains[chain].draw(count, in: &density, about: mode, proposal: &proposal) { position, byproducts in
        receive(chain, position, byproducts)
      }
    }
  }

  /// The share of independence proposals that were accepted in every lane, over all chains and since their start.
  @inlinable
  public var acceptance: L {
    let total = chains.reduce(L(0)) { $0 + $1.acceptedCount }
    return total / L(Double(chains.reduce(0) { $0 + $1.drawCount }))
  }
}
