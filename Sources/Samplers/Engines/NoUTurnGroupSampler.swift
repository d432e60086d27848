public import GSLSupport
internal import InferenceCore
internal import LaneMath
internal import Synchronization

/// No-U-turn chains of independent units that stand side by side in lanes, each unit with its own metric and step.
///
/// The chains of a unit are keyed by (seed, chain, unit), as those of `LaneGroupSampler` are. A unit whose chains cannot
/// start has NaN for its draws.
public struct NoUTurnGroupSampler: Sendable {
  /// Transitions of a chain in which it learns metric and step size, unless said: half of Stan's, as units have few
  /// coordinates.
  public static var warmupCount: Int { 500 }

  /// `[unit][chain]`; nil for chains that could not start.
  private let chains: [[ChainBox?]]
  private let counts: EngineCounts

  /// Warms up `chainCount` chains of every slice, started from its place in `modes` plus twice the Laplace SD.
  public init(
    on slices: [LaneSlice], modes: [[Double]], standardDeviations: [[Double]], units: [Int], seed: UInt64,
    chainCount: Int, purpose: StreamPurpose = .sampling, warmup: Int = Self.warmupCount,
    generator: Generator = .xoshiro256pp, counts: EngineCounts = EngineCounts()
  ) {
    precondition(
      slices.count == units.count && modes.count == units.count && standardDeviations.count == units.count,
      "one density, mode and spread for each unit")
    self.counts = counts
    chains = units.indices.map { index in
      (0..<chainCount).map { chain in
        let key = StreamKey(seed: seed, chain: chain, unit: units[index], purpose: purpose)
        return ChainBox(
          on: slices[index], mode: modes[index], spread: standardDeviations[index], key: key, warmup: warmup,
          generator: generator)
      }
    }
    counts.add { $0.failures += chains.count { $0.contains { $0 == nil } } }
  }

  /// `count` more positions of chain `chain` of unit `unit`.
  public func draw(_ count: Int, unit: Int, chain: Int, dimension: Int) -> [[Double]] {
    guard let box = chains[unit][chain] else {
      return [[Double]](repeating: [Double](repeating: .nan, count: dimension), count: count)
    }
    let (positions, divergences) = box.draw(count)
    counts.add { $0.divergences += divergences }
    return positions
  }

  /// Divergent transitions after warm-up so far, of all units and chains.
  public var divergences: Int { chains.joined().reduce(0) { $0 + ($1?.divergences ?? 0) } }

  /// A chain behind a reference: it cannot be copied, and whoever holds the sampler draws from it.
  private final class ChainBox: Sendable {
    private let chain: Mutex<NoUTurnChain<LaneSlice>>
    private let divergenceCount = Mutex(0)

    var divergences: Int { divergenceCount.withLock { $0 } }

    init?(
      on slice: LaneSlice, mode: [Double], spread: [Double], key: StreamKey, warmup: Int, generator: Generator
    ) {
      var warmupKey = key
      warmupKey.purpose = .warmup
      var starts = RandomStream(warmupKey, generator: generator)
      let away = zip(mode, spread).map { $0 + 2 * $1 * starts.normal() }
      let isInside = (try? slice.logDensity(at: away)) != nil
      do throws(LogDensityError) {
        var chain = try NoUTurnChain(
          on: slice, from: isInside ? away : mode, random: RandomStream(key, generator: generator))
        try chain.warmUp(warmup)
        self.chain = Mutex(chain)
      } catch {
        return nil
      }
    }

    func draw(_ count: Int) -> (positions: [[Double]], divergences: Int) {
      chain.withLock { chain in
        var positions: [[Double]] = []
        var divergences = 0
        for _ in 0..<count {
          // A slice never says that it cannot be evaluated; if it did, the chain would stay.
          if let statistics = try? chain.step(), statistics.isDivergent { divergences += 1 }
          positions.append(chain.position)
        }
        let found = divergences
        divergenceCount.withLock { $0 += found }
        return (positions, divergences)
      }
    }
  }
}
