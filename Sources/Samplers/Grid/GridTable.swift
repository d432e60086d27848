internal import LaneMath

/// A density tabulated on the tensor product of some axes, the last axis fastest.
struct GridTable: Sendable {
  let axes: [GridAxis]
  /// The largest log density of the table; −∞ if no node has a finite one.
  let peak: Double
  /// The densities relative to the peak's; 0 where the log density was not finite.
  let densities: [Double]

  /// Evaluates `logDensity` at every node.
  init(_ axes: [GridAxis], of logDensity: ([Double]) -> Double) {
    self.axes = axes
    let size = axes.reduce(1) { $0 * $1.count }
    var logs = [Double](repeating: 0, count: size)
    var place = axes.map(\.first)
    var index = axes.map { _ in 0 }
    for node in 0..<size {
      logs[node] = logDensity(place)
      var k = axes.count - 1
      while k >= 0 {
        index[k] += 1
        if index[k] < axes[k].count { break }
        index[k] = 0
        place[k] = axes[k].first
        k -= 1
      }
      if k >= 0 { place[k] = axes[k][index[k]] }
    }
    let peak = logs.reduce(-Double.infinity) { $1.isFinite ? max($0, $1) : $0 }
    self.peak = peak
    densities = logs.map { $0.isFinite ? Double.exp($0 - peak) : 0 }
  }

  /// Sums the table over all axes but `k`, after `combine` has been applied: `+` for the marginal, `max` for the profile.
  func reduced(to k: Int, _ combine: (Double, Double) -> Double) -> [Double] {
    let inner = axes[(k + 1)...].reduce(1) { $0 * $1.count }
    let count = axes[k].count
    var result = [Double](repeating: 0, count: count)
    for start in stride(from: 0, to: densities.count, by: inner) {
      let place = (start / inner) % count
      for node in start..<start + inner { result[place] = combine(result[place], densities[node]) }
    }
    return result
  }

  /// The volume that one node stands for.
  var cell: Double { axes.reduce(1) { $0 * $1.step } }

  /// The marginal of coordinate `k` at twice as many places: a second table stands between the places of that axis.
  ///
  /// Sums over the other axes need no more nodes than the table has, but to interpolate the marginal takes half the step
  /// that summing it takes (an error e^(−a/h) becomes e^(−a/2h)).
  func halvedMarginal(_ k: Int, kernel: CardinalKernel, of logDensity: ([Double]) -> Double) -> GridMarginal {
    var between = axes
    let axis = axes[k]
    let half = 0.5 * axis.step
    between[k] = GridAxis(from: axis.first + half, to: axis.last - half, count: axis.count - 1)
    let other = GridTable(between, of: logDensity)
    let (even, odd) = (reduced(to: k, +), other.reduced(to: k, +))
    let scale = Double.exp(other.peak - peak)
    let count = 2 * axis.count - 1
    let weights = (0..<count).map { $0.isMultiple(of: 2) ? even[$0 / 2] : scale * odd[$0 / 2] }
    return GridMarginal(weights, on: GridAxis(from: axis.first, to: axis.last, count: count), kernel: kernel)
  }
}
