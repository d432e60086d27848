public import InferenceCore
public import LaneMath

/// A posterior of one to four coordinates by quadrature: exact to the digits asked for, one unit at a time.
///
/// The trapezoid rule on a tensor grid converges exponentially for smooth densities that fall off on every side
/// (Trefethen and Weideman 2014, doi:10.1137/130932132). A box is grown from the mode until the density outside is
/// below 5·10⁻¹² of its peak; the grid is then refined by factors of 1.5 until no mean or standard deviation moves by
/// more than 10⁻⁶ standard deviations. As an error e^(−a/h) falls to its 1.5th power with the step, the last grid is good
/// to 10⁻⁹.
///
/// It is the checking engine: it shares nothing with the samplers but the density. A second mode that is separated
/// from the first by a region of negligible density can be missed.
public struct GridPosterior: Sendable {
  /// The largest change of a mean or standard deviation, in standard deviations, at which refining stops.
  static let tolerance = 1e-6
  /// No grid has more nodes than this: 128 MB of them.
  static let nodeLimit = 1 << 24
  /// Nor is any axis divided finer.
  static let axisLimit = 4096

  let table: GridTable
  let kernel: CardinalKernel
  /// log ∫ exp(log density): with the constant that the density leaves out, the log evidence.
  public let logEvidence: Double
  /// The marginal distribution of every coordinate.
  public let marginals: [GridMarginal]
  /// The mean of every coordinate.
  public let means: [Double]
  /// The standard deviation of every coordinate.
  public let standardDeviations: [Double]

  /// The posterior of `density` about its `mode`.
  ///
  /// `widths` are standard deviations to begin with where the curvature at the mode gives none: the prior's.
  /// - Throws: `noDensity`, `unbounded` where a coordinate has no proper prior and no data, `unresolved` where more
  ///   than 16 million nodes would be needed.
  /// - Complexity: some 10⁵ evaluations in three dimensions, 10⁷ in four.
  @inlinable
  public init<Density: LaneLogDensity<Double>>(
    of density: inout Density, about mode: LaneMode<Double>, widths: [Double]
  ) throws(SamplingError) {
    let n = density.dimension
    precondition((1...4).contains(n), "a grid has one to four dimensions")
    precondition(widths.count == n, "one width for each coordinate")
    // The closure is specialised for the density; what takes it need not be.
    try self.init(centre: mode.position, deviations: mode.standardDeviations, widths: widths) {
      density.logDensity(at: $0)
    }
  }

  /// The posterior of a function of one to four coordinates about `centre`, with the `deviations` that the curvature
  /// there gives; −∞ and NaN count as a density of zero.
  ///
  /// - Throws: as above.
  public init(centre: [Double], deviations: [Double], widths: [Double], of logDensity: ([Double]) -> Double)
    throws(SamplingError)
  {
    let usable = zip(deviations, widths).map { $0.isFinite && $0 > 0 ? min($0, $1) : $1 }
    let box = try GridBox(about: centre, deviations: usable, of: logDensity)
    var perDeviation = 2.25
    var coarse = GridTable(box.axes(perDeviation: perDeviation, limit: Self.axisLimit), of: logDensity)
    var change = Double.infinity
    while true {
      perDeviation *= 1.5
      let axes = box.axes(perDeviation: perDeviation, limit: Self.axisLimit)
      guard axes.reduce(1, { $0 * $1.count }) <= Self.nodeLimit, axes != coarse.axes else {
        throw .unresolved(nodes: coarse.densities.count, change: change)
      }
      let fine = GridTable(axes, of: logDensity)
      change = Self.largestChange(from: coarse, to: fine)
      coarse = fine
      if change < Self.tolerance { break }
    }
    let table = coarse
    let kernel = CardinalKernel(count: 2 * (table.axes.map(\.count).max() ?? 0))
    self.table = table
    self.kernel = kernel
    logEvidence = table.peak + Double.log(table.densities.reduce(0, +) * table.cell)
    marginals = table.axes.indices.map { table.halvedMarginal($0, kernel: kernel, of: logDensity) }
    means = marginals.map(\.mean)
    standardDeviations = marginals.map(\.standardDeviation)
  }

  /// E[`function`(position)], for a smooth function.
  public func expectation(of function: ([Double]) -> Double) -> Double {
    var place = table.axes.map(\.first)
    var sum = 0.0
    var total = 0.0
    for (node, density) in table.densities.enumerated() where density > 0 {
      var rest = node
      for k in table.axes.indices.reversed() {
        place[k] = table.axes[k][rest % table.axes[k].count]
        rest /= table.axes[k].count
      }
      sum += density * function(place)
      total += density
    }
    return sum / total
  }

  private static func largestChange(from coarse: GridTable, to fine: GridTable) -> Double {
    var largest = 0.0
    for k in fine.axes.indices {
      let before = GridMarginal.moments(coarse.reduced(to: k, +), on: coarse.axes[k])
      let after = GridMarginal.moments(fine.reduced(to: k, +), on: fine.axes[k])
      let moved = max(abs(after.mean - before.mean), abs(after.deviation - before.deviation))
      largest = max(largest, moved / after.deviation)
    }
    return largest
  }
}
