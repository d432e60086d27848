public import InferenceCore
public import LaneMath

/// An independence proposal that follows a curved, skewed posterior: one tabulated axis, Laplace fits across it.
///
/// Along one *open* axis (the coordinate given which the others are nearly normal) nodes are set outwards from the
/// mode. At each node the other coordinates are maximised and expanded, in the manner of nested Laplace
/// approximations (Rue, Martino and Chopin 2009, doi:10.1111/j.1467-9868.2008.00700.x), and the width of each
/// direction is measured on both sides of the maximum (split proposals: Geweke 1989, doi:10.2307/1913710). Between nodes
/// the log density is interpolated by cubics, and the axis is cut into cells of constant density. The proposal draws a cell
/// by the alias method, a place in it, and the other coordinates about the maximum there from two-sided t distributions,
/// two by two: with 16 degrees of freedom their tails are heavier than those of the target, which has the noise's degrees of
/// freedom, and their density comes with the draw by square roots (Bailey 1994, doi:10.1090/S0025-5718-1994-1219702-8).
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
  /// 1/(2π), of the density of a pair: (1 + r²/16)⁻⁹/(2π).
  @inlinable
  static var pairConstant: Double { 0.159_154_943_091_895_35 }
  /// Γ(8.5)/(Γ(8) √(16π)), of the density of one coordinate alone: that times (1 + z²/16)^(−8.5).
  @inlinable
  static var singleConstant: Double { 0.392_761_230_468_75 }

  @usableFromInline let axis: Int
  /// The coordinates other than the open axis.
  @usableFromInline let block: [Int]
  /// Of every cell: lower end, width, log density; then of each direction of the block the share of its left side and
  /// both scales; then the block's maximum in the middle of the cell, by how much it moves along the cell, and its factor,
  /// with reciprocals on the diagonal.
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
    cells = LaneAliasTable(cellCount: cellCount, rowCount: 3 + 5 * b + packedIndex(b, 0))
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
    let constant = b % 2 == 0 ? 1 : Self.singleConstant
    let shape = (0..<b / 2).reduce(constant) { product, _ in product * Self.pairConstant }
    for interval in 0..<nodes.count - 1 {
      let width = (1 / Double(Self.cellsPerInterval)) * (nodes[interval + 1][0] - nodes[interval][0])
      for part in 0..<Self.cellsPerInterval {
        let t = (Double(part) + 0.5) / Double(Self.cellsPerInterval)
        let cell = interval * Self.cellsPerInterval + part
        let values = curve.numbers(interval, at: t)
        row[0] = nodes[interval][0] + Double(part) * width
        row[1] = width
        var density = shape * masses[cell] / (total * width)
        for k in 0..<b {
          let (left, right) = (values[leftStart(b) + k], values[rightStart(b) + k])
          let pivot = values[factorStart(b) + packedIndex(k, k)]
          density = density * pivot / (0.5 * (left + right))
          row[3 + 3 * k] = left / (left + right)
          row[4 + 3 * k] = -left
          row[5 + 3 * k] = right
          row[meanRow + k] = values[2 + k]
          row[driftRow + k] =
            (1 / Double(Self.cellsPerInterval)) * (nodes[interval + 1][2 + k] - nodes[interval][2 + k])
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
  var driftRow: Int { 3 + 4 * block.count }
  @inlinable
  var factorRow: Int { 3 + 5 * block.count }

  /// Draws a position in every lane into `position`. Its log density under the proposal is `constant` + log `factor`.
  @inlinable
  public mutating func propose(into position: inout [L], using random: inout LaneRandom<L>)
    -> (constant: L, factor: L)
  {
    let (level, place) = random.uniformPair()
    cells.draw(level, into: &row)
    position[axis] = row[0] + place * row[1]
    moveMeans(to: place)
    var factor = L(1)
    for k in Swift.stride(from: 0, to: block.count, by: 2) {
      let (u, angle) = random.uniformPair()
      let (side, otherSide) = random.uniformPair()
      // r² = 16 (u^(−⅛) − 1), of density u^(9/8)/(2π).
      let share = u + L(0x1p-33)
      let root = share.squareRoot().squareRoot().squareRoot()
      let radius = 4 * ((1 - root) / root).squareRoot()
      let (cosine, sine) = L.cosineAndSine(quarterTurns: angle)
      position[block[k]] = radius * cosine * scale(k, isLeft: side < row[3 + 3 * k])
      if k + 1 < block.count {
        position[block[k + 1]] = radius * sine * scale(k + 1, isLeft: otherSide < row[6 + 3 * k])
        factor *= share * root
      } else {
        let z = radius * cosine
        factor *= Self.singleFactor(1 + 0.0625 * (z * z))
      }
    }
    solveBlock(&position)
    return (row[2], factor)
  }

  /// The scale of a side of direction `k`, negative on the left.
  @inlinable @inline(__always)
  func scale(_ k: Int, isLeft: L.Mask) -> L { L.select(isLeft, row[4 + 3 * k], row[5 + 3 * k]) }

  /// w^(−8.5).
  @inlinable @inline(__always)
  static func singleFactor(_ w: L) -> L {
    let square = w * w
    let fourth = square * square
    return 1 / (fourth * fourth * w.squareRoot())
  }

  /// w⁻⁹.
  @inlinable @inline(__always)
  static func pairFactor(_ w: L) -> L {
    let square = w * w
    let fourth = square * square
    return 1 / (fourth * fourth * w)
  }

  /// Moves the block's maximum of the row from the middle of the cell to the fraction `place` of it.
  @inlinable @inline(__always)
  mutating func moveMeans(to place: L) {
    for k in 0..<block.count { row[meanRow + k] += (place - L(0.5)) * row[driftRow + k] }
  }

  /// The log density of the proposal at `position`; −∞ outside its support.
  @inlinable
  public mutating func logDensity(at position: [L]) -> L {
    let place = position[axis]
    for lane in 0..<L.count { cells.choose(cell(at: place[lane], lane: lane), lane: lane) }
    cells.lookUp(into: &row)
    let outside = L.Mask.or(place < row[0], row[0] + row[1] < place)
    moveMeans(to: (place - row[0]) / row[1])
    var factor = L(1)
    for k in Swift.stride(from: 0, to: block.count, by: 2) {
      let z = inScales(k, position)
      if k + 1 < block.count {
        let other = inScales(k + 1, position)
        factor *= Self.pairFactor(1 + 0.0625 * (z * z + other * other))
      } else {
        factor *= Self.singleFactor(1 + 0.0625 * (z * z))
      }
    }
    return L.select(outside, L(-Double.infinity), row[2] + L.log(factor))
  }

  /// Number `k` of z = Aᵀ (x − m) in units of its side's scale.
  @inlinable @inline(__always)
  func inScales(_ k: Int, _ position: [L]) -> L {
    let z = standardised(k, position)
    return z / scale(k, isLeft: z < 0)
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
