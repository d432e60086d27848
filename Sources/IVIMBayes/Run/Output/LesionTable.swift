internal import Diagnostics
internal import Foundation
internal import Lesions
internal import Tables

/// One row of `STEM_lesions.tsv`: one functional of one parameter of one lesion.
public struct LesionRow: Sendable {
  /// The label of the lesion.
  public let lesion: Int
  /// Its name.
  public let name: String
  /// The number of its fitted voxels.
  public let voxels: Int
  /// The name of the parameter: `d f dstar fdstar s0 sigma adc`.
  public let parameter: String
  /// The functional over the voxels: `mean median p10 p25 p75 p90 sd iqr`.
  public let functional: String
  /// The unit; empty for a pure number.
  public let unit: String
  let summary: PosteriorSummary
  /// Empty (NaN) for spread functionals and flat priors.
  let contraction: Double
  let overlap: Double
  let grade: Grade
  let health: QuantityHealth
  /// True if it is the same in every draw, and need not vary.
  let isStill: Bool

  /// Was it sampled well enough?
  var verdict: Verdict { isStill ? .pass : health.verdict }
}

/// The posterior of every lesion as a table.
struct LesionTable {
  static let columns = [
    "lesion", "name", "voxels", "parameter", "functional", "unit", "mean", "sd", "q05", "median", "q95",
    "hdi_lower", "hdi_upper", "mcse_mean", "rhat", "ess_bulk", "ess_tail", "contraction", "overlap", "grade",
    "status",
  ]

  let rows: [LesionRow]

  /// The rows of one lesion: quantity after quantity, functional after functional.
  static func rows(of lesion: LesionPosterior) -> [LesionRow] {
    let scores = NormalScores(chainCount: lesion.series.chainCount, drawCount: lesion.series.drawCount)
    return lesion.quantities.indices.flatMap { q in
      LesionFunctional.allCases.indices.map { row(lesion, quantity: q, functional: $0, scores: scores) }
    }
  }

  private static func row(
    _ posterior: LesionPosterior, quantity q: Int, functional index: Int, scores: NormalScores
  ) -> LesionRow {
    let quantity = posterior.quantities[q]
    let functional = LesionFunctional.allCases[index]
    let chains = posterior.series.values[q][index]
    let comparison = Self.comparison(
      chains, prior: posterior.priorFunctionals[q][index], functional: functional, scale: quantity.scale)
    let name = "\(quantity.name) \(functional.rawValue) of \(posterior.lesion.name)"
    return LesionRow(
      lesion: posterior.lesion.label, name: posterior.lesion.name, voxels: posterior.lesion.rows.count,
      parameter: quantity.name, functional: functional.rawValue, unit: quantity.unit,
      summary: PosteriorSummary(
        Parameter(quantity.name, unit: quantity.unit), chains: chains, scores: scores),
      contraction: comparison?.contraction ?? .nan, overlap: comparison?.overlap ?? .nan,
      grade: comparison.map { Grade(contraction: $0.contraction) } ?? .outside,
      health: QuantityHealth(name, chains: chains, scores: scores),
      isStill: Stillness.isExpected(
        parameter: quantity.name, functional: functional.rawValue, chains: chains))
  }

  /// Prior and posterior of a functional on the quantity's axis; nil where there is no prior to compare with.
  private static func comparison(
    _ chains: [[Double]], prior: [Double], functional: LesionFunctional, scale: LesionScale
  ) -> NormalPriorComparison? {
    guard !functional.isSpread, prior.allSatisfy(\.isFinite) else { return nil }
    let before = PriorSpread.moments(prior.map(scale.axis))
    let after = PriorSpread.moments(chains.flatMap { $0.map(scale.axis) })
    return NormalPriorComparison(
      priorMean: before.mean, priorSD: before.variance.squareRoot(), posteriorMean: after.mean,
      posteriorSD: after.variance.squareRoot())
  }

  /// The table; numbers that do not exist are `n/a`.
  var table: TabSeparatedTable {
    var table = TabSeparatedTable(columns: Self.columns, name: "lesions")
    for row in rows {
      let s = row.summary
      let numbers = [
        s.mean, s.sd, s.q05, s.median, s.q95, s.hdi.lower, s.hdi.upper, s.mcseMean, s.rHat, s.bulkESS,
        s.tailESS,
        row.contraction, row.overlap,
      ]
      table.append(
        [
          "\(row.lesion)", row.name, "\(row.voxels)", row.parameter, row.functional,
          row.unit.isEmpty ? "1" : row.unit,
        ] + numbers.map(TabSeparatedTable.field) + [row.grade.word, row.verdict.word])
    }
    return table
  }
}
