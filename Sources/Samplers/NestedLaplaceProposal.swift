public import InferenceCore
public import LaneMath

/// An independence proposal that follows a curved, skewed posterior: one tabulated axis, Laplace fits across it.
///
/// Along one *open* axis (the coordinate given which the others are nearly normal) nodes are set outwards from the
/// mode. At each node the other coordinates are maximised and expanded, in the manner of nested Laplace
/// approximations (Rue, Martino and Chopin 2009, doi:10.1111/j.1467-9868.2008.00700.x), and the width of each
/// direction is measured on both sides of the maximum (split proposals: Geweke 1989, doi:10.2307/1913710). Between nodes
/// the log density is interpolated by cubics, and the axis is cut into cells of constant density. The proposal draws a cell
/// by the alias method, a place in it, and the other coordinates from two-sided logistic distributions about the maximum
/// of the cell: its tails are exponential, heavier than the target's, and its density is known in closed form.
///
/// The proposal is built once, before the first kept draw, and never changes afterwards: Metropolis steps with it are
/// exact whatever its quality. Its support ends at the outermost nodes (where the density has fallen by some e⁻¹⁰): it
/// must stand in a cycle with a kernel that reaches everywhere.
public struct NestedLaplaceProposal<L: Lane>: Sendable {
  /// Nodes on either side of the mode.
  @inlinable
  static var nodesPerSide: Int { 7 }
  /// Cells between two nodes.
  @inlinable
  static var cellsPerInterval: Int { 6 }
  /// The scale of a logistic distribution that covers a standard normal one: its SD is 1.14.
  @inlinable
  static var logisticScale: Double { 0.63 }

  @usableFromInline let axis: Int
  /// The coordinates other than the open axis.
  @usableFromInline let block: [Int]
  /// Of every cell: lower end, width, log density; then of each direction of the block the share of its left side and
  /// both scales; then the block's maximum and its factor, with reciprocals on the diagonal.
  @usableFromInline var cells: LaneAliasTable<L>
  @usableFromInline var row: [L]

  /// Builds the proposal about `mode` with the open axis `axis`.
  @inlinable
  public init<Density: LaneLogDensity<L>>(
    for density: inout Density, about mode: LaneMode<L>, openAxis axis: Int
  ) {
    let n = density.dimension
    self.axis = axis
    block = (0..<n).filter { $0 != axis }
    let b = block.count
    var walk = NestedLaplaceWalk(for: density, about: mode, openAxis: axis, block: block)
    let nodes = walk.nodes(perSide: Self.nodesPerSide)
    density = walk.density
    let cellCount = (nodes.count - 1) * Self.cellsPerInterval
    cells = LaneAliasTable(cellCount: cellCount, rowCount: 3 + 4 * b + packedIndex(b, 0))
    row = [L](repeating: 0, count: cells.rowCount)
    tabulate(nodes)
  }

  /// Fills the cells from the nodes.
  @inlinable
  mutating func tabulate(_ nodes: [[L]]) {
    let b = block.count
    let curve = NodeCurve(nodes)
    var masses: [L] = []
    masses.reserveCapacity(cells.cellCount)
    var total = L(0)
    // A first pass for the masses: their sum is needed for the densities.
    for interval in 0..<nodes.count - 1 {
      let width = (1 / Double(Self.cellsPerInterval)) * (nodes[interval + 1][0] - nodes[interval][0])
      for part in 0..<Self.cellsPerInterval {
        let height = curve.logDensity(interval, at: (Double(part) + 0.5) / Double(Self.cellsPerInterval))
        // A floor keeps every cell within reach.
        let mass = width * L.maximum(L.exp(height), L(1e-12))
        masses.append(mass)
        total += mass
      }
    }
    let scale = Self.logisticScale
    for interval in 0..<nodes.count - 1 {
      let width = (1 / Double(Self.cellsPerInterval)) * (nodes[interval + 1][0] - nodes[interval][0])
      for part in 0..<Self.cellsPerInterval {
        let t = (Double(part) + 0.5) / Double(Self.cellsPerInterval)
        let cell = interval * Self.cellsPerInterval + part
        let values = curve.numbers(interval, at: t)
        row[0] = nodes[interval][0] + Double(part) * width
        row[1] = width
        var density = masses[cell] / (total * width)
        for k in 0..<b {
          let (left, right) = (values[leftStart(b) + k], values[rightStart(b) + k])
          let pivot = values[factorStart(b) + packedIndex(k, k)]
          density = density * pivot / (0.5 * scale * (left + right))
          row[3 + 3 * k] = left / (left + right)
          row[4 + 3 * k] = scale * left
          row[5 + 3 * k] = -scale * right
          row[meanRow + k] = values[2 + k]
          for column in 0..<k {
            row[factorRow + packedIndex(k, column)] = values[factorStart(b) + packedIndex(k, column)]
          }
          row[factorRow + packedIndex(k, k)] = 1 / pivot
        }
        row[2] = L.log(density)
        cells.setRow(cell, row)
      }
    }
    cells.setMasses(masses)
  }

