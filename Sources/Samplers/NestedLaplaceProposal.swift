public import InferenceCore
public import LaneMath

/// An independence proposal that follows a curved, skewed posterior: one tabulated axis, Laplace fits across it.
///
/// Along one *open* axis (the coordinate given which the others are nearly normal) nodes are set outwards from the
/// mode. At each node the other coordinates are maximised and expanded, in the manner of nested Laplace
/// approximations (Rue, Martino and Chopin 2009, doi:10.1111/j.1467-9868.2008.00700.x), and the width of each
/// direction is measured on both sides of the maximum (split proposals: Geweke 1989, doi:10.2307/1913710). The proposal
/// draws the open axis from the piecewise linear density through the nodes and the others from two-sided logistic
/// distributions about their interpolated maximum: its tails are exponential, heavier than the target's, its density
/// is known in closed form, and every part of it is drawn by inversion.
///
/// The proposal is built once, before the first kept draw, and never changes afterwards: Metropolis steps with it are
/// exact whatever its quality. Its support ends at the outermost nodes (where the density has fallen by some e⁻¹⁰): it
/// must stand in a cycle with a kernel that reaches everywhere.
public struct NestedLaplaceProposal<L: Lane>: Sendable {
  /// Nodes on either side of the mode.
  @inlinable
  static var nodesPerSide: Int { 10 }
  /// The scale of a logistic distribution that covers a standard normal one: its SD is 1.09.
  @inlinable
  static var logisticScale: Double { 0.65 }

  @usableFromInline let axis: Int
  /// The coordinates other than the open axis.
  @usableFromInline let block: [Int]
  @usableFromInline let nodeCount: Int
  /// Numbers of one node: place, density, then maximum, factor, left and right widths of the block.
  @usableFromInline let stride: Int
  /// Lane after lane, node after node along the axis: `stride` numbers each.
  @usableFromInline var table: [Double]
  /// Lane after lane: the probability below each node.
  @usableFromInline var cumulative: [Double]
  /// Lane after lane: the interval in which the quantile of k/64 lies, to start the search from.
  @usableFromInline var guide: [Int]
  @usableFromInline var lower: [L]
  @usableFromInline var upper: [L]

  /// Builds the proposal about `mode` with the open axis `axis`.
  @inlinable
  public init<Density: LaneLogDensity<L>>(
    for density: inout Density, about mode: LaneMode<L>, openAxis axis: Int
  ) {
    let n = density.dimension
    self.axis = axis
    block = (0..<n).filter { $0 != axis }
    let b = block.count
    stride = 2 + b + packedIndex(b, 0) + 2 * b
    nodeCount = 2 * Self.nodesPerSide + 1
    table = [Double](repeating: 0, count: L.count * nodeCount * stride)
    cumulative = [Double](repeating: 0, count: L.count * nodeCount)
    guide = [Int](repeating: 0, count: L.count * 64)
    lower = [L](repeating: 0, count: stride)
    upper = [L](repeating: 0, count: stride)

    var walk = NestedLaplaceWalk(for: density, about: mode, openAxis: axis, block: block)
    let nodes = walk.nodes(perSide: Self.nodesPerSide)
    for (index, node) in nodes.enumerated() {
      for lane in 0..<L.count {
        let base = (lane * nodeCount + index) * stride
        for k in 0..<stride { table[base + k] = node[k][lane] }
      }
    }
    density = walk.density
    for lane in 0..<L.count { normalise(lane: lane) }
  }

  /// Turns the log densities of a lane's nodes into a piecewise linear density of total 1, with its guide.
  @inlinable
  mutating func normalise(lane: Int) {
    let first = lane * nodeCount
    func entry(_ node: Int, _ k: Int) -> Int { (first + node) * stride + k }
    let logs = (0..<nodeCount).map { table[entry($0, 1)] }
    let peak = logs.filter(\.isFinite).max() ?? 0
    var total = 0.0
    for node in 0..<nodeCount {
      let relative = logs[node].isFinite ? Double.exp(logs[node] - peak) : 0
      table[entry(node, 1)] = max(relative, 1e-12)
      if node > 0 {
        let width = table[entry(node, 0)] - table[entry(node - 1, 0)]
        total += 0.5 * width * (table[entry(node, 1)] + table[entry(node - 1, 1)])
      }
      cumulative[first + node] = total
    }
    for node in 0..<nodeCount {
      table[entry(node, 1)] /= total
      cumulative[first + node] /= total
    }
    var interval = 0
    for k in 0..<64 {
      while interval < nodeCount - 2 && cumulative[first + interval + 1] <= Double(k) / 64 { interval += 1 }
      guide[lane * 64 + k] = interval
    }
  }

