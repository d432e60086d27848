public import InferenceCore
public import LaneMath

extension FieldChain {
  /// ∇ log p in (u, w) at the trajectory's present place, to `motion.force`.
  @inlinable
  mutating func findForce(_ population: FieldHyperparameters, _ reference: FieldReference) {
    let (p, d, layout) = (model.fieldDimension, model.dimension, model.layout)
    for group in 0..<layout.groupCount {
      density.take(model.groups[group])
      for k in 0..<d { site.trial[k] = proposal.positions[group * d + k] }
      density.findGradient(
        at: shifted(group, site.trial), to: &motion.gradient, using: &motion.information)
      for k in 0..<d { motion.gradients[group * d + k] = motion.gradient[k] }
    }
    var forces = PopulationForces(dimension: p)
    if model.prior.structure == .intrinsic {
      addForceOfLevels()
      forces.missingExponent = missingExponent
    }
    let factor = population.factor
    var dependence = SIMD4<Double>.zero
    for k in 0..<p { dependence[k] = population.dependence[k] }
    let pulls = edges.pulls(of: motion.field)
    var (squares, roughness, sums) = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
    for (place, slot) in reference.metric.slots.enumerated() {
      let (group, lane) = (slot / L.count, slot % L.count)
      let z = motion.field[slot]
      let rough = layout.roughness(motion.field, slot)
      squares += z * z
      roughness += z * rough
      var pull = dependence * rough + (1 - dependence) * z
      if !pulls.isEmpty { pull[0] = pulls[slot] }
      var slope = SIMD4<Double>.zero
      for k in 0..<p { slope[k] = motion.gradients[group * d + k][lane] }
      sums += slope
      for k in 0..<p {
        var sum = -pull[k]
        for i in k..<p {
          sum += factor[packedIndex(i, k)] * slope[i]
          forces.products[packedIndex(i, k)] += slope[i] * z[k]
        }
        motion.sites[place * d + k] = sum
      }
      for k in p..<max(p, d) { motion.sites[place * d + k] = motion.gradients[group * d + k][lane] }
    }
    for k in 0..<p {
      (forces.sums[k], forces.squares[k], forces.roughness[k]) = (sums[k], squares[k], roughness[k])
    }
    var slopes = model.prior.gradient(
      at: motion.coordinates, of: population, forces, spectrum: model.spectrum)
    let q = slopes.count
    for j in 0..<q { slopes[j] += reference.productWithResponse(j, motion.sites) }
    for i in 0..<q {
      motion.force[i] = (i..<q).reduce(0) { $0 + reference.factor[packedIndex($1, i)] * slopes[$1] }
    }
    reference.metric.solveLower(&motion.sites)
    for k in motion.sites.indices { motion.force[q + k] = motion.sites[k] }
  }

  /// −∂² log p/∂u∂u at the current state, row-major, by differences; empty if it cannot be found.
  @inlinable
  mutating func populationCurvature(_ reference: FieldReference) -> [Double] {
    let q = reference.centre.count
    let width = 0.01
    var result = [Double](repeating: 0, count: q * q)
    enter(reference)
    for j in 0..<q {
      let start = motion.place[j]
      for sign in [1.0, -1] {
        motion.place[j] = start + sign * width
        guard let population = unfold(reference) else { return [] }
        findForce(population, reference)
        for i in 0..<q { result[i * q + j] -= sign * motion.force[i] / (2 * width) }
      }
      motion.place[j] = start
    }
    return result
  }
}

extension SiteLayout {
  /// Q̃ z at `slot`.
  @inlinable @inline(__always)
  func roughness(_ z: [SIMD4<Double>], _ slot: Int) -> SIMD4<Double> {
    var product = slotDiagonal[slot] * z[slot]
    for entry in starts[slot]..<starts[slot + 1] { product -= weights[entry] * z[neighbours[entry]] }
    return product
  }
}