  // The places of numbers in a node.
  @inlinable
  func factorStart(_ b: Int) -> Int { 2 + b }
  @inlinable
  func leftStart(_ b: Int) -> Int { factorStart(b) + packedIndex(b, 0) }
  @inlinable
  func rightStart(_ b: Int) -> Int { leftStart(b) + b }
  // The places of numbers in a row.
  @inlinable
  var meanRow: Int { 3 + 3 * block.count }
  @inlinable
  var factorRow: Int { 3 + 4 * block.count }

  /// Draws a position in every lane into `position`. Its log density under the proposal is `constant` + log `factor`.
  @inlinable
  public mutating func propose(into position: inout [L], using random: inout LaneRandom<L>)
    -> (constant: L, factor: L)
  {
    cells.draw(random.uniform(), into: &row)
    position[axis] = row[0] + random.uniform() * row[1]
    var numerator = L(1)
    var denominator = L(1)
    for k in 0..<block.count {
      let u = random.uniformPositive()
      let share = row[3 + 3 * k]
      let isLeft = u < share
      // The half of the logistic's unit interval that belongs to the side: w = part / whole, at most ½.
      let part = L.select(isLeft, u, 1 - u)
      let whole = 2 * L.select(isLeft, share, 1 - share)
      let rest = whole - part
      position[block[k]] = L.select(isLeft, row[4 + 3 * k], row[5 + 3 * k]) * L.log(part / rest)
      numerator *= part * rest
      denominator *= whole
    }
    solveBlock(&position)
    return (row[2], numerator / (denominator * denominator))
  }

  /// The log density of the proposal at `position`; −∞ outside its support.
  @inlinable
  public mutating func logDensity(at position: [L]) -> L {
    let place = position[axis]
    for lane in 0..<L.count { cells.choose(cell(at: place[lane], lane: lane), lane: lane) }
    cells.lookUp(into: &row)
    let outside = L.Mask.or(place < row[0], row[0] + row[1] < place)
    var factor = L(1)
    for k in 0..<block.count {
      let z = standardised(k, position)
      // Scales of right sides are stored with a minus sign: the quotient is never positive.
      let odds = L.exp(z / L.select(z < 0, row[4 + 3 * k], row[5 + 3 * k]))
      factor *= odds / ((1 + odds) * (1 + odds))
    }
    return L.select(outside, L(-Double.infinity), row[2] + L.log(factor))
  }

  /// The cell of a lane that holds `place`; the first or the last for places outside.
  @inlinable
  func cell(at place: Double, lane: Int) -> Int {
    let perInterval = Self.cellsPerInterval
    var first = 0
    while first + perInterval < cells.cellCount,
      cells.number(0, ofCell: first + perInterval, lane: lane) <= place
    {
      first += perInterval
    }
    var cell = first
    while cell + 1 < first + perInterval, cells.number(0, ofCell: cell + 1, lane: lane) <= place { cell += 1 }
    return cell
  }

  /// Turns the block of `position` from standardised numbers z into coordinates: m + A⁻ᵀ z.
  @inlinable
  func solveBlock(_ position: inout [L]) {
    let b = block.count
    for k in Swift.stride(from: b - 1, through: 0, by: -1) {
      // Entries after `k` already hold coordinates: their deviations from the maximum are the solution.
      var sum = position[block[k]]
      for j in Swift.stride(from: k + 1, to: b, by: 1) {
        sum -= row[factorRow + packedIndex(j, k)] * (position[block[j]] - row[meanRow + j])
      }
      position[block[k]] = row[meanRow + k] + sum * row[factorRow + packedIndex(k, k)]
    }
  }

  /// Number `k` of z = Aᵀ (x − m).
  @inlinable
  func standardised(_ k: Int, _ position: [L]) -> L {
    var sum = (position[block[k]] - row[meanRow + k]) / row[factorRow + packedIndex(k, k)]
    for j in Swift.stride(from: k + 1, to: block.count, by: 1) {
      sum += row[factorRow + packedIndex(j, k)] * (position[block[j]] - row[meanRow + j])
    }
    return sum
  }
}

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
