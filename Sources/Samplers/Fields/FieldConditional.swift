internal import GSLSupport
public import InferenceCore
public import LaneMath

/// What a field says of its population: sufficient statistics, and updates of the hyperparameters given the field.
///
/// With U = η − c about any centre c: A = UᵀU, B = UᵀQ̃U, the sums 1ᵀU and 1ᵀQ̃U. Every full conditional follows
/// from these few numbers; an update costs no pass over the sites.
public struct FieldConditional: Sendable {
  /// V.
  @usableFromInline let siteCount: Double
  /// 1ᵀQ̃1: the sites without neighbours.
  @usableFromInline let isolatedCount: Double
  /// The exponent of 1/|L|: V of a proper field, the rank of Q of an intrinsic one.
  public var exponent: Double
  /// The centre c.
  @usableFromInline var centre: [Double]
  /// A and B, row-major p × p.
  @usableFromInline var products: [Double]
  @usableFromInline var roughness: [Double]
  /// 1ᵀU and 1ᵀQ̃U.
  @usableFromInline var sums: [Double]
  @usableFromInline var roughSums: [Double]
  /// The differences of the first coordinate, if they are a mixture of normals.
  @usableFromInline var increments: FieldDifferences?
  /// Whether ½ log det P is part of the density (it is, but for twins of tests).
  @usableFromInline var keepsDeterminant = true

  /// The statistics of the field `values` (sites × p, p fastest) on `graph`: the slow, obvious form.
  public init(
    _ values: [[Double]], on graph: SiteGraph, centre: [Double], structure: FieldPrior.Structure = .leroux,
    increments: FieldIncrements = .normal
  ) {
    let p = centre.count
    self.init(graph: graph, dimension: p, structure: structure)
    self.centre = centre
    self.increments = increments.mixture.map { mixture in
      FieldDifferences(
        mixture: mixture,
        values: zip(graph.edges, graph.incrementRoots).map { edge, root in
          root * (values[edge.first][0] - values[edge.second][0])
        })
    }
    let u = values.map { row in (0..<p).map { row[$0] - centre[$0] } }
    for i in 0..<p {
      for j in 0..<p {
        products[i * p + j] = u.reduce(0) { $0 + $1[i] * $1[j] }
        var sum = graph.edges.reduce(0) { sum, edge in
          let (a, b) = (u[edge.first], u[edge.second])
          return sum + graph.scaledWeight(edge) * (a[i] - b[i]) * (a[j] - b[j])
        }
        for site in u.indices where graph.isIsolated(site) && structure != .intrinsic {
          sum += u[site][i] * u[site][j]
        }
        roughness[i * p + j] = sum
      }
      sums[i] = u.reduce(0) { $0 + $1[i] }
      for site in u.indices where graph.isIsolated(site) && structure != .intrinsic {
        roughSums[i] += u[site][i]
      }
    }
  }

  /// No statistics yet.
  @usableFromInline
  init(graph: SiteGraph, dimension p: Int, structure: FieldPrior.Structure) {
    siteCount = Double(graph.siteCount)
    isolatedCount = structure == .intrinsic ? 0 : Double(graph.isolatedCount)
    exponent = Double(structure == .intrinsic ? graph.rank : graph.siteCount)
    centre = [Double](repeating: 0, count: p)
    products = [Double](repeating: 0, count: p * p)
    roughness = products
    sums = centre
    roughSums = centre
  }

  /// log p(η | μ = c, τ, Ω, λ) up to a constant: −E Σ log L_kk + Σ [½ log det P_k − ½ z_kᵀ P_k z_k].
  public func logDensity(
    _ hyper: FieldHyperparameters, _ spectrum: FieldSpectrum, structure: FieldPrior.Structure
  )
    -> Double
  {
    let p = centre.count
    let factor = hyper.factor
    let inverse = packedInverse(factor, dimension: p)
    var sum = 0.0
    for k in 0..<p {
      let lambda = hyper.dependence[k]
      sum -= exponent * Double.log(factor[packedIndex(k, k)])
      sum += logKernel(inverse, row: k, hyper)
      if structure == .leroux && keepsDeterminant { sum += spectrum.halfLogDeterminant(dependence: lambda) }
    }
    return sum
  }

