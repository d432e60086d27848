public import InferenceCore
public import LaneMath

/// One Markov chain in every lane: a cycle of independence steps and random-walk steps.
///
/// Each kernel leaves the density invariant on its own (Metropolis–Hastings with a frozen proposal), hence so does
/// their cycle (Tierney 1994, doi:10.1214/aos/1176325750). Independence steps with the nested proposal mix in a step or
/// two where it fits; random-walk steps with the Laplace covariance reach everywhere and free a lane that sits where
/// the proposal is thin.
public struct LaneChain<Density: LaneLogDensity>: Sendable {
  /// The lanes of the density.
  public typealias L = Density.L

  /// Every how many draws a random-walk step follows the independence step.
  @inlinable
  static var walkPeriod: Int { 8 }
  /// The random walk's step in units of the Laplace SD: 2.38/√3, Roberts, Gelman and Gilks 1997.
  @inlinable
  static var walkScale: Double { 1.37 }

  /// The current position.
  public var position: [L]
  /// The density's byproducts at the current position.
  public var byproducts: [L]
  @usableFromInline var logTarget: L
  @usableFromInline var logProposal: L
  @usableFromInline var random: LaneRandom<L>
  @usableFromInline var trial: [L]
  @usableFromInline var drawCount = 0
  /// How many independence steps were accepted in each lane.
  public var acceptedCount = L(0)

  /// A chain that starts from the mode plus twice a Laplace draw: over-dispersed.
  @inlinable
  public init(
    of density: inout Density, about mode: LaneMode<L>, proposal: inout NestedLaplaceProposal<L>,
    random: consuming LaneRandom<L>
  ) {
    self.random = random
    trial = mode.position
    position = mode.position
    byproducts = []
    logTarget = mode.logDensity
    logProposal = L(0)
    walk(from: mode.position, scale: 2, factor: mode.factor)
    let atMode = density.logDensity(at: position)
    byproducts = density.byproducts
    let value = density.logDensity(at: trial)
    let usable = value.areFinite
    logTarget = L.select(usable, value, atMode)
    for k in trial.indices { position[k] = L.select(usable, trial[k], position[k]) }
    for k in byproducts.indices {
      byproducts[k] = L.select(usable, density.byproducts[k], byproducts[k])
    }
    logProposal = proposal.logDensity(at: position)
  }

  /// Advances every lane by one draw.
  @inlinable
  public mutating func advance(
    in density: inout Density, about mode: LaneMode<L>, proposal: inout NestedLaplaceProposal<L>
  ) {
    independenceStep(&density, &proposal)
    drawCount += 1
    if drawCount % Self.walkPeriod == 0 { walkStep(&density, mode, &proposal) }
  }

  @inlinable
  mutating func independenceStep(_ density: inout Density, _ proposal: inout NestedLaplaceProposal<L>) {
    let proposed = proposal.propose(into: &trial, using: &random)
    let value = density.logDensity(at: trial)
    let logRatio = (value - proposed) - (logTarget - logProposal)
    let accepted = L.log(random.uniformPositive()) < logRatio
    take(accepted, density.byproducts, value: value, proposed: proposed)
    acceptedCount += L.select(accepted, 1, 0)
  }

  @inlinable
  mutating func walkStep(
    _ density: inout Density, _ mode: LaneMode<L>, _ proposal: inout NestedLaplaceProposal<L>
  ) {
    walk(from: position, scale: Self.walkScale, factor: mode.factor)
    let value = density.logDensity(at: trial)
    let accepted = L.log(random.uniformPositive()) < value - logTarget
    take(accepted, density.byproducts, value: value, proposed: proposal.logDensity(at: trial))
  }

  /// Writes `centre` plus `scale` times a Laplace draw to `trial`.
  @inlinable
  mutating func walk(from centre: [L], scale: Double, factor: [L]) {
    let n = centre.count
    for k in stride(from: 0, to: n, by: 2) {
      let (a, b) = random.normalPair()
      trial[k] = a
      if k + 1 < n { trial[k + 1] = b }
    }
    LaneCholesky.solveTransposed(factor: factor, &trial, dimension: n)
    for k in 0..<n { trial[k] = centre[k] + scale * trial[k] }
  }

  @inlinable
  mutating func take(_ accepted: L.Mask, _ reached: [L], value: L, proposed: L) {
    for k in reached.indices { byproducts[k] = L.select(accepted, reached[k], byproducts[k]) }
    for k in trial.indices { position[k] = L.select(accepted, trial[k], position[k]) }
    logTarget = L.select(accepted, value, logTarget)
    logProposal = L.select(accepted, proposed, logProposal)
  }
}
