public import LaneMath

/// What lies between the nodes of a `NestedLaplaceWalk`: cubics through the log density and the block's maximum, straight
/// lines through the rest.
@usableFromInline struct NodeCurve<L: Lane> {
  @usableFromInline let nodes: [[L]]
  /// The log density above its peak, kept within e⁻⁶⁰, and its slopes.
  @usableFromInline var heights: [L]
  @usableFromInline var slopes: [L]

  @inlinable
  init(_ nodes: [[L]]) {
    self.nodes = nodes
    var peak = L(-Double.infinity)
    for node in nodes { peak = L.maximum(peak, node[1]) }
    var heights: [L] = []
    for node in nodes {
      let height: L = node[1] - peak
      heights.append(L.maximum(L(-60), L.select(height.areFinite, height, L(-60))))
    }
    self.heights = heights
    // The slope of the parabola through a node and its neighbours; at the ends that of the last chord.
    var widths: [L] = []
    var chords: [L] = []
    for i in 0..<nodes.count - 1 {
      let width: L = nodes[i + 1][0] - nodes[i][0]
      widths.append(width)
      chords.append((heights[i + 1] - heights[i]) / width)
    }
    slopes = [chords[0]]
    for i in 1..<nodes.count - 1 {
      let sum: L = widths[i] * chords[i - 1] + widths[i - 1] * chords[i]
      slopes.append(sum / (widths[i - 1] + widths[i]))
    }
    slopes.append(chords[chords.count - 1])
  }

  /// The log density at fraction `t` of an interval, not far above the higher of its ends.
  @inlinable
  func logDensity(_ interval: Int, at t: Double) -> L {
    let width = nodes[interval + 1][0] - nodes[interval][0]
    let (low, high) = (heights[interval], heights[interval + 1])
    let (s, tt) = (1 - t, t * t)
    let (lowShare, highShare): (Double, Double) = (s * s * (1 + 2 * t), tt * (3 - 2 * t))
    let (lowSlope, highSlope): (Double, Double) = (t * s * s, tt * s)
    let bend = lowSlope * slopes[interval] - highSlope * slopes[interval + 1]
    let value = lowShare * low + highShare * high + width * bend
    return L.minimum(value, L.maximum(low, high) + 0.5)
  }

  /// All numbers of a node at fraction `t` of an interval.
  @inlinable
  func numbers(_ interval: Int, at t: Double) -> [L] {
    let (low, high) = (nodes[interval], nodes[interval + 1])
    return low.indices.map { low[$0] + t * (high[$0] - low[$0]) }
  }
}
