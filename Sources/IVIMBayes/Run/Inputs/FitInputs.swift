internal import Acquisitions
internal import Posteriors
internal import QualityControl

/// What a fit reads: series, lesions and priors, with what is worth telling.
struct FitInputs {
  let series: FitSeries
  let lesions: [FitLesion]
  /// Rows of `series` outside every lesion.
  let background: [Int]
  let priors: TissuePriors
  var notices: [String]
  /// True if the input is a table of curves or was reduced to lesion means: no maps.
  let isRegional: Bool
  /// The quality of every volume in every lesion; nil for tables and where there are no lesions.
  let quality: QualityTable?
  /// σ if it is known.
  let knownSigma: KnownSigma?
  /// The scan, if it is one of T1.
  let t1: T1Scan?
  /// The image with the least weighting, on the grid of the series; nil for tables.
  var reference: [Float]?
  /// True if the scan says that it was simulated.
  var isSynthetic = false

  /// A lesion with the series that it is fitted to (its own where volumes are excluded for it alone).
  struct FitLesion {
    let lesion: Lesion
    let series: FitSeries
  }
}
