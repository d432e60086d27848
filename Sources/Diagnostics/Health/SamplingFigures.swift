/// The numbers by which one quantity is judged; from chains, or from a table or map that was written earlier.
public struct SamplingFigures: Sendable, Equatable, Codable {
  /// ``ChainDiagnostics/bulkRHat``.
  public var bulkRHat: Double
  /// ``ChainDiagnostics/foldedRHat``.
  public var foldedRHat: Double
  /// ``ChainDiagnostics/bulkESS``.
  public var bulkESS: Double
  /// ``ChainDiagnostics/tailESS``.
  public var tailESS: Double
  /// MCSE of the mean divided by the posterior standard deviation.
  public var relativeError: Double

  /// The larger of the two R̂; NaN if one is.
  public var rHat: Double {
    bulkRHat.isNaN || foldedRHat.isNaN ? .nan : max(bulkRHat, foldedRHat)
  }

  /// The smaller of the two ESS; NaN if one is.
  public var effectiveSize: Double { bulkESS.isNaN || tailESS.isNaN ? .nan : min(bulkESS, tailESS) }

  /// The figures of chains.
  public init(_ diagnostics: ChainDiagnostics) {
    bulkRHat = diagnostics.bulkRHat
    foldedRHat = diagnostics.foldedRHat
    bulkESS = diagnostics.bulkESS
    tailESS = diagnostics.tailESS
    relativeError = diagnostics.meanMCSE / diagnostics.standardDeviation
  }

  /// Figures read from a table, whose R̂ stands for both.
  public init(rHat: Double, bulkESS: Double, tailESS: Double, relativeError: Double) {
    bulkRHat = rHat
    foldedRHat = rHat
    self.bulkESS = bulkESS
    self.tailESS = tailESS
    self.relativeError = relativeError
  }

  /// The figures that a summary keeps: its R̂ stands for both.
  public init(_ summary: PosteriorSummary) {
    bulkRHat = summary.rHat
    foldedRHat = summary.rHat
    bulkESS = summary.bulkESS
    tailESS = summary.tailESS
    relativeError = summary.mcseMean / summary.sd
  }
}
