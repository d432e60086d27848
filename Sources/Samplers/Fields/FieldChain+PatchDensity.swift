public import InferenceCore
public import LaneMath

/// Room for one group of a patch.
@usableFromInline
struct PatchWorkspace<L: Lane>: Sendable {
  @usableFromInline var gradient: [L]
  @usableFromInline var information: [L]
  /// A full d × d matrix.
  @usableFromInline var square: [L]

  @usableFromInline
  init(dimension d: Int) {
    gradient = [L](repeating: 0, count: d)
    information = [L](repeating: 0, count: packedIndex(d, 0))
    square = [L](repeating: 0, count: d * d)
  }
}

/// The density of a patch given the population and the sites beside it, in x: z of the field's coordinates of each place, and
/// what is a site's own,
///
///     log p(x) = Σ ℓ(μ + L z) − ½ Σ_k z_kᵀ P_k z_k + Σ_k bₖᵀ z_k,  b = λ Σ w z of the sites beside.
extension FieldChain {
  /// b: place × p.
  @inlinable
  func pulls(on patch: FieldPatch<Density>) -> [Double] {
    let p = model.fieldDimension
    var pulls = [Double](repeating: 0, count: patch.slots.count * p)
    for edge in patch.outside {
      for k in 0..<p {
        pulls[edge.place * p + k] += hyper.dependence[k] * edge.weight * field[edge.slot * p + k]
      }
    }
    return pulls
  }

  /// log p(x).
  @inlinable
  mutating func density(of patch: FieldPatch<Density>, _ pulls: [Double], at x: [Double]) -> Double {
    var total = prior(of: patch, pulls, at: x)
    for group in patch.groups.indices {
      takePlaces(of: patch, group, x)
      let value = density.logDensity(at: site.trial)
      for (lane, _) in patch.places(ofGroup: group).enumerated() { total += value[lane] }
    }
    return total
  }

  /// −½ Σ z_kᵀ P_k z_k + bᵀz.
  @inlinable
  func prior(of patch: FieldPatch<Density>, _ pulls: [Double], at x: [Double]) -> Double {
    let (p, d) = (model.fieldDimension, model.dimension)
    var total = 0.0
    for (place, slot) in patch.slots.enumerated() {
      for k in 0..<p {
        let z = x[place * d + k]
        total += z * (pulls[place * p + k] - 0.5 * precision(k, slot) * z)
      }
    }
    for edge in patch.edges {
      for k in 0..<p {
        total += hyper.dependence[k] * edge.weight * x[edge.later * d + k] * x[edge.earlier * d + k]
      }
    }
    return total
  }

  /// The diagonal of P_k at `slot`.
  @inlinable @inline(__always)
  func precision(_ k: Int, _ slot: Int) -> Double {
    hyper.dependence[k] * model.layout.slotDiagonal[slot] + 1 - hyper.dependence[k]
  }

  /// Puts the patch's sites of `group` into the lanes: their data, and their η with offsets.
  @inlinable
  mutating func takePlaces(of patch: FieldPatch<Density>, _ group: Int, _ x: [Double]) {
    let (p, d) = (model.fieldDimension, model.dimension)
    density.take(patch.groups[group])
    for k in 0..<d {
      var values = L(0)
      for lane in 0..<L.count {
        let place = min(group * L.count + lane, patch.slots.count - 1)
        values[lane] = k < p ? natural(k, x, place * d) : x[place * d + k]
      }
      if k < p && !patch.offsets.isEmpty { values += patch.offsets[group * p + k] }
      site.trial[k] = values
    }
  }

  /// η_k = μ_k + Σ L_kj z_j of the z that begin at index `start` of `x`.
  @inlinable @inline(__always)
  func natural(_ k: Int, _ x: [Double], _ start: Int) -> Double {
    var sum = hyper.mean[k]
    for j in 0...k { sum += factor[packedIndex(k, j)] * x[start + j] }
    return sum
  }

  /// log p(x), its gradient, and a positive definite stand-in for its curvature (packed).
  @inlinable
  mutating func expand(
    _ patch: FieldPatch<Density>, _ pulls: [Double], at x: [Double], gradient: inout [Double],
    information: inout [Double]
  ) -> Double {
    let (p, d) = (model.fieldDimension, model.dimension)
    var total = prior(of: patch, pulls, at: x)
    for k in information.indices { information[k] = 0 }
    for group in patch.groups.indices {
      takePlaces(of: patch, group, x)
      let value = density.expand(
        at: site.trial, gradient: &patchRoom.gradient, information: &patchRoom.information)
      whitenExpansion()
      for (lane, place) in patch.places(ofGroup: group).enumerated() {
        total += value[lane]
        for k in 0..<d {
          gradient[place * d + k] = patchRoom.gradient[k][lane]
          for j in 0...k {
            information[packedIndex(place * d + k, place * d + j)] =
              patchRoom.information[packedIndex(k, j)][lane]
          }
        }
      }
    }
    for (place, slot) in patch.slots.enumerated() {
      for k in 0..<p {
        let (index, own) = (place * d + k, precision(k, slot))
        gradient[index] += pulls[place * p + k] - own * x[index]
        information[packedIndex(index, index)] += own
      }
    }
    for edge in patch.edges {
      for k in 0..<p {
        let (later, earlier) = (edge.later * d + k, edge.earlier * d + k)
        let weight = hyper.dependence[k] * edge.weight
        gradient[later] += weight * x[earlier]
        gradient[earlier] += weight * x[later]
        information[packedIndex(later, earlier)] -= weight
      }
    }
    return total
  }

  /// The expansion in the room, of η, as one of z: Jᵀg and JᵀHJ with J = blockdiag(L, 1).
  @inlinable
  mutating func whitenExpansion() {
    let (p, d) = (model.fieldDimension, model.dimension)
    // L is lower triangular: entry k of a product with Lᵀ needs nothing before entry k, so that it may stand in its place.
    for k in 0..<p {
      var sum = factor[packedIndex(k, k)] * patchRoom.gradient[k]
      for i in stride(from: k + 1, to: p, by: 1) {
        sum += factor[packedIndex(i, k)] * patchRoom.gradient[i]
      }
      patchRoom.gradient[k] = sum
    }
    for i in 0..<d {
      for j in 0..<d {
        patchRoom.square[i * d + j] = patchRoom.information[packedIndex(max(i, j), min(i, j))]
      }
    }
    multiplySquare(acrossRows: true)
    multiplySquare(acrossRows: false)
    for i in 0..<d {
      for j in 0...i { patchRoom.information[packedIndex(i, j)] = patchRoom.square[i * d + j] }
    }
  }

  /// The full matrix M of the room becomes M J, or JᵀM.
  @inlinable
  mutating func multiplySquare(acrossRows: Bool) {
    let (p, d) = (model.fieldDimension, model.dimension)
    let (line, step) = acrossRows ? (d, 1) : (1, d)
    for i in 0..<d {
      for k in 0..<p {
        var sum = factor[packedIndex(k, k)] * patchRoom.square[i * line + k * step]
        for j in stride(from: k + 1, to: p, by: 1) {
          sum += factor[packedIndex(j, k)] * patchRoom.square[i * line + j * step]
        }
        patchRoom.square[i * line + k * step] = sum
      }
    }
  }
}