  /// −½ z_kᵀ P_k z_k for row `k` of L⁻¹, or what a mixture of normals has in its place.
  @usableFromInline
  func logKernel(_ inverse: [Double], row k: Int, _ hyper: FieldHyperparameters) -> Double {
    guard k == 0, let increments else {
      return -0.5 * quadratic(inverse, row: k, lambda: hyper.dependence[k])
    }
    return increments.mixture.logKernel(increments.values, scale: hyper.spread[0])
  }

  /// z_kᵀ P_k z_k for row `k` of L⁻¹.
  @usableFromInline
  func quadratic(_ inverse: [Double], row k: Int, lambda: Double) -> Double {
    let p = centre.count
    var sum = 0.0
    for i in 0...k {
      let a = inverse[packedIndex(k, i)]
      for j in 0...k {
        let entry = lambda * roughness[i * p + j] + (1 - lambda) * products[i * p + j]
        sum += a * inverse[packedIndex(k, j)] * entry
      }
    }
    return sum
  }

  /// Moves the centre to `new`.
  @usableFromInline
  mutating func recentre(to new: [Double]) {
    let p = centre.count
    let shift = (0..<p).map { new[$0] - centre[$0] }
    for i in 0..<p {
      for j in 0..<p {
        products[i * p + j] += siteCount * shift[i] * shift[j] - sums[i] * shift[j] - shift[i] * sums[j]
        roughness[i * p + j] +=
          isolatedCount * shift[i] * shift[j] - roughSums[i] * shift[j] - shift[i] * roughSums[j]
      }
    }
    for i in 0..<p {
      sums[i] -= siteCount * shift[i]
      roughSums[i] -= isolatedCount * shift[i]
    }
    centre = new
  }

  /// The normal full conditional of μ: precision (row-major p × p) and linear term of μ − c.
  public func meanConditional(_ hyper: FieldHyperparameters, prior: FieldPrior)
    -> (precision: [Double], linear: [Double])
  {
    let p = centre.count
    let inverse = packedInverse(hyper.factor, dimension: p)
    var precision = [Double](repeating: 0, count: p * p)
    var linear = [Double](repeating: 0, count: p)
    for k in 0..<p {
      let lambda = hyper.dependence[k]
      let count = lambda * isolatedCount + (1 - lambda) * siteCount
      var total = 0.0
      for j in 0...k {
        total += inverse[packedIndex(k, j)] * (lambda * roughSums[j] + (1 - lambda) * sums[j])
      }
      for i in 0...k {
        linear[i] += inverse[packedIndex(k, i)] * total
        for j in 0...k {
          precision[i * p + j] += count * inverse[packedIndex(k, i)] * inverse[packedIndex(k, j)]
        }
      }
    }
    for k in 0..<p where prior.axes[k].sd.isFinite {
      let own = 1 / (prior.axes[k].sd * prior.axes[k].sd)
      precision[k * p + k] += own
      linear[k] += own * (prior.axes[k].mean - centre[k])
    }
    return (precision, linear)
  }

  /// Draws μ, then every spread, partial correlation and dependence by slice sampling, given the field.
  @usableFromInline
  mutating func update(
    _ hyper: inout FieldHyperparameters, prior: FieldPrior, spectrum: FieldSpectrum,
    using random: inout LaneRandom<Double>
  ) {
    let p = centre.count
    if prior.structure != .intrinsic {
      let (precision, linear) = meanConditional(hyper, prior: prior)
      if let factor = CholeskyFactor(precision, order: p) {
        // Noise of covariance K⁻¹: K⁻¹ L ε for K = L Lᵀ.
        let noise = factor.solve(factor.multiply((0..<p).map { _ in random.normalPair().0 }))
        let mean = factor.solve(linear)
        let new = (0..<p).map { centre[$0] + mean[$0] + noise[$0] }
        recentre(to: new)
        hyper.mean = new
      }
    }
    if drawCovariance(&hyper, prior: prior, using: &random) { return }
    let width = 3 / siteCount.squareRoot()
    var room = (factor: hyper.factor, inverse: hyper.factor)
    for k in 0..<p {
      let spread = slice(Double.log(hyper.spread[k]), width: width, &random) { value in
        hyper.spread[k] = Double.exp(value)
        return rowDensity(k, hyper, prior, &room)
      }
      hyper.spread[k] = Double.exp(spread)
      for j in 0..<k {
        let place = strictIndex(k, j)
        let partial = slice(hyperbolicArctangent(hyper.partial[place]), width: 2 * width, &random) { value in
          hyper.partial[place] = hyperbolicTangent(value)
          return rowDensity(k, hyper, prior, &room)
        }
        hyper.partial[place] = hyperbolicTangent(partial)
      }
      // The row's factor is that of the last value tried.
      hyper.writeFactorRow(k, into: &room.factor)
      guard prior.structure == .leroux else { continue }
      invert(room.factor, dimension: p, into: &room.inverse)
      let square = quadratic(room.inverse, row: k, lambda: 0)
      let rough = quadratic(room.inverse, row: k, lambda: 1)
      let dependence = slice(logit(hyper.dependence[k]), width: 1, &random) { value in
        let lambda = Double.logistic(value)
        let determinant = keepsDeterminant ? spectrum.halfLogDeterminant(dependence: lambda) : 0
        return determinant - 0.5 * (lambda * rough + (1 - lambda) * square)
          + Double.log(lambda * (1 - lambda))
      }
      hyper.dependence[k] = Double.logistic(dependence)
    }
  }

