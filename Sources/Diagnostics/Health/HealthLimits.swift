/// The numbers against which sampling is judged, each with its source.
public struct HealthLimits: Sendable, Equatable, Codable {
  /// R̂ at or above it warns: 1.01 (Vehtari et al. 2021, section 2).
  public var rHat = 1.01
  /// R̂ at or above it fails: 1.05, five times the excess that a good run shows.
  public var failingRHat = 1.05
  /// Bulk or tail ESS below it warns: 400, that is 50 for each half of four chains (Vehtari et al. 2021, section 4).
  public var effectiveSize = 400.0
  /// Bulk or tail ESS below it fails: 100; quantiles are then noise.
  public var failingEffectiveSize = 100.0
  /// MCSE of the mean above this share of the posterior SD warns: 5 %, what ESS 400 gives.
  public var relativeError = 0.05
  /// Fewer draws in a chain than this fail: R̂ and ESS themselves are not reliable below.
  public var drawsPerChain = 100
  /// A chain that keeps one value for more than this share of its draws, and `drawsPerChain` of them, is stuck: even an
  /// acceptance rate of 0.1 does so with a chance below 1e-4.
  public var standstillShare = 0.1
  /// Runs of equal draws mean nothing in a quantity with fewer distinct values than this share of its draws.
  public var distinctShare = 0.05
  /// Chains whose centres lie further apart than this many within-chain SDs sit in different modes: two normal
  /// densities of equal weight and spread have two modes if their means are more than 2 SD apart.
  public var modeSeparation = 2.0
  /// Acceptance rates of an adapted random walk: the optimum is 0.23 to 0.44 (Roberts and Rosenthal 2001).
  public var acceptance = 0.1...0.6
  /// Share of sites with R̂ > `failingRHat` at which a map warns: 1 %.
  public var warningShare = 0.01
  /// Share of sites with R̂ > `failingRHat` above which a map fails: 5 %.
  public var failingShare = 0.05

  /// The limits stated at each property.
  public init() {}
}
