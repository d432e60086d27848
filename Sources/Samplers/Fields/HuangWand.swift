internal import GSLSupport
public import InferenceCore
public import LaneMath

/// The covariance prior of Huang and Wand (2013, doi:10.1214/13-BA815), of which every full conditional is known.
///
///     Σ | a ~ IW(ν + p − 1, 2ν diag(1/a)),   a_k ~ IG(½, 1/A_k²)
///
/// Each SD is then half-t of ν degrees of freedom and scale A_k; with ν = 2 every correlation is uniform.
public struct HuangWand: Sendable, Equatable {
  /// ν.
  public var degreesOfFreedom: Double
  /// A_k, one for each coordinate.
  public var scales: [Double]

  /// The prior with these scales.
  public init(degreesOfFreedom: Double = 2, scales: [Double]) {
    self.degreesOfFreedom = degreesOfFreedom
    self.scales = scales
  }

  /// p.
  public var dimension: Int { scales.count }

  /// Σ given a and n deviations whose scatter matrix (row-major) is SS: IW(ν + p − 1 + n, SS + 2ν diag(1/a)).
  public func covariance(scatter: [Double], count n: Double, auxiliaries a: [Double]) -> InverseWishart {
    let p = dimension
    var scale = scatter
    for k in 0..<p { scale[k * p + k] += 2 * degreesOfFreedom / a[k] }
    return InverseWishart(
      degreesOfFreedom: degreesOfFreedom + Double(p) - 1 + n, scale: scale, dimension: p)
  }

  /// a given Σ⁻¹ (row-major): IG of this shape and these scales, (ν + p)/2 and ν(Σ⁻¹)_kk + 1/A_k².
  public func auxiliaries(precision: [Double]) -> (shape: Double, scales: [Double]) {
    let p = dimension
    return (
      0.5 * (degreesOfFreedom + Double(p)),
      (0..<p).map { degreesOfFreedom * precision[$0 * p + $0] + 1 / (scales[$0] * scales[$0]) }
    )
  }

  /// log p(Σ) with a integrated out, up to a constant: −(ν + 2p)/2 log|Σ| − (ν + p)/2 Σ log(ν(Σ⁻¹)_kk + 1/A_k²).
  public func logDensity(logDeterminant: Double, precision: [Double]) -> Double {
    let (shape, terms) = auxiliaries(precision: precision)
    return -0.5 * (degreesOfFreedom + 2 * Double(dimension)) * logDeterminant
      - shape * terms.reduce(0) { $0 + Double.log($1) }
  }

  /// A draw of Σ (row-major) from the prior.
  func draw(using random: inout RandomStream) -> [Double] {
    let auxiliaries = scales.map { random.inverseGamma(shape: 0.5, scale: 1 / ($0 * $0)) }
    let none = [Double](repeating: 0, count: dimension * dimension)
    let conditional = covariance(scatter: none, count: 0, auxiliaries: auxiliaries)
    var (gammas, normals) = ([Double](), [Double]())
    for shape in conditional.shapes { gammas.append(random.gamma(shape: shape, rate: 1)) }
    for _ in 0..<dimension * (dimension - 1) / 2 { normals.append(random.normal()) }
    return conditional.draw(gammas: gammas, normals: normals) ?? none
  }

  /// One step of the Gibbs sampler over a and Σ: a given Σ⁻¹ (row-major), then Σ given a and the scatter of n deviations.
  @usableFromInline
  func update(precision: [Double], scatter: [Double], count n: Double, using random: inout LaneRandom<Double>)
    -> [Double]?
  {
    let (shape, terms) = auxiliaries(precision: precision)
    let auxiliaries = terms.map { $0 / random.gamma(shape: shape) }
    let conditional = covariance(scatter: scatter, count: n, auxiliaries: auxiliaries)
    let gammas = conditional.shapes.map { random.gamma(shape: $0) }
    let normals = (0..<dimension * (dimension - 1) / 2).map { _ in random.normalPair().0 }
    return conditional.draw(gammas: gammas, normals: normals)
  }
}

extension FieldHyperparameters {
  /// Takes over the spreads and partial correlations of a covariance matrix (row-major); false if it is not positive
  /// definite.
  @usableFromInline
  mutating func take(covariance: [Double]) -> Bool {
    let p = dimension
    var factor = [Double](repeating: 0, count: packedIndex(p, 0))
    for row in 0..<p {
      for column in 0...row { factor[packedIndex(row, column)] = covariance[row * p + column] }
    }
    guard covariance.allSatisfy(\.isFinite), CholeskyFactor(covariance, order: p) != nil else { return false }
    LaneCholesky.factor(&factor, dimension: p, floor: 0)
    for row in 0..<p {
      spread[row] = covariance[row * p + row].squareRoot()
      var rest = 1.0
      for column in 0..<row {
        let entry = factor[packedIndex(row, column)] / spread[row]
        let z = max(-1 + 1e-15, min(1 - 1e-15, entry / rest.squareRoot()))
        partial[strictIndex(row, column)] = z
        rest *= 1 - z * z
      }
    }
    return spread.allSatisfy { $0 > 1e-12 }
  }

  /// Σ⁻¹ = L⁻ᵀL⁻¹, row-major.
  @usableFromInline var precision: [Double] {
    let p = dimension
    let inverse = packedInverse(factor, dimension: p)
    return (0..<p * p).map { place in
      let (i, j) = (place / p, place % p)
      return (max(i, j)..<p).reduce(0) { $0 + inverse[packedIndex($1, i)] * inverse[packedIndex($1, j)] }
    }
  }
}

extension FieldPrior {
  /// What the prior of Huang and Wand adds to the density of separate spreads and correlations on the axes log τ and atanh of
  /// partial correlations, up to a constant; 0 without it.
  ///
  /// |dΣ| = Π τ_k^p dτ dΩ (times 2^p), and dΩ/dz = Π (1 − z²)^((p − 2 − j)/2) (Lewandowski, Kurowicka and Joe 2009, doi:10.1016/j.jmva.2009.04.008).
  @usableFromInline
  func covarianceCorrection(of hyper: FieldHyperparameters) -> Double {
    guard let huangWand else { return 0 }
    let p = axes.count
    let factor = hyper.factor
    let logDeterminant = (0..<p).reduce(0) { $0 + 2 * Double.log(factor[packedIndex($1, $1)]) }
    var sum = huangWand.logDensity(logDeterminant: logDeterminant, precision: hyper.precision)
    for k in 0..<p {
      sum += Double(p + 1) * Double.log(hyper.spread[k]) - axes[k].spread.logDensityOfLog(hyper.spread[k])
      for j in 0..<k {
        let z = hyper.partial[strictIndex(k, j)]
        // The LKJ density and its Jacobian are in the rows; its Jacobian alone belongs here.
        sum -= (correlationShape - 1) * Double.log(1 - z * z)
      }
    }
    return sum
  }
}
