internal import GSLSupport
internal import LaneMath

/// The inverse Wishart distribution of p × p covariance matrices, density ∝ |Σ|^(−(n + p + 1)/2) exp(−½ tr(ΨΣ⁻¹)).
public struct InverseWishart: Sendable, Equatable {
  /// n > p − 1.
  public let degreesOfFreedom: Double
  /// Ψ, row-major.
  public let scale: [Double]
  /// p.
  public let dimension: Int

  /// The distribution with these degrees of freedom and scale matrix (row-major p × p).
  public init(degreesOfFreedom: Double, scale: [Double], dimension: Int) {
    precondition(scale.count == dimension * dimension, "a square scale matrix")
    self.degreesOfFreedom = degreesOfFreedom
    self.scale = scale
    self.dimension = dimension
  }

  /// Ψ/(n − p − 1); infinite or negative numbers unless n > p + 1.
  public var mean: [Double] {
    scale.map { $0 / (degreesOfFreedom - Double(dimension) - 1) }
  }

  /// log p(Σ); −∞ where Σ (row-major) is not positive definite.
  public func logDensity(_ covariance: [Double]) -> Double {
    let p = dimension
    guard let factor = CholeskyFactor(covariance, order: p), let own = CholeskyFactor(scale, order: p) else {
      return -.infinity
    }
    let inverse = factor.inverse
    let trace = scale.indices.reduce(0) { $0 + scale[$1] * inverse[$1] }
    var sum = 0.5 * degreesOfFreedom * own.logDeterminant - 0.5 * trace
    sum -= 0.5 * (degreesOfFreedom + Double(p) + 1) * factor.logDeterminant
    sum -= 0.5 * degreesOfFreedom * Double(p) * Double.log(2)
    sum -= 0.25 * Double(p * (p - 1)) * Double.log(.pi)
    for k in 0..<p { sum -= SpecialFunctions.logGamma(0.5 * (degreesOfFreedom - Double(k))) }
    return sum
  }

  /// Half the degrees of freedom of the χ² numbers that a draw is made of.
  var shapes: [Double] { (0..<dimension).map { 0.5 * (degreesOfFreedom - Double($0)) } }

  /// A draw by Bartlett's decomposition (Smith and Hocking 1972, doi:10.2307/2346290): with Ψ = C Cᵀ and A lower triangular of
  /// χ and normal numbers, Σ = B Bᵀ, B = C A⁻ᵀ.
  ///
  /// Made from gamma numbers of `shapes` and scale 1, and p(p − 1)/2 standard normal ones; nil if Ψ is not positive definite.
  func draw(gammas: [Double], normals: [Double]) -> [Double]? {
    let p = dimension
    guard let factor = CholeskyFactor(scale, order: p) else { return nil }
    var bartlett = [Double](repeating: 0, count: p * p)
    for i in 0..<p {
      bartlett[i * p + i] = (2 * gammas[i]).squareRoot()
      for j in 0..<i { bartlett[i * p + j] = normals[strictIndex(i, j)] }
    }
    // Column k of A⁻ᵀ solves Aᵀx = eₖ; B has C times it.
    var root = [Double](repeating: 0, count: p * p)
    for column in 0..<p {
      var x = [Double](repeating: 0, count: p)
      for row in stride(from: p - 1, through: 0, by: -1) {
        var sum = row == column ? 1.0 : 0
        for k in row + 1..<max(row + 1, p) { sum -= bartlett[k * p + row] * x[k] }
        x[row] = sum / bartlett[row * p + row]
      }
      for (row, value) in factor.multiply(x).enumerated() { root[row * p + column] = value }
    }
    return (0..<p * p).map { place in
      (0..<p).reduce(0) { $0 + root[place / p * p + $1] * root[place % p * p + $1] }
    }
  }
}