  /// Draws Σ from its full conditional, where that is known: under the prior of Huang and Wand if all coordinates have one
  /// and the same dependence between sites, and normal differences.
  private func drawCovariance(
    _ hyper: inout FieldHyperparameters, prior: FieldPrior, using random: inout LaneRandom<Double>
  ) -> Bool {
    guard let huangWand = prior.huangWand, prior.structure != .leroux, increments == nil else { return false }
    let scatter = prior.structure == .intrinsic ? roughness : products
    guard
      let covariance = huangWand.update(
        precision: hyper.precision, scatter: scatter, count: exponent, using: &random)
    else { return true }
    var new = hyper
    if new.take(covariance: covariance) { hyper = new }
    return true
  }

  /// The log density of the field and of row `k` of the population, without the determinants of the dependences; `room`
  /// holds L and takes its new row and its inverse.
  private func rowDensity(
    _ k: Int, _ hyper: FieldHyperparameters, _ prior: FieldPrior,
    _ room: inout (factor: [Double], inverse: [Double])
  ) -> Double {
    let p = centre.count
    hyper.writeFactorRow(k, into: &room.factor)
    invert(room.factor, dimension: p, into: &room.inverse)
    var sum =
      prior.logDensity(row: k, of: hyper) + prior.covarianceCorrection(of: hyper) - exponent
      * Double.log(room.factor[packedIndex(k, k)])
    // Rows before k do not see row k.
    for row in k..<p { sum += logKernel(room.inverse, row: row, hyper) }
    return sum
  }
}

/// log(x/(1 − x)).
@usableFromInline
func logit(_ x: Double) -> Double { Double.log(x / (1 - x)) }

/// ½ log((1 + z)/(1 − z)).
@usableFromInline
func hyperbolicArctangent(_ z: Double) -> Double { 0.5 * Double.log((1 + z) / (1 - z)) }

/// (e²ˣ − 1)/(e²ˣ + 1).
@usableFromInline
func hyperbolicTangent(_ x: Double) -> Double { 2 * Double.logistic(2 * x) - 1 }

/// A slice-sampling step from `x` (Neal 2003, doi:10.1214/aos/1056562461): stepping out by `width`, then shrinkage.
///
/// - A density that is not finite counts as zero. The bounds of ±18 keep logistic and hyperbolic functions away from 0 and 1.
@usableFromInline
func slice(
  _ x: Double, width: Double, _ random: inout LaneRandom<Double>, _ logDensity: (Double) -> Double
) -> Double {
  let level = logDensity(x) + Double.log(random.uniformPositive())
  var low = x - width * random.uniform()
  var high = low + width
  // The number of steps to each side is split at random, which keeps the step reversible.
  var lowSteps = Int(60 * random.uniform())
  var highSteps = 59 - lowSteps
  while lowSteps > 0 && low > -18 && logDensity(low) > level {
    low -= width
    lowSteps -= 1
  }
  while highSteps > 0 && high < 18 && logDensity(high) > level {
    high += width
    highSteps -= 1
  }
  for _ in 0..<200 {
    let trial = low + (high - low) * random.uniform()
    if logDensity(trial) > level && abs(trial) < 18 { return trial }
    if trial < x { low = trial } else { high = trial }
  }
  return x
}
