internal import LaneMath

/// The search for the box outside which a density is negligible.
struct GridBox {
  /// Log density, relative to the peak, below which a face of the box is out of the way: e⁻²⁶ = 5·10⁻¹².
  static let negligible = -26.0
  static let passes = 60

  private(set) var lower: [Double]
  private(set) var upper: [Double]
  /// Standard deviations as the last pass saw them.
  private(set) var deviations: [Double]

  /// Starts from `centre` ± 6 `deviations` and, on coarse grids, widens each face on which the density is not
  /// negligible and draws in each behind which it is, until every face is just outside.
  init(about centre: [Double], deviations: [Double], of logDensity: ([Double]) -> Double)
    throws(SamplingError)
  {
    lower = zip(centre, deviations).map { $0 - 6 * $1 }
    upper = zip(centre, deviations).map { $0 + 6 * $1 }
    self.deviations = deviations
    var widened: Int?
    for _ in 0..<Self.passes {
      let table = GridTable(axes(perDeviation: 2, limit: 65), of: logDensity)
      guard table.peak.isFinite else { throw .noDensity(centre: centre) }
      widened = nil
      for k in lower.indices where adjust(k, to: table) { widened = k }
      if widened == nil { return }
    }
    let k = widened ?? 0
    throw .unbounded(coordinate: k, lower: lower[k], upper: upper[k], passes: Self.passes)
  }

  /// Axes with `perDeviation` places to a standard deviation, at least 17 and at most `limit`.
  func axes(perDeviation: Double, limit: Int) -> [GridAxis] {
    lower.indices.map { k in
      let wanted = perDeviation * (upper[k] - lower[k]) / deviations[k]
      let count = wanted < Double(limit) ? Int(wanted.rounded(.up)) + 1 : limit
      return GridAxis(from: lower[k], to: upper[k], count: max(17, count))
    }
  }

  /// Moves the two faces across coordinate `k`; true if one had to move outwards.
  private mutating func adjust(_ k: Int, to table: GridTable) -> Bool {
    let axis = table.axes[k]
    let threshold = Double.exp(Self.negligible)
    let profile = table.reduced(to: k, max)
    let marginal = table.reduced(to: k, +)
    let moments = GridMarginal.moments(marginal, on: axis)
    // A peak within one node has no width yet: half a step is the most it can have.
    deviations[k] = max(moments.deviation, 0.5 * axis.step)
    let inside = profile.indices.filter { profile[$0] > threshold }
    guard let first = inside.first, let last = inside.last else { return false }
    let width = axis.last - axis.first
    lower[k] = first == 0 ? axis.first - 0.3 * width : axis[first - 1]
    upper[k] = last == axis.count - 1 ? axis.last + 0.3 * width : axis[last + 1]
    return first == 0 || last == axis.count - 1
  }
}
