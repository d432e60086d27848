public import InferenceCore
public import LaneMath

/// The walk along the open axis that builds a `NestedLaplaceProposal`.
@usableFromInline struct NestedLaplaceWalk<Density: LaneLogDensity> {
  @usableFromInline typealias L = Density.L

  /// What is known at one node, in every lane: place, log density of the axis' marginal (Laplace), maximum of the
  /// block, factor of its information, left and right widths in units of the factor.
  @usableFromInline typealias Node = [L]

  @usableFromInline var density: Density
  @usableFromInline let mode: LaneMode<L>
  @usableFromInline let axis: Int
  @usableFromInline let block: [Int]
  @usableFromInline var gradient: [L]
  @usableFromInline var information: [L]
  @usableFromInline var position: [L]

  @inlinable
  init(for density: Density, about mode: LaneMode<L>, openAxis axis: Int, block: [Int]) {
    self.density = density
    self.mode = mode
    self.axis = axis
    self.block = block
    gradient = [L](repeating: 0, count: density.dimension)
    information = [L](repeating: 0, count: packedIndex(density.dimension, 0))
    position = mode.position
  }

  /// The nodes in ascending order: `perSide` on either side of the mode, `stride` standard deviations apart where the
  /// density is normal, and the mode.
  @inlinable
  mutating func nodes(perSide: Int, stride: Double = 0.8) -> [Node] {
    var axisVector = [L](repeating: 0, count: density.dimension)
    axisVector[axis] = 1
    LaneCholesky.solve(factor: mode.factor, &axisVector, dimension: density.dimension)
    let deviation = axisVector[axis].squareRoot()
    // The block's maximum moves along the axis with slope Σ_block,axis / Σ_axis,axis at first.
    let slope = block.map { axisVector[$0] / axisVector[axis] }
    let centre = node(at: mode.position[axis], from: block.map { mode.position[$0] })
    let below = side(-1, from: centre, stride: stride, deviation: deviation, slope: slope, count: perSide)
    let above = side(1, from: centre, stride: stride, deviation: deviation, slope: slope, count: perSide)
    return below.reversed() + [centre] + above
  }

  /// Steps outwards so that the log density falls as that of a normal number every `stride` SD, each lane with its own step.
  @inlinable
  mutating func side(
    _ direction: Double, from centre: Node, stride: Double, deviation: L, slope: [L], count: Int
  ) -> [Node] {
    var nodes: [Node] = []
    var step = stride * deviation
    var drift = slope
    var previous = centre
    for index in 0..<count {
      // The last step is long: where tails are heavy it takes in what the walk would leave outside.
      let move = direction * (index == count - 1 ? 4 : 1) * step
      let predicted = block.indices.map { previous[2 + $0] + drift[$0] * move }
      let next = usable(node(at: previous[0] + move, from: predicted), else: previous)
      let expected = stride * stride * (Double(index) + 0.5)
      let fall = L.maximum(previous[1] - next[1], L(0.2 * expected))
      drift = block.indices.map { (next[2 + $0] - previous[2 + $0]) / move }
      step = step * L.minimum(1.4, L.maximum(0.6, (L(expected) / fall).squareRoot()))
      nodes.append(next)
      previous = next
    }
    return nodes
  }

  /// `node`, or in lanes where it cannot be measured the block of `fallback` at a density of zero.
  @inlinable
  func usable(_ node: Node, else fallback: Node) -> Node {
    var isUsable = node[0].areFinite
    for number in node { isUsable = L.Mask.and(isUsable, number.areFinite) }
    return node.indices.map { k in
      switch k {
      case 0: node[0]
      case 1: L.select(isUsable, node[1], L(-Double.infinity))
      default: L.select(isUsable, node[k], fallback[k])
      }
    }
  }

  /// Steps of Newton's method at a node, from where the nodes before point to.
  @inlinable
  static var newtonSteps: Int { 1 }

  /// Maximises the block at `place` on the axis, starting from `start`, and measures its shape.
  @inlinable
  mutating func node(at place: L, from start: [L]) -> Node {
    let b = block.count
    position[axis] = place
    for k in 0..<b { position[block[k]] = start[k] }
    guard b > 0 else { return [place, density.logDensity(at: position)] }
    var best = density.expand(at: position, gradient: &gradient, information: &information)
    var factor = blockFactor()
    var step = blockGradient()
    LaneCholesky.solve(factor: factor, &step, dimension: b)
    for _ in 0..<Self.newtonSteps {
      let from = position
      for k in 0..<b {
        position[block[k]] += L.maximum(L(-1), L.minimum(L(1), step[k]))
      }
      let value = density.expand(at: position, gradient: &gradient, information: &information)
      let better = best < value
      let newFactor = blockFactor()
      var newStep = blockGradient()
      LaneCholesky.solve(factor: newFactor, &newStep, dimension: b)
      for k in 0..<b {
        position[block[k]] = L.select(better, position[block[k]], from[block[k]])
        step[k] = L.select(better, newStep[k], 0.3 * step[k])
      }
      for k in 0..<factor.count { factor[k] = L.select(better, newFactor[k], factor[k]) }
      best = L.select(better, value, best)
    }
    return measured(place: place, peak: best, factor: factor)
  }

  /// Measures the widths on both sides of the block's maximum, from the fall of the log density at 1.5 units.
  @inlinable
  mutating func measured(place: L, peak: L, factor: [L]) -> Node {
    let b = block.count
    let reach = 2.5
    let maximum = block.map { position[$0] }
    var widths = [[L]](repeating: [L](repeating: 1, count: b), count: 2)
    var volume = L(1)
    for k in 0..<b {
      var direction = [L](repeating: 0, count: b)
      direction[k] = 1
      LaneCholesky.solveTransposed(factor: factor, &direction, dimension: b)
      for (side, sign) in [-reach, reach].enumerated() {
        for row in 0..<b { position[block[row]] = maximum[row] + sign * direction[row] }
        let fall = peak - density.logDensity(at: position)
        let width = L(reach) / (2 * L.maximum(fall, 0.05)).squareRoot()
        widths[side][k] = L.maximum(L(0.5), L.minimum(L(4), width))
      }
      volume *= 0.5 * (widths[0][k] + widths[1][k]) / factor[packedIndex(k, k)]
    }
    for k in 0..<b { position[block[k]] = maximum[k] }
    let logMarginal = peak + L.log(volume)
    return [place, logMarginal] + maximum + factor + widths[0] + widths[1]
  }

  @inlinable
  func blockGradient() -> [L] { block.map { gradient[$0] } }

  @inlinable
  func blockFactor() -> [L] {
    var matrix = [L](repeating: 0, count: packedIndex(block.count, 0))
    for row in block.indices {
      for column in 0...row {
        matrix[packedIndex(row, column)] = information[packedIndex(block[row], block[column])]
      }
    }
    LaneCholesky.factor(&matrix, dimension: block.count)
    return matrix
  }
}
