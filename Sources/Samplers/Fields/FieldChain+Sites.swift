public import InferenceCore
public import LaneMath

/// The two kinds of steps that sites make.
@usableFromInline
enum SiteStep: Int, Sendable {
  /// From the normal approximation of the full conditional, a little wider than it.
  case independence
  /// A random walk of its shape.
  case walk

  /// The size of a step in units of the approximation.
  @usableFromInline
  func scale(dimension: Int) -> Double {
    self == .independence ? 1.15 : 2.0 / Double(dimension).squareRoot()
  }
}

/// Room for one group's step.
@usableFromInline
struct SiteWorkspace<L: Lane>: Sendable {
  @usableFromInline var trial: [L]
  @usableFromInline var shifted: [L]
  @usableFromInline var current: [L]
  @usableFromInline var matrix: [L]
  @usableFromInline var mean: [L]
  @usableFromInline var whitened: [L]
  @usableFromInline var linear: [L]
  @usableFromInline var precisions: [L]
  /// Σ w z of the neighbours: p × lanes.
  @usableFromInline var sums: [Double]
  /// z before the sweep, for the synchronous twin.
  @usableFromInline var frozen: [Double] = []

  @usableFromInline
  init(p: Int, d: Int) {
    trial = [L](repeating: 0, count: d)
    shifted = trial
    current = trial
    mean = trial
    whitened = trial
    matrix = [L](repeating: 0, count: packedIndex(d, 0))
    linear = [L](repeating: 0, count: p)
    precisions = linear
    sums = [Double](repeating: 0, count: p * L.count)
  }
}

extension FieldChain {
  /// A step of every site, colour after colour.
  @inlinable
  mutating func updateSites(_ step: SiteStep) {
    if moves.isSynchronous { site.frozen = field }
    for colour in model.layout.colours {
      for group in colour { updateGroup(group, step) }
    }
  }

  /// Sums over the neighbours of every lane, Σ w z, to the workspace.
  @inlinable
  mutating func sumNeighbours(_ group: Int) {
    let p = model.fieldDimension
    for index in site.sums.indices { site.sums[index] = 0 }
    for lane in 0..<L.count {
      let slot = group * L.count + lane
      for entry in model.layout.starts[slot]..<model.layout.starts[slot + 1] {
        let weight = model.layout.weights[entry]
        let other = model.layout.neighbours[entry] * p
        for k in 0..<p {
          site.sums[k * L.count + lane] +=
            weight * (moves.isSynchronous ? site.frozen[other + k] : field[other + k])
        }
      }
    }
  }

  /// A Metropolis–Hastings step of the sites of `group` given all others.
  ///
  /// The conditional prior N(μ + Lm, L diag(1/p) Lᵀ), p = λ d + 1 − λ, m = λ Σ w z/p, times the surrogate likelihood is
  /// normal: exp q(η), of mean m̂ and precision A Aᵀ. In w = Aᵀ(η − m̂) an independence proposal is s ε and a random walk
  /// w + s ε. Both are accepted on
  ///
  ///     log ℓ − log ℓ̂ + κ q  at the proposal less at the current place,  κ = 1 − 1/s² and 1,
  ///
  /// ℓ̂ the surrogate: the prior need never be evaluated.
  @inlinable
  mutating func updateGroup(_ group: Int, _ step: SiteStep) {
    let (p, d) = (model.fieldDimension, model.dimension)
    let size = packedIndex(d, 0)
    sumNeighbours(group)
    let diagonal = model.layout.diagonal[group]
    for k in 0..<p {
      let lambda = hyper.dependence[k]
      let precision = lambda * diagonal + L(1 - lambda)
      site.precisions[k] = precision
      site.linear[k] = whitenedMean[k] * precision + lambda * L(site.sums, from: k * L.count)
    }
    if edges.mixture != nil { takeEdges(group) }
    for k in 0..<size { site.matrix[k] = surrogate.information[group * size + k] }
    for row in 0..<d { site.mean[row] = surrogate.slopes[group * d + row] }
    for row in 0..<p {
      for k in row..<p {
        let a = inverse[packedIndex(k, row)]
        site.mean[row] += a * site.linear[k]
        for column in 0...row {
          site.matrix[packedIndex(row, column)] += (a * inverse[packedIndex(k, column)]) * site.precisions[k]
        }
      }
    }
    if model.prior.structure == .intrinsic { addLevelOfIsolated(group) }
    LaneCholesky.factor(&site.matrix, dimension: d)
    LaneCholesky.solve(factor: site.matrix, &site.mean, dimension: d)

    let scale = step.scale(dimension: d)
    let share = step == .independence ? 1 - 1 / (scale * scale) : 1
    var quadratic = L(0)
    for k in stride(from: 0, to: d, by: 2) {
      let (a, b) = randoms[group].normalPair()
      site.trial[k] = scale * a
      if k + 1 < d { site.trial[k + 1] = scale * b }
    }
    for k in 0..<d { site.current[k] = positions[group * d + k] }
    for k in 0..<d {
      var sum = L(0)
      for row in k..<d {
        sum += site.matrix[packedIndex(row, k)] * (site.current[row] - site.mean[row])
      }
      if step == .walk { site.trial[k] += sum }
      quadratic += sum * sum - site.trial[k] * site.trial[k]
    }
    LaneCholesky.solveTransposed(factor: site.matrix, &site.trial, dimension: d)
    for k in 0..<d { site.trial[k] += site.mean[k] }

    density.take(model.groups[group])
    let value = density.logDensity(at: shifted(group, site.trial))
    var ratio = value - logLikelihoods[group]
    ratio += surrogate.value(group, site.current, 0) - surrogate.value(group, site.trial, 0)
    ratio += (0.5 * share) * quadratic
    let accepted = L.log(randoms[group].uniformPositive()) < ratio
    if model.prior.structure == .intrinsic && !acceptsLevels(group, accepted) { return }
    accept(group, accepted, value)
    count(accepted, group, step)
  }

  @inlinable
  mutating func accept(_ group: Int, _ accepted: L.Mask, _ value: L) {
    let d = model.dimension
    for k in 0..<d {
      positions[group * d + k] = L.select(accepted, site.trial[k], site.current[k])
    }
    logLikelihoods[group] = L.select(accepted, value, logLikelihoods[group])
    let reached = density.byproducts
    for k in 0..<byproductCount {
      let place = group * byproductCount + k
      byproducts[place] = L.select(accepted, reached[k], byproducts[place])
    }
    whiten(group, positions, group * d)
  }

  @inlinable
  mutating func count(_ accepted: L.Mask, _ group: Int, _ step: SiteStep) {
    let own = model.layout.own[group]
    let hits = L.select(accepted, own, 0)
    for lane in 0..<L.count {
      acceptedSites[step.rawValue] += hits[lane]
      triedSites[step.rawValue] += own[lane]
    }
  }

  /// Replaces the surrogates by expansions at `means`.
  @inlinable
  mutating func renewSurrogate(at means: [L]) {
    let (p, d) = (model.fieldDimension, model.dimension)
    for group in 0..<model.layout.groupCount {
      density.take(model.groups[group])
      let offsets = model.offsets.map { Array($0[group * p..<(group + 1) * p]) } ?? []
      surrogate.expand(
        &density, group: group, at: Array(means[group * d..<(group + 1) * d]), offsets: offsets)
    }
  }
}
