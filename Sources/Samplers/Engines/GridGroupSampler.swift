public import GSLSupport
internal import LaneMath

/// Independent draws of units from their posteriors on grids: "chains" that are exact from the first draw.
///
/// A unit whose posterior has no grid (it does not fall off, or is too narrow) has NaN for its draws.
public struct GridGroupSampler: Sendable {
  /// nil where there is no grid.
  private let posteriors: [GridPosterior?]
  private let units: [Int]
  private let seed: UInt64
  private let purpose: StreamPurpose
  private let generator: Generator
  private let chainCount: Int
  /// How often each unit and chain has been asked: every instalment takes another stream.
  private var instalments: [Int]

  /// Lays the grids of the slices about their modes.
  public init(
    on slices: [LaneSlice], modes: [[Double]], standardDeviations: [[Double]], units: [Int], seed: UInt64,
    chainCount: Int, purpose: StreamPurpose = .sampling, generator: Generator = .xoshiro256pp,
    counts: EngineCounts = EngineCounts()
  ) {
    posteriors = units.indices.map { index in
      // The curvature at a skewed mode can be far from the spread: the grid widens by itself, but not from nothing.
      try? GridPosterior(
        centre: modes[index], deviations: standardDeviations[index],
        widths: standardDeviations[index].map { $0.isFinite && $0 > 0 ? 10 * $0 : 1 }
      ) { (try? slices[index].logDensity(at: $0)) ?? -.infinity }
    }
    self.units = units
    self.seed = seed
    self.purpose = purpose
    self.generator = generator
    self.chainCount = chainCount
    instalments = [Int](repeating: 0, count: units.count * chainCount)
    let failures = posteriors.count { $0 == nil }
    counts.add { $0.failures += failures }
  }

  /// `count` more positions of unit `unit` under the name of chain `chain`.
  public mutating func draw(_ count: Int, unit: Int, chain: Int, dimension: Int) -> [[Double]] {
    let place = unit * chainCount + chain
    instalments[place] += 1
    guard let posterior = posteriors[unit] else {
      return [[Double]](repeating: [Double](repeating: .nan, count: dimension), count: count)
    }
    // Negative chains: streams that no Markov chain of the unit uses.
    let key = StreamKey(
      seed: seed, chain: -(instalments[place] * chainCount + chain), unit: units[unit], purpose: purpose)
    var random = RandomStream(key, generator: generator)
    return posterior.draws(count, using: &random)
  }
}
