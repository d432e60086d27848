internal import GSLSupport
public import InferenceCore
public import LaneMath

/// A density of differences between neighbours with tails heavier than normal, as a mixture of normal ones.
///
///     p(d) = ∫ N(d; 0, √ω) p(ω) dω
///
/// - *Laplace* of scale b: ω ~ Exp(1/(2b²)) and 1/ω | d ~ InverseGaussian(1/(b|d|), 1/b²) (Park and Casella 2008,
///   doi:10.1198/016214508000000337).
/// - *Student t* of ν degrees of freedom and scale s: ω ~ IG(ν/2, νs²/2) and ω | d ~ IG((ν + 1)/2, (νs² + d²)/2).
///
/// Given its ω every difference is normal: a Gibbs sampler alternates between ω and what is normal then.
public enum IncrementMixture: Sendable, Equatable {
  /// exp(−|d|/b)/(2b).
  case laplace(scale: Double)
  /// ∝ (1 + d²/(νs²))^(−(ν + 1)/2).
  case studentT(scale: Double, degreesOfFreedom: Double)

  /// The full conditional of the precision 1/ω of one difference.
  public enum PrecisionConditional: Sendable, Equatable {
    /// Inverse Gaussian of this mean and shape.
    case inverseGaussian(mean: Double, shape: Double)
    /// Gamma of this shape and rate: ω itself is inverse gamma of the same numbers.
    case gamma(shape: Double, rate: Double)
  }

  /// Smaller differences count as this one where a precision would have no mean.
  @usableFromInline static var smallestDifference: Double { 1e-8 }

  /// log p(d).
  public func logDensity(_ d: Double) -> Double {
    switch self {
    case .laplace(let b): return -Double.log(2 * b) - abs(d) / b
    case .studentT(let s, let nu):
      let constant = SpecialFunctions.logGamma(0.5 * (nu + 1)) - SpecialFunctions.logGamma(0.5 * nu)
      return constant - 0.5 * Double.log(nu * .pi) - Double.log(s)
        - 0.5 * (nu + 1) * Double.log(1 + d * d / (nu * s * s))
    }
  }

  /// The full conditional of 1/ω given the difference.
  public func precision(given d: Double) -> PrecisionConditional {
    switch self {
    case .laplace(let b):
      .inverseGaussian(mean: 1 / (b * max(abs(d), Self.smallestDifference)), shape: 1 / (b * b))
    case .studentT(let s, let nu):
      .gamma(shape: 0.5 * (nu + 1), rate: 0.5 * (nu * s * s + d * d))
    }
  }

  /// Draws of 1/ω given the differences in the lanes.
  @inlinable
  public func drawPrecision<L: Lane>(given d: L, using random: inout LaneRandom<L>) -> L {
    switch self {
    case .laplace(let b):
      let size = L.maximum(L.maximum(d, -d), L(Self.smallestDifference))
      return Self.inverseGaussian(
        mean: 1 / (b * size), shape: 1 / (b * b), normal: random.normalPair().0, uniform: random.uniform())
    case .studentT(let s, let nu):
      return random.gamma(shape: L(0.5 * (nu + 1))) / (L(0.5 * nu * s * s) + 0.5 * (d * d))
    }
  }

  /// A draw of 1/ω given one difference.
  func drawPrecision(given d: Double, using random: inout RandomStream) -> Double {
    switch precision(given: d) {
    case .inverseGaussian(let mean, let shape):
      Self.inverseGaussian(mean: mean, shape: shape, normal: random.normal(), uniform: random.uniform())
    case .gamma(let shape, let rate): random.gamma(shape: shape, rate: rate)
    }
  }

  /// Inverse Gaussian numbers from normal and uniform ones (Michael, Schucany and Haas 1976, doi:10.2307/2683801).
  ///
  /// With c = μy²/(2λ) the two roots of the paper are μ/(1 + c + √(2c + c²)) and μ times that sum: written so, nothing
  /// cancels for a large mean.
  @inlinable
  static func inverseGaussian<L: Lane>(mean: L, shape: Double, normal: L, uniform: L) -> L {
    let c = (0.5 / shape) * (mean * (normal * normal))
    let factor = 1 + c + (c + c + c * c).squareRoot()
    let small = mean / factor
    return L.select(uniform * (mean + small) < mean, small, mean * factor)
  }

  /// −d log p/dd; 0 where a Laplace density has its kink.
  @usableFromInline
  func slope(_ d: Double) -> Double {
    switch self {
    case .laplace(let b): d == 0 ? 0 : (d > 0 ? 1 : -1) / b
    case .studentT(let s, let nu): (nu + 1) * d / (nu * s * s + d * d)
    }
  }

  /// Σ log k(d/scale) over differences, k the density without its constant.
  @usableFromInline
  func logKernel(_ differences: [Double], scale: Double) -> Double {
    switch self {
    case .laplace(let b):
      return -differences.reduce(0) { $0 + abs($1) } / (b * scale)
    case .studentT(let s, let nu):
      // Products of a few factors stay in range and cost one logarithm.
      let weight = 1 / (nu * s * s * scale * scale)
      var (sum, product) = (0.0, 1.0)
      for (index, d) in differences.enumerated() {
        product *= 1 + weight * d * d
        if index % 8 == 7 {
          sum += Double.log(product)
          product = 1
        }
      }
      return -0.5 * (nu + 1) * (sum + Double.log(product))
    }
  }
}

/// How the differences between neighbours of an intrinsic field are distributed in its first coordinate; the others are
/// normal.
///
/// With w̃ the scaled weights of the graph, r the rank and E the number of edges of an edge's component, t = √(w̃ r/E)(zᵢ − zⱼ)
/// has the unit variance of its mixture. Around loops differences depend on each other: Σ over a component of t · (−log k)'(t)
/// has the mean r, not E, and the factor r/E lets τ mean what it means for normal differences.
public enum FieldIncrements: String, Sendable, CaseIterable {
  /// Of a Gauss Markov random field.
  case normal
  /// Laplace: differences shrink towards none, with edges between flat regions.
  case laplace
  /// Student t of three degrees of freedom: a few large differences among many small ones.
  case studentT = "student-t"

  /// The mixture of unit variance; nil for normal differences.
  public var mixture: IncrementMixture? {
    switch self {
    case .normal: nil
    case .laplace: .laplace(scale: 0.5.squareRoot())
    case .studentT: .studentT(scale: (1.0 / 3).squareRoot(), degreesOfFreedom: 3)
    }
  }
}

extension SiteGraph {
  /// √(w̃ r/E) of every edge: what turns a difference of z into one of unit variance.
  @usableFromInline var incrementRoots: [Double] {
    var counts = [Double](repeating: 0, count: componentCount)
    for edge in edges { counts[components[edge.first]] += 1 }
    return edges.map { edge in
      let component = components[edge.first]
      return (scaledWeight(edge) * Double(componentSizes[component] - 1) / counts[component]).squareRoot()
    }
  }
}
