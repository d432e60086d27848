public import InferenceCore
public import LaneMath

/// Independent draws of a density of one coordinate in every lane, from a table of it.
///
/// The log density is computed at 45 nodes, a quarter of a standard deviation apart out to where it has fallen by some e⁻¹⁵
/// and one step beyond, interpolated by cubics (to about 10⁻³ where there is mass), and drawn from 132 cells of constant
/// density by the alias method. There is no Markov chain, hence no autocorrelation, and no evaluation of the density for a
/// draw. For unimodal densities whose tails fall at least exponentially.
public struct TabulatedLine<L: Lane>: Sendable {
  @inlinable
  static var nodesPerSide: Int { 22 }
  @inlinable
  static var cellsPerInterval: Int { 3 }
  @inlinable
  static var stride: Double { 0.25 }

  @usableFromInline var cells: LaneAliasTable<L>
  @usableFromInline var row: [L] = [0, 0]

  /// Tabulates the density about its mode.
  @inlinable
  public init<Density: LaneLogDensity<L>>(of density: inout Density, about mode: LaneMode<L>) {
    precondition(density.dimension == 1, "a line has one coordinate")
    var walk = NestedLaplaceWalk(for: density, about: mode, openAxis: 0, block: [])
    let nodes = walk.nodes(perSide: Self.nodesPerSide, stride: Self.stride)
    density = walk.density
    let curve = NodeCurve(nodes)
    let parts = Self.cellsPerInterval
    cells = LaneAliasTable(cellCount: (nodes.count - 1) * parts, rowCount: 2)
    var masses: [L] = []
    masses.reserveCapacity(cells.cellCount)
    for interval in 0..<nodes.count - 1 {
      let width = (1 / Double(parts)) * (nodes[interval + 1][0] - nodes[interval][0])
      for part in 0..<parts {
        let height = curve.logDensity(interval, at: (Double(part) + 0.5) / Double(parts))
        // Nodes that descend have negative widths.
        masses.append(width.magnitudes * L.maximum(L.exp(height), L(1e-300)))
        row[0] = nodes[interval][0] + Double(part) * width
        row[1] = width
        cells.setRow(interval * parts + part, row)
      }
    }
    cells.setMasses(masses)
  }

  /// A draw in every lane.
  @inlinable
  public mutating func draw(using random: inout LaneRandom<L>) -> L {
    let (level, place) = random.uniformPair()
    cells.draw(level, into: &row)
    return row[0] + place * row[1]
  }
}