  /// Draws a position in every lane into `position` and returns its log density under the proposal.
  @inlinable
  public mutating func propose(into position: inout [L], using random: inout LaneRandom<L>) -> L {
    let u = random.uniform()
    var below = L(0)
    var mass = L(1)
    for lane in 0..<L.count {
      let first = lane * nodeCount
      let level = u[lane]
      var interval = guide[lane * 64 + Int(level * 64)]
      while interval < nodeCount - 2 && cumulative[first + interval + 1] <= level { interval += 1 }
      below[lane] = cumulative[first + interval]
      mass[lane] = cumulative[first + interval + 1] - cumulative[first + interval]
      gather(lane: lane, interval: interval)
    }
    // Invert the trapezium: p₀t + (p₁ − p₀)t²/2 = r(p₀ + p₁)/2.
    let (p0, p1) = (lower[1], upper[1])
    let r = (u - below) / mass
    let t = r * (p0 + p1) / (p0 + (p0 * p0 + r * (p1 * p1 - p0 * p0)).squareRoot())
    position[axis] = lower[0] + t * (upper[0] - lower[0])
    var density = p0 + t * (p1 - p0)
    density = density * interpolateBlock(t)
    for k in 0..<block.count {
      let (number, weight) = splitLogistic(k, random.uniformPositive())
      position[block[k]] = number
      density = density * weight
    }
    solveBlock(&position)
    return L.log(density)
  }

  /// The log density of the proposal at `position`; −∞ outside its support.
  @inlinable
  public mutating func logDensity(at position: [L]) -> L {
    let place = position[axis]
    var inside = L.Mask(repeating: true)
    for lane in 0..<L.count {
      let interval = self.interval(of: place[lane], lane: lane)
      gather(lane: lane, interval: interval)
      let low = lower[0][lane]
      let high = upper[0][lane]
      inside[lane] = place[lane] >= low && place[lane] <= high
    }
    let t = (place - lower[0]) / (upper[0] - lower[0])
    var density = lower[1] + t * (upper[1] - lower[1])
    density = density * interpolateBlock(t)
    for k in 0..<block.count { density = density * splitLogisticDensity(k, standardised(k, position)) }
    return L.select(inside, L.log(density), L(-Double.infinity))
  }

  @inlinable
  func interval(of place: Double, lane: Int) -> Int {
    var interval = 0
    while interval < nodeCount - 2 && table[(lane * nodeCount + interval + 1) * stride] <= place {
      interval += 1
    }
    return interval
  }

  /// Copies the two nodes of `interval` into lane `lane` of `lower` and `upper`.
  @inlinable
  mutating func gather(lane: Int, interval: Int) {
    let base = (lane * nodeCount + interval) * stride
    for k in 0..<stride {
      lower[k][lane] = table[base + k]
      upper[k][lane] = table[base + stride + k]
    }
  }

  // After `interpolateBlock`, `lower` holds the interpolated numbers from index 2 on.
  @inlinable
  var meanStart: Int { 2 }
  @inlinable
  var factorStart: Int { 2 + block.count }
  @inlinable
  var leftStart: Int { factorStart + packedIndex(block.count, 0) }
  @inlinable
  var rightStart: Int { leftStart + block.count }

  /// Interpolates the block's numbers to fraction `t` of the interval; returns the determinant of the factor.
  @inlinable
  mutating func interpolateBlock(_ t: L) -> L {
    for k in 2..<stride { lower[k] += t * (upper[k] - lower[k]) }
    var determinant = L(1)
    for k in 0..<block.count { determinant *= lower[factorStart + packedIndex(k, k)] }
    return determinant
  }

  /// The number of direction `k` that belongs to the uniform `u`, and its density.
  @inlinable
  func splitLogistic(_ k: Int, _ u: L) -> (L, L) {
    let left = lower[leftStart + k]
    let right = lower[rightStart + k]
    let total = left + right
    let share = left / total
    let isLeft = u < share
    // The half of the logistic's unit interval that belongs to the side.
    let w = L.select(isLeft, 0.5 * (u / share), 0.5 + 0.5 * ((u - share) / (1 - share)))
    let scale = Self.logisticScale * L.select(isLeft, left, right)
    let number = scale * L.log(w / (1 - w))
    return (number, (2 / Self.logisticScale) * (w * (1 - w)) / total)
  }

  @inlinable
  func splitLogisticDensity(_ k: Int, _ z: L) -> L {
    let left = lower[leftStart + k]
    let right = lower[rightStart + k]
    let scale = Self.logisticScale * L.select(z < 0, left, right)
    let w = L.logistic(z / scale)
    return (2 / Self.logisticScale) * (w * (1 - w)) / (left + right)
  }

  /// Turns the block of `position` from standardised numbers z into coordinates: m + A⁻ᵀ z.
  @inlinable
  func solveBlock(_ position: inout [L]) {
    let b = block.count
    for row in Swift.stride(from: b - 1, through: 0, by: -1) {
      // Entries after `row` already hold coordinates: their deviations from the maximum are the solution.
      var sum = position[block[row]]
      for k in Swift.stride(from: row + 1, to: b, by: 1) {
        sum -= lower[factorStart + packedIndex(k, row)] * (position[block[k]] - lower[meanStart + k])
      }
      position[block[row]] = lower[meanStart + row] + sum / lower[factorStart + packedIndex(row, row)]
    }
  }

  /// Number `k` of z = Aᵀ (x − m).
  @inlinable
  func standardised(_ k: Int, _ position: [L]) -> L {
    var sum = L(0)
    for row in k..<block.count {
      sum += lower[factorStart + packedIndex(row, k)] * (position[block[row]] - lower[meanStart + row])
    }
    return sum
  }
}
