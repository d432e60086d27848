public import GSLSupport
public import Samplers

/// How many chains run, how long, and from which streams of random numbers.
public struct ChainPlan: Sendable, Equatable {
  /// The seed of all streams.
  public var seed: UInt64
  /// The number of chains.
  public var count: Int
  /// The generator of all streams.
  public var generator: Generator
  /// The bulk ESS at which a voxel, a lesion functional or a hyperparameter has been sampled long enough.
  public var minimumESS: Double
  /// Draws of one chain at which a run stops whatever it has reached.
  public var maximumDraws: Int
  /// Sweeps of one chain over a lesion whose voxels are joined, at which a run stops.
  public var maximumSweeps: Int
  /// A fixed number of draws of every chain instead of targets.
  public var fixedDraws: Int?
  /// Draws of every chain that are thrown away first; nil takes the sampler's own number.
  public var warmup: Int?
  /// Which sampler draws.
  public var engine: SamplingEngine
  /// What the engine met so far.
  public let engineCounts = EngineCounts()

  /// Four chains to a bulk ESS of 400, at most 4,000 draws each, or 32,000 sweeps over a lesion.
  public init(
    seed: UInt64 = 1, count: Int = 4, generator: Generator = .xoshiro256pp, minimumESS: Double = 400,
    maximumDraws: Int = 4000, maximumSweeps: Int = 32_000, fixedDraws: Int? = nil, warmup: Int? = nil,
    engine: SamplingEngine = .metropolis
  ) {
    self.seed = seed
    self.count = count
    self.generator = generator
    self.minimumESS = minimumESS
    self.maximumDraws = maximumDraws
    self.maximumSweeps = maximumSweeps
    self.fixedDraws = fixedDraws
    self.warmup = warmup
    self.engine = engine
  }
}
