public import GSLSupport
public import InferenceCore
public import LaneMath

/// The edges of a field whose differences are a mixture of normals: the weights that they have given their ω.
///
/// A sweep begins with draws of all ω given the field. Sites then move as under a field with the weights w̃ (r/E)/ω. What
/// comes after them, the population given the field and the moves of both together, has its target with ω integrated out:
/// the density of the differences themselves. That is a valid order because ω is drawn anew before it is used again (van Dyk
/// and Park 2008, doi:10.1198/016214508000000409).
///
/// Hamiltonian trajectories of population and field feel the slopes of the differences' own density; their metric is that of normal
/// differences with the weights of the graph, which costs acceptance at most.
@usableFromInline
struct FieldEdges<L: Lane>: Sendable {
  /// nil for normal differences: then all else is empty.
  @usableFromInline let mixture: IncrementMixture?
  /// The slots of both ends of every edge; the last edge is repeated to fill the lanes.
  @usableFromInline var first: [Int] = []
  @usableFromInline var second: [Int] = []
  /// The number of edges.
  @usableFromInline var count = 0
  /// √(w̃ r/E).
  @usableFromInline var roots: [Double] = []
  /// The places of an edge among the neighbours of its ends.
  @usableFromInline var places: [(Int, Int)] = []
  /// Weights in the order of the layout's neighbours.
  @usableFromInline var weights: [Double] = []
  /// Their sums, by group.
  @usableFromInline var diagonal: [L] = []
  @usableFromInline var random: LaneRandom<L>?

  /// The edges of `graph` in `layout`, with streams of `keys`, one for each lane.
  @usableFromInline
  init(
    _ graph: SiteGraph, _ layout: SiteLayout<L>, increments: FieldIncrements, keys: [StreamKey],
    generator: Generator
  ) {
    mixture = increments.mixture
    guard mixture != nil, !graph.edges.isEmpty else { return }
    count = graph.edges.count
    roots = graph.incrementRoots
    for edge in graph.edges {
      let (a, b) = (layout.slots[edge.first], layout.slots[edge.second])
      first.append(a)
      second.append(b)
      func place(_ from: Int, _ to: Int) -> Int {
        (layout.starts[from]..<layout.starts[from + 1]).first { layout.neighbours[$0] == to } ?? 0
      }
      places.append((place(a, b), place(b, a)))
    }
    while first.count % L.count != 0 {
      first.append(first[count - 1])
      second.append(second[count - 1])
      roots.append(roots[count - 1])
    }
    weights = layout.weights
    diagonal = layout.diagonal
    random = LaneRandom(keys, generator: generator)
  }

  /// The differences √(w̃ r/E)(zᵢ − zⱼ) · `spread` of the first of p coordinates of `field`.
  @usableFromInline
  func differences(of field: [Double], dimension p: Int, spread: Double) -> [Double] {
    (0..<count).map { spread * roots[$0] * (field[first[$0] * p] - field[second[$0] * p]) }
  }

  /// Σ log k(t) of the first coordinate of a field in the order of slots.
  @usableFromInline
  func logKernel(_ z: [SIMD4<Double>]) -> Double {
    guard let mixture else { return 0 }
    return mixture.logKernel(
      (0..<count).map { roots[$0] * (z[first[$0]][0] - z[second[$0]][0]) }, scale: 1)
  }

  /// −∂/∂z of Σ log k(t) at every slot, for the first coordinate of a field in the order of slots; empty for normal differences.
  @usableFromInline
  func pulls(of z: [SIMD4<Double>]) -> [Double] {
    guard let mixture else { return [] }
    var pulls = [Double](repeating: 0, count: z.count)
    for edge in 0..<count {
      let t = roots[edge] * (z[first[edge]][0] - z[second[edge]][0])
      let slope = roots[edge] * mixture.slope(t)
      pulls[first[edge]] += slope
      pulls[second[edge]] -= slope
    }
    return pulls
  }

  /// Draws ω of all edges given the first of p coordinates of `field`.
  @inlinable
  mutating func draw(given field: [Double], dimension p: Int, _ layout: SiteLayout<L>) {
    guard let mixture, var random else { return }
    for start in stride(from: 0, to: first.count, by: L.count) {
      var difference = L(0)
      for lane in 0..<L.count {
        let edge = start + lane
        difference[lane] = roots[edge] * (field[first[edge] * p] - field[second[edge] * p])
      }
      let precision = mixture.drawPrecision(given: difference, using: &random)
      for lane in 0..<min(L.count, count - start) {
        let edge = start + lane
        let weight = roots[edge] * roots[edge] * precision[lane]
        weights[places[edge].0] = weight
        weights[places[edge].1] = weight
      }
    }
    for slot in layout.ownSlots where layout.starts[slot] < layout.starts[slot + 1] {
      var sum = 0.0
      for entry in layout.starts[slot]..<layout.starts[slot + 1] { sum += weights[entry] }
      diagonal[slot / L.count][slot % L.count] = sum
    }
    self.random = random
  }
}

extension FieldChain {
  /// Draws ω of all edges given the field.
  @inlinable
  mutating func drawEdges() {
    edges.draw(given: field, dimension: model.fieldDimension, model.layout)
  }

  /// Gives the first coordinate of the sites of `group` the weights of their edges.
  @inlinable
  mutating func takeEdges(_ group: Int) {
    let (p, layout) = (model.fieldDimension, model.layout)
    var sums = L(0)
    for lane in 0..<L.count {
      let slot = group * L.count + lane
      var sum = 0.0
      for entry in layout.starts[slot]..<layout.starts[slot + 1] {
        sum += edges.weights[entry] * field[layout.neighbours[entry] * p]
      }
      sums[lane] = sum
    }
    site.precisions[0] = edges.diagonal[group]
    site.linear[0] = whitenedMean[0] * edges.diagonal[group] + sums
  }
}
