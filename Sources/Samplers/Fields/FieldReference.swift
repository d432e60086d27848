internal import GSLSupport
internal import InferenceCore
public import LaneMath

/// A joint Gaussian stand-in for a population and its fields: the coordinates in which Hamiltonian trajectories run.
///
/// The population has the coordinates φ (`FieldPrior.coordinates`), a site z, its whitened field, and what is its own; x holds
/// those of all sites. In the stand-in
///
///     φ = φ̄ + F u,   x = x̄ + D(φ − φ̄) + C⁻ᵀ w,   u, w ~ N(0, I)
///
/// with A = C Cᵀ the precision of x given φ̄ (`FieldMetric`), x̄ its mean, D = A⁻¹ ∂g/∂φ how that mean follows φ, g the gradient
/// of the surrogates' log posterior in x, and F Fᵀ the covariance of φ that the warm-up saw. The map has a constant
/// Jacobian, so that any density may be sampled in (u, w).
@usableFromInline
struct FieldReference: Sendable {
  @usableFromInline let metric: FieldMetric
  /// How much stiffer than the stand-in the density of u given w may be: more would cost shorter steps than it saves.
  private static var tolerated: Double { 8 }
  /// The population at φ̄.
  @usableFromInline let population: FieldHyperparameters
  /// φ̄.
  @usableFromInline let centre: [Double]
  /// F, packed.
  @usableFromInline var factor: [Double]
  /// x̄, d numbers for each place of the metric.
  @usableFromInline let mean: [Double]
  /// D, a column for each coordinate of φ.
  private let response: [[Double]]

  /// The stand-in about the surrogates that were expanded at `positions` (group × d, d fastest).
  ///
  /// nil where they are too indefinite for a metric.
  @usableFromInline
  init?<L: Lane>(
    _ surrogate: SiteSurrogate<L>, at positions: [L], layout: SiteLayout<L>, graph: SiteGraph,
    prior: FieldPrior, population: FieldHyperparameters, factor: [Double]
  ) {
    let centre = prior.coordinates(of: population)
    guard centre.allSatisfy(\.isFinite), factor.allSatisfy(\.isFinite),
      let metric = FieldMetric(surrogate, layout: layout, graph: graph, at: population)
    else { return nil }
    let (p, d) = (population.dimension, surrogate.dimension)
    let inverse = packedInverse(population.factor, dimension: p)
    var mean: [Double] = []
    for slot in metric.slots {
      func value(_ k: Int) -> Double { positions[slot / L.count * d + k][slot % L.count] }
      for k in 0..<d {
        mean.append(
          k < p
            ? (0...k).reduce(0) { $0 + inverse[packedIndex(k, $1)] * (value($1) - population.mean[$1]) }
            : value(k))
      }
    }
    func force(_ hyper: FieldHyperparameters, at x: [Double]) -> [Double] {
      var force = surrogate.force(hyper, at: x, layout: layout, slots: metric.slots)
      metric.solveLower(&force)
      metric.solveUpper(&force)
      return force
    }
    let newton = force(population, at: mean)
    for k in mean.indices { mean[k] += newton[k] }
    var response: [[Double]] = []
    let width = 1e-4
    for j in centre.indices {
      guard let (below, above) = prior.settings(beside: centre, along: j, by: width, of: population)
      else { return nil }
      let (a, b) = (force(below, at: mean), force(above, at: mean))
      response.append(zip(a, b).map { ($1 - $0) / (2 * width) })
    }
    guard response.allSatisfy({ $0.allSatisfy(\.isFinite) }), mean.allSatisfy(\.isFinite) else { return nil }
    (self.metric, self.population, self.centre, self.factor) = (metric, population, centre, factor)
    (self.mean, self.response) = (mean, response)
  }
}

extension FieldReference {
  /// x += change · column `j` of D.
  @usableFromInline
  func addResponse(_ j: Int, _ change: Double, to x: inout [Double]) {
    let column = response[j]
    for k in x.indices { x[k] += change * column[k] }
  }

  /// Column `j` of D times `x`.
  @usableFromInline
  func productWithResponse(_ j: Int, _ x: [Double]) -> Double {
    let column = response[j]
    return x.indices.reduce(0) { $0 + column[$1] * x[$1] }
  }

  /// Shrinks F where the density given w is narrower than the stand-in says: `curvature` is −∂² log p/∂u∂u, row-major; nothing
  /// changes where it is not known.
  @usableFromInline
  mutating func narrow(to curvature: [Double]) {
    let q = centre.count
    guard curvature.count == q * q else { return }
    var symmetric = curvature
    for i in 0..<q {
      for j in 0..<q { symmetric[i * q + j] = 0.5 * (curvature[i * q + j] + curvature[j * q + i]) }
    }
    guard symmetric.allSatisfy(\.isFinite) else { return }
    let system = SymmetricEigensystem(of: symmetric, order: q)
    var covariance = [Double](repeating: 0, count: packedIndex(q, 0))
    for i in 0..<q {
      for j in 0...i {
        covariance[packedIndex(i, j)] = (0..<q).reduce(0) {
          $0 + system.vectors[i * q + $1] * system.vectors[j * q + $1]
            / max(1, system.values[$1] / Self.tolerated)
        }
      }
    }
    LaneCholesky.factor(&covariance, dimension: q)
    var product = factor
    for i in 0..<q {
      for j in 0...i {
        product[packedIndex(i, j)] = (j...i).reduce(0) {
          $0 + factor[packedIndex(i, $1)] * covariance[packedIndex($1, j)]
        }
      }
    }
    factor = product
  }
}

extension SiteSurrogate {
  /// ∂/∂x of Σ ℓ̂(μ + L z) − ½ zᵀP z, x at the places of `slots`.
  func force(_ hyper: FieldHyperparameters, at x: [Double], layout: SiteLayout<L>, slots: [Int]) -> [Double] {
    let (p, d) = (hyper.dimension, dimension)
    let factor = hyper.factor
    var field = [Double](repeating: 0, count: layout.slotCount * p)
    for (place, slot) in slots.enumerated() { for k in 0..<p { field[slot * p + k] = x[place * d + k] } }
    var result = x
    var (eta, slope) = ([Double](repeating: 0, count: d), [Double](repeating: 0, count: d))
    for (place, slot) in slots.enumerated() {
      let (group, lane) = (slot / L.count, slot % L.count)
      for i in 0..<d {
        eta[i] =
          i < p
          ? (0...i).reduce(hyper.mean[i]) { $0 + factor[packedIndex(i, $1)] * x[place * d + $1] }
          : x[place * d + i]
      }
      for i in 0..<d {
        slope[i] = slopes[group * d + i][lane]
        for j in 0..<d { slope[i] -= curvature(ofSlot: slot, i, j) * eta[j] }
      }
      for k in 0..<d {
        guard k < p else {
          result[place * d + k] = slope[k]
          continue
        }
        let lambda = hyper.dependence[k]
        var sum = -(lambda * layout.slotDiagonal[slot] + 1 - lambda) * x[place * d + k]
        for entry in layout.starts[slot]..<layout.starts[slot + 1] {
          sum += lambda * layout.weights[entry] * field[layout.neighbours[entry] * p + k]
        }
        for i in k..<p { sum += factor[packedIndex(i, k)] * slope[i] }
        result[place * d + k] = sum
      }
    }
    return result
  }
}
