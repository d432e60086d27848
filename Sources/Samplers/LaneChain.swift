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
  static var walkPeriod: Int { 32 }
  /// The random walk's step in units of the Laplace SD: 2.38/√3, Roberts, Gelman and Gilks 1997.
  @inlinable
  static var walkScale: Double { 1.37 }

  /// The current position.
  public var position: [L]
  /// The density's byproducts at the current position.
  public var byproducts: [L]
  /// log target − log proposal at the current position is `logWeight` + log `share`; +∞ outside the proposal's support.
  @usableFromInline var logWeight: L
  /// The product of the uniform numbers that decided on the accepted proposals since it was last 1.
  @usableFromInline var share = L(1)
  @usableFromInline var random: LaneRandom<L>
  @usableFromInline var trial: [L]
  /// How many draws were made.
  public var drawCount = 0
  /// How many independence steps were accepted in each lane.
  public var acceptedCount = L(0)

  /// How far below the mode's the log density of a start may be: what nearly no draw of the target falls to.
  @inlinable
  static var startFall: Double { 50 }

  /// A chain that starts from a draw of the proposal, which is wider than the target; from the mode where the density there
  /// is next to nothing, as it is of a proposal that could not be measured.
  @inlinable
  public init(
    of density: inout Density, about mode: LaneMode<L>, proposal: inout NestedLaplaceProposal<L>,
    random: consuming LaneRandom<L>
  ) {
    self.random = random
    trial = mode.position
    position = mode.position
    let atMode = density.logDensity(at: position)
    byproducts = density.byproducts
    logWeight = atMode - proposal.logDensity(at: position)
    let proposed = proposal.propose(into: &trial, using: &self.random)
    let weight = density.logDensity(at: trial, dividedBy: proposed.factor) - proposed.constant
    let isNear = atMode - L(Self.startFall) < weight + proposed.constant + L.log(proposed.factor)
    take(L.Mask.and(weight.areFinite, isNear), density.byproducts, weight: weight)
  }

  /// Advances every lane by `count` draws and hands each position, with the density's byproducts there, to `receive`.
  @inlinable
  public mutating func draw(
    _ count: Int, in density: inout Density, about mode: LaneMode<L>,
    proposal: inout NestedLaplaceProposal<L>, _ receive: (_ position: [L], _ byproducts: [L]) -> Void
  ) {
    for _ in 0..<count {
      independenceStep(&density, &proposal)
      drawCount += 1
      if drawCount % Self.walkPeriod == 0 { walkStep(&density, mode, &proposal) }
      receive(position, byproducts)
    }
  }

  /// One independence step: accepted where log u is below the weight of the proposal less that of the position.
  ///
  /// The logarithm of u is not taken by itself: with the position's weight w = `logWeight` + log s the condition is
  /// `logWeight` < w' − log(u s), and densities take the logarithm of u s with another. Where it holds that right-hand side
  /// is the new `logWeight`, and u s the new s.
  @inlinable
  mutating func independenceStep(_ density: inout Density, _ proposal: inout NestedLaplaceProposal<L>) {
    let proposed = proposal.propose(into: &trial, using: &random)
    let level = random.uniformPositive() * share
    let weight = density.logDensity(at: trial, dividedBy: proposed.factor * level) - proposed.constant
    let accepted = logWeight < weight
    take(accepted, density.byproducts, weight: weight)
    share = L.select(accepted, level, share)
    acceptedCount += L.select(accepted, 1, 0)
  }

  @inlinable
  mutating func walkStep(
    _ density: inout Density, _ mode: LaneMode<L>, _ proposal: inout NestedLaplaceProposal<L>
  ) {
    logWeight += L.log(share)
    share = 1
    walk(from: position, scale: Self.walkScale, factor: mode.factor)
    let here = density.logDensity(at: position)
    let value = density.logDensity(at: trial)
    let accepted = L.log(random.uniformPositive()) < value - here
    take(accepted, density.byproducts, weight: value - proposal.logDensity(at: trial))
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
  mutating func take(_ accepted: L.Mask, _ reached: [L], weight: L) {
    for k in reached.indices { byproducts[k] = L.select(accepted, reached[k], byproducts[k]) }
    for k in trial.indices { position[k] = L.select(accepted, trial[k], position[k]) }
    logWeight = L.select(accepted, weight, logWeight)
  }
}
