public import InferenceCore
public import LaneMath

/// Room for a transport.
@usableFromInline
struct TransportWorkspace<L: Lane>: Sendable {
  @usableFromInline var current: [Double]
  @usableFromInline var proposed: [Double]
  @usableFromInline var shift: [Double]
  @usableFromInline var fields: [SIMD4<Double>]
  @usableFromInline var other: [SIMD4<Double>]
  @usableFromInline var sums: [SIMD4<Double>]
  @usableFromInline var positions: [L]
  @usableFromInline var logLikelihoods: [L]
  @usableFromInline var byproducts: [L]
  @usableFromInline var slopes: [L]

  @usableFromInline
  init(slotCount: Int, groupCount: Int, dimension: Int, byproductCount: Int) {
    current = [Double](repeating: 0, count: slotCount)
    proposed = current
    shift = current
    fields = [SIMD4<Double>](repeating: .zero, count: slotCount)
    other = fields
    sums = fields
    positions = [L](repeating: 0, count: groupCount * dimension)
    logLikelihoods = [L](repeating: 0, count: groupCount)
    byproducts = [L](repeating: 0, count: groupCount * byproductCount)
    slopes = [L](repeating: 0, count: dimension)
  }
}

extension FieldChain {
  /// Moves the hyperparameters of coordinate `k` and its field together.
  ///
  /// With φ = (μ_k, row k of L, λ_k) and the other fields z_j kept, the surrogate's conditional of z_k is normal with
  /// precision K(φ) = λQ̃ + (1 − λ)I + h I and mean m(φ) = K⁻¹ l(φ), l the slope of the surrogate in z_k at 0 and h its mean
  /// curvature. φ moves by a random walk while w = K^½ (z_k − m) stays:
  ///
  ///     z' = m(φ') + K(φ')^(−½) K(φ)^½ (z − m(φ))
  ///
  /// a deterministic map of Jacobian √(det K / det K'), so that the move is accepted on the exact posterior ratio times
  /// that. Where the data say all, w hardly changes z (centred); where they say nothing it is the non-centred
  /// parameterisation (Papaspiliopoulos, Roberts and Sköld 2007, doi:10.1214/088342307000000014; Murray and Adams
  /// 2010), mode by mode of the graph: its long waves are known where single sites are not. All of K is a function of Q̃,
  /// applied by `SpectralMap`. Without a graph K is a number at every site, which takes its own curvature.
  @inlinable
  mutating func transport(_ k: Int) {
    let old = model.prior.coordinates(row: k, of: hyper)
    let (proposal, correction) = transports[k].propose(from: old, using: &random)
    guard let new = model.prior.setting(row: k, to: proposal, of: hyper) else { return }
    var newFactor = factor
    new.writeFactorRow(k, into: &newFactor)
    let p = model.fieldDimension
    let structure = model.prior.structure
    let (length, newLength) = (factor[packedIndex(k, k)], newFactor[packedIndex(k, k)])
    let (lambda, newLambda) = (hyper.dependence[k], new.dependence[k])

    let curvature = meanCurvature(k, length: length)
    let newCurvature = meanCurvature(k, length: newLength)
    let (base, newBase) = (1 - lambda + curvature, 1 - newLambda + newCurvature)
    var degree: Int? = 0
    if structure != .exchangeable {
      degree = SpectralMap.degree(
        condition: 1 + model.spectrum.bound * max(lambda / base, newLambda / newBase))
    }
    // Reversible: whether a pair is beyond reach does not depend on its order.
    guard let degree else { return }

    for slot in 0..<model.layout.slotCount {
      transportRoom.current[slot] = field[slot * p + k]
      var shift = new.mean[k] - hyper.mean[k]
      for j in 0..<k {
        shift += (newFactor[packedIndex(k, j)] - factor[packedIndex(k, j)]) * field[slot * p + j]
      }
      transportRoom.shift[slot] = shift
    }
    var ratio = 0.0
    for group in 0..<model.layout.groupCount {
      ratio += slopes(group, k, length: length, newLength: newLength)
    }
    if structure != .exchangeable {
      let map = SpectralMap(degree: degree, bound: model.spectrum.bound) { x in
        let (old, fresh) = (lambda * x + base, newLambda * x + newBase)
        let root = (old / fresh).squareRoot()
        return SIMD4(root, -root / old, 1 / fresh, 0)
      }
      map.apply(
        model.layout, &transportRoom.fields, &transportRoom.other, &transportRoom.sums,
        into: &transportRoom.proposed)
      ratio +=
        0.5
        * (model.spectrum.transportDeterminant(lambda, base, structure)
          - model.spectrum.transportDeterminant(newLambda, newBase, structure))
    }
    ratio += fieldDensity(newLambda, transportRoom.proposed) - fieldDensity(lambda, transportRoom.current)
    ratio += correction
    ratio += model.prior.logDensity(row: k, at: proposal) - model.prior.logDensity(row: k, at: old)
    let threshold = Double.log(random.uniformPositive())
    for group in 0..<model.layout.groupCount {
      ratio += propose(group, k, factor: newFactor, length: length, newLength: newLength)
    }
    if structure == .intrinsic { ratio += levelRatio(k, length: length, newLength: newLength) }
    guard threshold < ratio else { return }
    transports[k].accepted += 1
    transports[k].wasAccepted = true
    hyper = new
    takeProposal()
    factor = newFactor
    inverse = packedInverse(factor, dimension: p)
    whitenedMean = (0..<p).map { i in (0...i).reduce(0) { $0 + inverse[packedIndex(i, $1)] * hyper.mean[$1] }
    }
    for slot in 0..<model.layout.slotCount { field[slot * p + k] = transportRoom.proposed[slot] }
    if structure == .intrinsic { levels.count(positions, model) }
  }

