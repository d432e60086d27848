public import Diagnostics
public import GSLSupport
public import InferenceCore
public import LaneMath

/// The quick engine: the Laplace approximation where it can be trusted, Markov chains where it cannot.
///
/// In every lane 500 draws of the t₄ proposal are smoothed; k̂ is the verdict. Lanes that pass give importance-resampled
/// draws, which are right even where the approximation is a little wrong; the others are sampled by `LaneGroupSampler`. A
/// caller sees the same stream of draws from both.
public struct LaplaceGroupSampler<Density: LaneLogDensity & Sendable>: Sendable {
  /// The lanes of the density.
  public typealias L = Density.L

  /// How many ratios decide.
  @inlinable
  static var trialCount: Int { 500 }

  /// The density, with its workspace.
  public var density: Density
  /// k̂ of every lane.
  public let shapes: [Double]
  /// What k̂ allows, lane by lane.
  public let verdicts: [LaplaceVerdict]
  @usableFromInline let approximation: LaplaceApproximation<L>
  @usableFromInline let chainCount: Int
  @usableFromInline var random: LaneRandom<L>
  @usableFromInline var resampling: [StreamKey]
  @usableFromInline var chains: LaneGroupSampler<Density>?

  /// Finds the modes from `start`, tries the approximation and, where a lane rejects it, prepares chains whose proposal
  /// runs along `openAxis`.
  ///
  /// `units` gives the index of every lane, which keys its random numbers.
  @inlinable
  public init(
    on density: Density, from start: [L], openAxis: Int, units: [Int], seed: UInt64, chainCount: Int = 4,
    purpose: StreamPurpose = .sampling, generator: Generator = .xoshiro256pp
  ) {
    var density = density
    let approximation = LaplaceApproximation(about: LaneMode(of: &density, from: start))
    // Negative chains: streams that no Markov chain of the unit uses.
    let keys = units.map { StreamKey(seed: seed, chain: -1, unit: $0, purpose: purpose) }
    var random = LaneRandom<L>(keys, generator: generator)
    var position = start
    var ratios = [[Double]](repeating: [], count: L.count)
    for _ in 0..<Self.trialCount {
      let ratio = approximation.draw(of: &density, into: &position, using: &random)
      for lane in 0..<L.count { ratios[lane].append(ratio[lane]) }
    }
    shapes = ratios.map { ParetoSmoothing(logRatios: $0).shape }
    verdicts = shapes.map { LaplaceVerdict(shape: $0, drawCount: Self.trialCount) }
    if verdicts.contains(.rejected) {
      chains = LaneGroupSampler(
        on: density, from: start, openAxis: openAxis, units: units, seed: seed, chainCount: chainCount,
        purpose: purpose, generator: generator)
    } else {
      chains = nil
    }
    resampling = keys
    self.density = density
    self.approximation = approximation
    self.chainCount = chainCount
    self.random = random
  }

  /// Draws `count` more positions for each chain and hands each to `receive` with the number of its chain and the
  /// density's byproducts there, as `LaneGroupSampler.draw` does.
  @inlinable
  public mutating func draw(
    _ count: Int, _ receive: (_ chain: Int, _ position: [L], _ byproducts: [L]) -> Void
  ) {
    var states = resampledStates(chainCount * count)
    if var chains {
      var place = 0
      chains.draw(count) { _, position, byproducts in
        for lane in verdicts.indices where verdicts[lane] == .rejected {
          for k in position.indices { states[place].position[k][lane] = position[k][lane] }
          for k in byproducts.indices { states[place].byproducts[k][lane] = byproducts[k][lane] }
        }
        place += 1
      }
      self.chains = chains
    }
    for (place, state) in states.enumerated() { receive(place / count, state.position, state.byproducts) }
  }

  /// A position with the byproducts of the density there.
  @usableFromInline struct State {
    @usableFromInline var position: [L]
    @usableFromInline var byproducts: [L]

    @inlinable
    init(position: [L], byproducts: [L]) {
      self.position = position
      self.byproducts = byproducts
    }
  }

  /// `count` proposals, resampled in every lane by their smoothed weights.
  @inlinable
  mutating func resampledStates(_ count: Int) -> [State] {
    var proposals: [State] = []
    var ratios = [[Double]](repeating: [], count: L.count)
    var position = approximation.mode.position
    for _ in 0..<max(count, Self.trialCount) {
      let ratio = approximation.draw(of: &density, into: &position, using: &random)
      proposals.append(State(position: position, byproducts: density.byproducts))
      for lane in 0..<L.count { ratios[lane].append(ratio[lane]) }
    }
    var states = Array(proposals.prefix(count))
    for lane in 0..<L.count where verdicts[lane] != .rejected {
      // Every instalment takes another stream: chain −2, −3, ….
      resampling[lane].chain -= 1
      var stream = RandomStream(resampling[lane])
      let indices = ParetoSmoothing(logRatios: ratios[lane]).resampledIndices(count, using: &stream)
      for (place, index) in indices.enumerated() {
        for k in position.indices {
          states[place].position[k][lane] = proposals[index].position[k][lane]
        }
        for k in states[place].byproducts.indices {
          states[place].byproducts[k][lane] = proposals[index].byproducts[k][lane]
        }
      }
    }
    return states
  }
}
