public import InferenceCore
public import LaneMath

/// The proposal of a shift of all sites: a random walk whose size is led to an acceptance of 0.3 in the warm-up.
public struct FieldShift: Sendable {
  @usableFromInline var logScale: Double
  @usableFromInline var wasAccepted = false
  /// The Cholesky factor of the precision of the shift under the surrogates, packed.
  @usableFromInline var factor: [Double] = []
  @usableFromInline var step: [Double]

  @usableFromInline
  init(dimension p: Int) {
    logScale = Double.log(2.38 / Double(p).squareRoot())
    step = [Double](repeating: 0, count: p)
  }
}

extension FieldChain {
  /// Adds one vector to μ and to every site, z staying as it is: the direction in which a whole field is known least,
  /// and to which single sites hardly move.
  @inlinable
  mutating func shiftAll() {
    let (p, d) = (model.fieldDimension, model.dimension)
    shift.wasAccepted = false
    for k in 0..<p { shift.step[k] = Double.exp(shift.logScale) * random.normalPair().0 }
    LaneCholesky.solveTransposed(factor: shift.factor, &shift.step, dimension: p)
    var ratio = 0.0
    var new = hyper
    for k in 0..<p {
      new.mean[k] += shift.step[k]
      ratio += model.prior.logDensity(row: k, of: new) - model.prior.logDensity(row: k, of: hyper)
    }
    for group in 0..<model.layout.groupCount {
      for k in 0..<d {
        site.trial[k] = positions[group * d + k] + (k < p ? L(shift.step[k]) : L(0))
        transportRoom.positions[group * d + k] = site.trial[k]
      }
      ratio += evaluateProposal(group)
    }
    if model.prior.structure == .intrinsic {
      levels.count(positions, model)
      var proposed = levels
      proposed.count(transportRoom.positions, model)
      ratio +=
        levels.logDensity(proposed.sums, prior: model.prior, isolated: true)
        - levels.logDensity(levels.sums, prior: model.prior, isolated: true)
    }
    guard Double.log(random.uniformPositive()) < ratio else { return }
    shift.wasAccepted = true
    if model.prior.structure == .intrinsic {
      takeProposal()
      levels.count(positions, model)
      followPopulation()
    } else {
      hyper = new
      takeProposal()
      whitenedMean = (0..<p).map { i in
        (0...i).reduce(0) { $0 + inverse[packedIndex(i, $1)] * hyper.mean[$1] }
      }
    }
  }

  /// The factor of the precision of a shift: ΣH of the sites and the prior's.
  @inlinable
  mutating func followInformation() {
    let p = model.fieldDimension
    let count = Double(model.graph.siteCount)
    var matrix = [Double](repeating: 0, count: packedIndex(p, 0))
    for i in 0..<p {
      for j in 0...i { matrix[packedIndex(i, j)] = count * anchor.curvature[packedIndex(i, j)] }
      let sd = model.prior.axes[i].sd
      matrix[packedIndex(i, i)] += sd.isFinite ? 1 / (sd * sd) : 1e-6
    }
    LaneCholesky.factor(&matrix, dimension: p)
    shift.factor = matrix
  }

  /// Evaluates the likelihood of `group` at `site.trial`, keeps it as part of the proposal, and returns its change.
  @inlinable
  mutating func evaluateProposal(_ group: Int) -> Double {
    density.take(model.groups[group])
    let value = density.logDensity(at: shifted(group, site.trial))
    transportRoom.logLikelihoods[group] = value
    let reached = density.byproducts
    for i in 0..<byproductCount { transportRoom.byproducts[group * byproductCount + i] = reached[i] }
    // A copy counts nothing, not even a NaN.
    let change = L.select(L(0.5) < model.layout.own[group], value - logLikelihoods[group], 0)
    return (0..<L.count).reduce(0) { $0 + change[$1] }
  }

  /// Makes the proposal the state of all sites.
  @inlinable
  mutating func takeProposal() {
    swap(&positions, &transportRoom.positions)
    swap(&logLikelihoods, &transportRoom.logLikelihoods)
    swap(&byproducts, &transportRoom.byproducts)
  }
}
