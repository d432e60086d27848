/// Which kernels a sweep has, and how often.
public struct FieldMoves: Sendable, Equatable {
  /// Steps of the sites.
  public var sites = true
  /// Updates of the population given the field.
  public var population = true
  /// Trajectories of the population with the field.
  public var motion = true
  /// Every how many sweeps the sites make a random-walk step besides the independence step.
  public var walkPeriod = 4
  /// Steps of patches between their modes.
  public var patches = true
  /// How many steps a patch makes with one set of modes.
  public var patchProposals = 16
  /// How often the population is updated from one set of statistics.
  public var populationRounds = 1
  /// For twins of tests: another exponent of 1/|L| than the right one.
  public var exponent: Double?
  /// For twins of tests: false drops ½ log det P.
  public var keepsDeterminant = true
  /// For twins of tests: false forgets how likely a patch's step was proposed.
  public var correctsPatches = true
  /// For twins of tests: true updates all sites from the state before the sweep.
  public var isSynchronous = false

  /// All kernels.
  public init() {}
}
