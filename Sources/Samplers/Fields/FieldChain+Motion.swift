public import InferenceCore
public import LaneMath

extension FieldChain {
  /// Moves the population and all fields together along a Hamiltonian trajectory.
  ///
  /// In the coordinates (u, w) of `FieldReference` the posterior is nearly N(0, I). With momenta r ~ N(0, I) the motion in that
  /// normal distribution is a rotation, which is exact; what the posterior has besides acts in kicks between rotations by ε:
  ///
  ///     r ← r + ½ε (∇ log p + y),  (y, r) ← (y cos ε + r sin ε, r cos ε − y sin ε),  r ← r + ½ε (∇ log p + y)
  ///
  /// reversible and volume-preserving, so that the end is accepted on the change of log p − ½ rᵀr (Duane et al. 1987,
  /// doi:10.1016/0370-2693(87)91197-X; the splitting: Shahbaba et al. 2014, doi:10.1007/s11222-012-9373-1). Lengths vary, so
  /// that no trajectory comes back to its start again and again.
  @inlinable
  mutating func moveAlong() {
    guard let reference = motion.reference else { return }
    enter(reference)
    let count = motion.place.count
    for k in stride(from: 0, to: count, by: 2) {
      let (a, b) = random.normalPair()
      motion.momentum[k] = a
      if k + 1 < count { motion.momentum[k + 1] = b }
    }
    let threshold = Double.log(random.uniformPositive())
    let angle = (0.4 + 0.6 * random.uniform()) * FieldMotion<L>.longestAngle
    let epsilon = motion.stepSize
    let steps = max(1, Int(min(Double(FieldMotion<L>.mostSteps), (angle / epsilon).rounded(.up))))
    let (cosine, sine) = Double.cosineAndSine(turns: epsilon / (2 * Double.pi))
    var ratio = kineticEnergy - populationDensity(hyper, motion.coordinates, motion.start)
    var population: FieldHyperparameters? = hyper
    findForce(hyper, reference)
    kick(0.5 * epsilon)
    for step in 1...steps {
      rotate(cosine, sine)
      population = unfold(reference)
      guard let population else { break }
      findForce(population, reference)
      kick(step == steps ? 0.5 * epsilon : epsilon)
      motion.counts.steps += 1
    }
    motion.counts.tried += 1
    guard let population, kineticEnergy.isFinite else { return motion.learn(acceptance: 0) }
    ratio += populationDensity(population, motion.coordinates, motion.field) - kineticEnergy
    if model.prior.structure == .intrinsic { ratio += levelRatio(population.factor) }
    ratio += evaluateProposal()
    motion.learn(acceptance: ratio.isFinite ? Double.exp(min(0, ratio)) : 0)
    guard threshold < ratio else { return }
    motion.counts.accepted += 1
    hyper = population
    takeProposal()
    followPopulation()
    if model.prior.structure == .intrinsic { levels.count(positions, model) }
  }

  /// ½ rᵀr.
  @inlinable
  var kineticEnergy: Double { motion.momentum.reduce(0) { $0 + 0.5 * $1 * $1 } }

  /// r += time · (∇ log p + y).
  @inlinable
  mutating func kick(_ time: Double) {
    for k in motion.force.indices { motion.momentum[k] += time * (motion.force[k] + motion.place[k]) }
  }

  /// (y, r) turned by the angle of this cosine and sine.
  @inlinable
  mutating func rotate(_ cosine: Double, _ sine: Double) {
    for k in motion.place.indices {
      let (y, r) = (motion.place[k], motion.momentum[k])
      motion.place[k] = cosine * y + sine * r
      motion.momentum[k] = cosine * r - sine * y
    }
  }

  /// log p(φ) + Σ −½ z_kᵀ P_k z_k + ½ log det P_k, up to a constant.
  @inlinable
  func populationDensity(
    _ population: FieldHyperparameters, _ coordinates: [Double], _ z: [SIMD4<Double>]
  ) -> Double {
    let layout = model.layout
    var (square, rough) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    for slot in layout.ownSlots {
      square += z[slot] * z[slot]
      rough += z[slot] * layout.roughness(z, slot)
    }
    let hasDeterminant = model.prior.structure == .leroux && moves.keepsDeterminant
    var sum = model.prior.logDensity(at: coordinates)
    for (k, lambda) in population.dependence.enumerated() {
      if hasDeterminant { sum += model.spectrum.halfLogDeterminant(dependence: lambda) }
      sum -= 0.5 * (lambda * rough[k] + (1 - lambda) * square[k])
    }
    // Mixtures of normals have no quadratic form in the first coordinate.
    if edges.mixture != nil { sum += 0.5 * rough[0] + edges.logKernel(z) }
    return sum
  }

  /// (u, w) of the current state, and where it is.
  @inlinable
  mutating func enter(_ reference: FieldReference) {
    let (p, d) = (model.fieldDimension, model.dimension)
    let (q, count) = (reference.centre.count, reference.mean.count)
    for k in positions.indices { proposal.positions[k] = positions[k] }
    for slot in motion.start.indices { for k in 0..<p { motion.start[slot][k] = field[slot * p + k] } }
    motion.field = motion.start
    motion.coordinates = model.prior.coordinates(of: hyper)
    for (place, slot) in reference.metric.slots.enumerated() {
      let (group, lane) = (slot / L.count, slot % L.count)
      for k in 0..<d {
        let value = k < p ? field[slot * p + k] : positions[group * d + k][lane]
        motion.sites[place * d + k] = value - reference.mean[place * d + k]
      }
    }
    for j in 0..<q {
      let change = motion.coordinates[j] - reference.centre[j]
      reference.addResponse(j, -change, to: &motion.sites)
      var sum = change
      for i in 0..<j { sum -= reference.factor[packedIndex(j, i)] * motion.place[i] }
      motion.place[j] = sum / reference.factor[packedIndex(j, j)]
    }
    reference.metric.multiplyUpper(&motion.sites)
    for k in 0..<count { motion.place[q + k] = motion.sites[k] }
  }

  /// The population, z and η at (u, w), the last two written to the trajectory's present place; nil if they left the range
  /// of numbers.
  @inlinable
  mutating func unfold(_ reference: FieldReference) -> FieldHyperparameters? {
    let (p, d) = (model.fieldDimension, model.dimension)
    let (q, count) = (reference.centre.count, reference.mean.count)
    for k in 0..<count { motion.sites[k] = motion.place[q + k] }
    reference.metric.solveUpper(&motion.sites)
    for k in 0..<count { motion.sites[k] += reference.mean[k] }
    for j in 0..<q {
      var change = 0.0
      for i in 0...j { change += reference.factor[packedIndex(j, i)] * motion.place[i] }
      motion.coordinates[j] = reference.centre[j] + change
      reference.addResponse(j, change, to: &motion.sites)
    }
    guard let population = model.prior.setting(to: motion.coordinates, of: hyper) else { return nil }
    let factor = population.factor
    for (place, slot) in reference.metric.slots.enumerated() {
      let (group, lane) = (slot / L.count, slot % L.count)
      for k in 0..<p {
        motion.field[slot][k] = motion.sites[place * d + k]
        var sum = population.mean[k]
        for j in 0...k { sum += factor[packedIndex(k, j)] * motion.sites[place * d + j] }
        proposal.positions[group * d + k][lane] = sum
      }
      for k in p..<max(p, d) { proposal.positions[group * d + k][lane] = motion.sites[place * d + k] }
    }
    return population
  }
}