  /// aᵀ H̄ a, a column `k` of L with `length` on its diagonal, H̄ the mean information of the sites.
  @inlinable
  func meanCurvature(_ k: Int, length: Double) -> Double {
    let p = model.fieldDimension
    var sum = 0.0
    for i in k..<p {
      let a = i == k ? length : factor[packedIndex(i, k)]
      for j in k..<p {
        let b = j == k ? length : factor[packedIndex(j, k)]
        sum += a * b * meanInformation[packedIndex(max(i, j), min(i, j))]
      }
    }
    return max(sum, 0)
  }

  /// The slopes l(φ) and l(φ') of the surrogate in z_k for the sites of `group`, to the workspace; without a graph the new
  /// z_k and the log Jacobian.
  @inlinable
  mutating func slopes(_ group: Int, _ k: Int, length: Double, newLength: Double) -> Double {
    let (p, d) = (model.fieldDimension, model.dimension)
    let size = packedIndex(d, 0)
    let first = group * L.count
    let z = L(transportRoom.current, from: first)
    let shift = L(transportRoom.shift, from: first)
    var (slope, newSlope) = (L(0), L(0))
    var (curvature, newCurvature) = (L(0), L(0))
    for i in k..<p {
      let (a, b) = i == k ? (length, newLength) : (factor[packedIndex(i, k)], factor[packedIndex(i, k)])
      // b − H r, r the position without the part of z_k.
      var rest = surrogate.slopes[group * d + i]
      for j in 0..<d {
        let entry = surrogate.information[group * size + packedIndex(max(i, j), min(i, j))]
        rest -= entry * positions[group * d + j]
        if j >= k && j < p {
          let c = j == k ? length : factor[packedIndex(j, k)]
          rest += (c * entry) * z
          curvature += (a * c) * entry
          newCurvature += (b * (j == k ? newLength : c)) * entry
        }
      }
      slope += a * rest
      newSlope += b * (rest - surrogate.information[group * size + packedIndex(max(i, k), min(i, k))] * shift)
    }
    if model.prior.structure == .exchangeable {
      let (old, new) = (1 + curvature, 1 + newCurvature)
      let root = (old / new).squareRoot()
      (newSlope / new + root * (z - slope / old)).store(into: &transportRoom.proposed, from: first)
      let logs = model.layout.own[group] * L.log(root)
      return (0..<L.count).reduce(0) { $0 + logs[$1] }
    }
    let own = model.layout.own[group]
    for lane in 0..<L.count {
      transportRoom.fields[first + lane] = own[lane] * SIMD4(z[lane], slope[lane], newSlope[lane], 0)
    }
    return 0
  }

  /// −½ zᵀ P z + ½ log det P.
  @inlinable
  func fieldDensity(_ lambda: Double, _ z: [Double]) -> Double {
    var (square, rough) = (0.0, 0.0)
    for slot in model.layout.ownSlots {
      var product = model.layout.slotDiagonal[slot] * z[slot]
      for entry in model.layout.starts[slot]..<model.layout.starts[slot + 1] {
        product -= model.layout.weights[entry] * z[model.layout.neighbours[entry]]
      }
      square += z[slot] * z[slot]
      rough += z[slot] * product
    }
    let determinant =
      model.prior.structure == .leroux && moves.keepsDeterminant
      ? model.spectrum.halfLogDeterminant(dependence: lambda) : 0
    return determinant - 0.5 * (lambda * rough + (1 - lambda) * square)
  }

  /// Evaluates `group` at its proposed position; the change of its log likelihood.
  @inlinable
  mutating func propose(_ group: Int, _ k: Int, factor newFactor: [Double], length: Double, newLength: Double)
    -> Double
  {
    let (p, d) = (model.fieldDimension, model.dimension)
    let first = group * L.count
    let z = L(transportRoom.current, from: first)
    let new = L(transportRoom.proposed, from: first)
    for i in 0..<d { site.trial[i] = positions[group * d + i] }
    site.trial[k] += L(transportRoom.shift, from: first) + (newLength * new - length * z)
    for i in k + 1..<max(k + 1, p) { site.trial[i] += newFactor[packedIndex(i, k)] * (new - z) }
    for i in 0..<d { transportRoom.positions[group * d + i] = site.trial[i] }
    return evaluateProposal(group)
  }

  /// What the levels of an intrinsic field, whose density in z is flat, add to the ratio.
  @usableFromInline
  mutating func levelRatio(_ k: Int, length: Double, newLength: Double) -> Double {
    levels.count(positions, model)
    var proposed = levels
    proposed.count(transportRoom.positions, model)
    let count = Double(model.graph.siteCount) - (moves.exponent ?? Double(model.graph.rank))
    return count * Double.log(newLength / length)
      + levels.logDensity(proposed.sums, prior: model.prior, isolated: true)
      - levels.logDensity(levels.sums, prior: model.prior, isolated: true)
  }
}
