public import InferenceCore

/// What a table prints of one quantity: location, spread, intervals, and how well it was sampled.
public struct PosteriorSummary: Sendable, Equatable, Codable {
  /// Name and unit of the quantity; every value but `rHat` and the two ESS is in this unit.
  public var parameter: Parameter
  /// The posterior mean.
  public var mean: Double
  /// With n − 1.
  public var sd: Double
  /// The 5 % quantile, of type 7.
  public var q05: Double
  /// The 50 % quantile.
  public var median: Double
  /// The 95 % quantile.
  public var q95: Double
  /// The narrowest interval with 94 % of the draws.
  public var hdi: HighestDensityInterval
  /// Monte Carlo standard error of the mean.
  public var mcseMean: Double
  /// Rank-normalised split R̂, ``ChainDiagnostics/rHat``.
  public var rHat: Double
  /// ``ChainDiagnostics/bulkESS``.
  public var bulkESS: Double
  /// ``ChainDiagnostics/tailESS``.
  public var tailESS: Double

  /// A summary read from a table.
  public init(
    _ parameter: Parameter, mean: Double, sd: Double, q05: Double, median: Double, q95: Double,
    hdi: HighestDensityInterval, mcseMean: Double, rHat: Double, bulkESS: Double, tailESS: Double
  ) {
    self.parameter = parameter
    self.mean = mean
    self.sd = sd
    self.q05 = q05
    self.median = median
    self.q95 = q95
    self.hdi = hdi
    self.mcseMean = mcseMean
    self.rHat = rHat
    self.bulkESS = bulkESS
    self.tailESS = tailESS
  }

  /// The summary of the draws of `parameter`, chains × draws.
  ///
  /// - Constant draws: their value for mean, quantiles and interval, sd 0, and NaN for the four figures of sampling.
  /// - A NaN or an infinity among the draws, or no draws: NaN throughout.
  public init(_ parameter: Parameter, chains: [[Double]], scores: NormalScores? = nil) {
    self.init(parameter, diagnostics: ChainDiagnostics(chains, scores: scores))
  }

  /// The summary of draws whose `diagnostics` exist already.
  public init(_ parameter: Parameter, diagnostics: ChainDiagnostics) {
    var sorted = diagnostics.sortedDraws
    if sorted.isEmpty {
      let pooled = diagnostics.pooled
      sorted = pooled.allSatisfy(\.isFinite) ? pooled.sorted() : []
    }
    self.parameter = parameter
    self.mean = sorted.mean
    self.sd = sorted.sampleVariance.squareRoot()
    self.q05 = sorted.quantile(0.05)
    self.median = sorted.quantile(0.5)
    self.q95 = sorted.quantile(0.95)
    self.hdi = HighestDensityInterval(ofSorted: sorted)
    self.mcseMean = diagnostics.meanMCSE
    self.rHat = diagnostics.rHat
    self.bulkESS = diagnostics.bulkESS
    self.tailESS = diagnostics.tailESS
  }
}
