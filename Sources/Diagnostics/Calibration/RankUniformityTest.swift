internal import GSLSupport

/// Pearson's χ² test of uniform ranks: one number for a text; the judgement is that of ``UniformityBand``.
public struct RankUniformityTest: Sendable, Equatable {
  /// Σ (observed − expected)² / expected over the cells.
  public let statistic: Double
  /// P(χ² ≥ statistic) with cells − 1 degrees of freedom.
  public let pValue: Double

  /// The test of `ranks`, each in 0 … `maximumRank`, in `cells` cells, which must divide `maximumRank` + 1.
  public init(ranks: [Int], maximumRank: Int, cells: Int = 20) {
    precondition(
      cells > 1 && (maximumRank + 1).isMultiple(of: cells), "the cells must hold equally many ranks")
    let width = (maximumRank + 1) / cells
    var counts = [Double](repeating: 0, count: cells)
    for rank in ranks { counts[rank / width] += 1 }
    let expected = Double(ranks.count) / Double(cells)
    statistic = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    pValue = 1 - SpecialFunctions.chiSquaredCDF(statistic, degreesOfFreedom: Double(cells - 1))
  }
}
