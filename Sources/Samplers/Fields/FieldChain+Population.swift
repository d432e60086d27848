public import InferenceCore

extension FieldChain {
  /// Draws the population given the field.
  @inlinable
  mutating func updatePopulation() {
    var conditional = statistics()
    for _ in 0..<moves.populationRounds {
      conditional.update(&hyper, prior: model.prior, spectrum: model.spectrum, using: &random)
    }
    followPopulation()
  }

  /// The sufficient statistics of the current field, about the current μ.
  @inlinable
  func statistics() -> FieldConditional {
    let p = model.fieldDimension
    var result = FieldConditional(graph: model.graph, dimension: p, structure: model.prior.structure)
    result.keepsDeterminant = moves.keepsDeterminant
    if let exponent = moves.exponent { result.exponent = exponent }
    var (products, roughness) = ([Double](repeating: 0, count: p * p), [Double](repeating: 0, count: p * p))
    var (sums, roughSums) = ([Double](repeating: 0, count: p), [Double](repeating: 0, count: p))
    var rough = sums
    for slot in model.layout.ownSlots {
      let base = slot * p
      for k in 0..<p { rough[k] = model.layout.slotDiagonal[slot] * field[base + k] }
      for entry in model.layout.starts[slot]..<model.layout.starts[slot + 1] {
        let other = model.layout.neighbours[entry] * p
        let weight = model.layout.weights[entry]
        for k in 0..<p { rough[k] -= weight * field[other + k] }
      }
      for i in 0..<p {
        let z = field[base + i]
        sums[i] += z
        roughSums[i] += rough[i]
        for j in 0...i {
          products[i * p + j] += z * field[base + j]
          roughness[i * p + j] += z * rough[j]
        }
      }
    }
    if let mixture = edges.mixture {
      result.increments = FieldDifferences(
        mixture: mixture, values: edges.differences(of: field, dimension: p, spread: hyper.spread[0]))
    }
    // U = z Lᵀ: the statistics of η − μ from those of z.
    result.centre = hyper.mean
    for i in 0..<p {
      for j in 0...i {
        var (product, rough) = (0.0, 0.0)
        for a in 0...i {
          for b in 0...j {
            let weight = factor[packedIndex(i, a)] * factor[packedIndex(j, b)]
            product += weight * products[max(a, b) * p + min(a, b)]
            rough += weight * roughness[max(a, b) * p + min(a, b)]
          }
        }
        result.products[i * p + j] = product
        result.products[j * p + i] = product
        result.roughness[i * p + j] = rough
        result.roughness[j * p + i] = rough
      }
      for a in 0...i {
        result.sums[i] += factor[packedIndex(i, a)] * sums[a]
        result.roughSums[i] += factor[packedIndex(i, a)] * roughSums[a]
      }
    }
    return result
  }
}
