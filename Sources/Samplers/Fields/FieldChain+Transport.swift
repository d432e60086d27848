public import InferenceCore
public import LaneMath

/// Room for a transport.
@usableFromInline
struct TransportWorkspace<L: Lane>: Sendable {
  @usableFromInline var fields: [SIMD4<Double>]
  @usableFromInline var one: [SIMD4<Double>]
  @usableFromInline var two: [SIMD4<Double>]
  /// z': p × slots, slots fastest.
  @usableFromInline var proposed: [Double]
  @usableFromInline var positions: [L]
  @usableFromInline var logLikelihoods: [L]
  @usableFromInline var byproducts: [L]

  @usableFromInline
  init(slotCount: Int, groupCount: Int, fieldDimension: Int, dimension: Int, byproductCount: Int) {
    fields = [SIMD4<Double>](repeating: .zero, count: slotCount)
    one = fields
    two = fields
    proposed = [Double](repeating: 0, count: slotCount * fieldDimension)
    positions = [L](repeating: 0, count: groupCount * dimension)
    logLikelihoods = [L](repeating: 0, count: groupCount)
    byproducts = [L](repeating: 0, count: groupCount * byproductCount)
  }
}

extension FieldChain {
  /// Moves the whole population and all fields together.
  ///
  /// Under a Gaussian stand-in of the likelihood with one curvature for all sites (`FieldAnchor`) the fields given the
  /// population φ are normal. φ moves as `FieldTransport` proposes while the fields keep their place in that normal
  /// distribution (`PopulationMap`): a deterministic map with a known Jacobian, so that the move is accepted on the exact
  /// posterior ratio times that. Where the data say all, the fields hardly move (centred); where they say nothing it is the
  /// non-centred parameterisation (Papaspiliopoulos, Roberts and Sköld 2007, doi:10.1214/088342307000000014; Murray and
  /// Adams 2010), wave by wave of the graph and jointly for all coordinates: the long waves are known where single sites are
  /// not, and what the data exchange between two coordinates they exchange in φ as well.
  @inlinable
  mutating func moveAll() {
    let (p, layout) = (model.fieldDimension, model.layout)
    let structure = model.prior.structure
    let old = model.prior.coordinates(of: hyper)
    let (proposal, correction) = transport.propose(from: old, using: &random)
    let threshold = Double.log(random.uniformPositive())
    guard let new = model.prior.setting(to: proposal, of: hyper),
      let map = PopulationMap(
        from: hyper, to: new, curvature: anchor.curvature, spectrum: model.spectrum, structure: structure)
    else { return }
    for slot in layout.ownSlots {
      var z = SIMD4<Double>.zero
      for k in 0..<p { z[k] = field[slot * p + k] }
      transportRoom.fields[slot] = z
    }
    map.apply(
      layout, fields: transportRoom.fields, slopes: anchor.slopes, &transportRoom.one, &transportRoom.two)
    for slot in 0..<layout.slotCount {
      for k in 0..<p { transportRoom.proposed[k * layout.slotCount + slot] = transportRoom.one[slot][k] }
    }
    var ratio = map.logJacobian + correction
    ratio += fieldDensity(new.dependence, transportRoom.one)
    ratio -= fieldDensity(hyper.dependence, transportRoom.fields)
    ratio += model.prior.logDensity(at: proposal) - model.prior.logDensity(at: old)
    let newFactor = new.factor
    for group in 0..<layout.groupCount { ratio += propose(group, mean: new.mean, factor: newFactor) }
    if structure == .intrinsic { ratio += levelRatio(newFactor) }
    guard threshold < ratio else { return }
    transport.accept()
    hyper = new
    takeProposal()
    factor = newFactor
    inverse = packedInverse(factor, dimension: p)
    whitenedMean = (0..<p).map { i in
      (0...i).reduce(0) { $0 + inverse[packedIndex(i, $1)] * hyper.mean[$1] }
    }
    for slot in 0..<layout.slotCount {
      for k in 0..<p { field[slot * p + k] = transportRoom.proposed[k * layout.slotCount + slot] }
    }
    if structure == .intrinsic { levels.count(positions, model) }
  }

  /// Σ −½ z_kᵀ P_k z_k + ½ log det P_k.
  @inlinable
  func fieldDensity(_ dependence: [Double], _ z: [SIMD4<Double>]) -> Double {
    let layout = model.layout
    var (square, rough) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    for slot in layout.ownSlots {
      var product = layout.slotDiagonal[slot] * z[slot]
      for entry in layout.starts[slot]..<layout.starts[slot + 1] {
        product -= layout.weights[entry] * z[layout.neighbours[entry]]
      }
      square += z[slot] * z[slot]
      rough += z[slot] * product
    }
    let hasDeterminant = model.prior.structure == .leroux && moves.keepsDeterminant
    var sum = 0.0
    for (k, lambda) in dependence.enumerated() {
      if hasDeterminant { sum += model.spectrum.halfLogDeterminant(dependence: lambda) }
      sum -= 0.5 * (lambda * rough[k] + (1 - lambda) * square[k])
    }
    return sum
  }

  /// Evaluates `group` at its proposed position; the change of its log likelihood.
  @inlinable
  mutating func propose(_ group: Int, mean: [Double], factor newFactor: [Double]) -> Double {
    let (p, d) = (model.fieldDimension, model.dimension)
    let slots = model.layout.slotCount
    for i in 0..<p {
      var sum = L(mean[i])
      for k in 0...i {
        sum += newFactor[packedIndex(i, k)] * L(transportRoom.proposed, from: k * slots + group * L.count)
      }
      site.trial[i] = sum
    }
    for i in p..<max(p, d) {
      var sum = positions[group * d + i]
      for k in 0..<p {
        sum +=
          anchor.response[(group * (d - p) + i - p) * p + k] * (site.trial[k] - positions[group * d + k])
      }
      site.trial[i] = sum
    }
    for i in 0..<d { transportRoom.positions[group * d + i] = site.trial[i] }
    return evaluateProposal(group)
  }

  /// What the levels of an intrinsic field, whose density in z is flat, add to the ratio.
  @usableFromInline
  mutating func levelRatio(_ newFactor: [Double]) -> Double {
    levels.count(positions, model)
    var proposed = levels
    proposed.count(transportRoom.positions, model)
    let count = Double(model.graph.siteCount) - (moves.exponent ?? Double(model.graph.rank))
    let logs = (0..<model.fieldDimension).reduce(0.0) {
      $0 + Double.log(newFactor[packedIndex($1, $1)] / factor[packedIndex($1, $1)])
    }
    return count * logs + levels.logDensity(proposed.sums, prior: model.prior, isolated: true)
      - levels.logDensity(levels.sums, prior: model.prior, isolated: true)
  }
}
