internal import LaneMath

/// The prior of a field over sites: population means, spreads, correlations and the dependence between neighbours.
///
///     η_v = μ + L z_v,  L = diag(τ) chol(Ω),  z_k ~ N(0, P_k⁻¹),  P_k = λ_k Q̃ + (1 − λ_k) I
///
/// with μ_k ~ N(m_k, s_k), τ_k from its `SpreadPrior`, Ω ~ LKJ(ζ) (Lewandowski, Kurowicka and Joe 2009,
/// doi:10.1016/j.jmva.2009.04.008) and λ_k ~ U(0, 1) (Leroux, Lei and Breslow 2000). λ = 0 is a population of independent
/// sites; `intrinsic` is the limit λ = 1.
public struct FieldPrior: Sendable, Equatable {
  /// How the sites depend on each other.
  public enum Structure: String, Sendable {
    /// Independent given the population: λ = 0.
    case exchangeable
    /// λ_k learned for every coordinate.
    case leroux
    /// λ = 1: density ∝ τ⁻ʳ exp(−½ zᵀ Q̃ z) with r the rank of Q. There is no μ; the mean of every component of the
    /// graph has the prior of the population mean (flat if that SD is infinite).
    case intrinsic
  }

  /// The prior of one coordinate.
  public struct Axis: Sendable, Equatable {
    /// m: the prior mean of μ.
    public var mean: Double
    /// s: the prior SD of μ; infinite is flat.
    public var sd: Double
    /// The prior of τ.
    public var spread: SpreadPrior

    /// μ ~ N(mean, sd), τ ~ `spread`.
    public init(mean: Double, sd: Double, spread: SpreadPrior) {
      self.mean = mean
      self.sd = sd
      self.spread = spread
    }
  }

  /// The coordinates.
  public var axes: [Axis]
  /// How the sites depend on each other.
  public var structure: Structure
  /// How the differences between neighbours are distributed in the first coordinate of an intrinsic field.
  public var increments: FieldIncrements
  /// The prior of Huang and Wand of the covariance Σ = diag(τ) Ω diag(τ), in place of those of τ and Ω; nil has those. The axes' spreads
  /// are its marginals then, which say where chains start.
  public let huangWand: HuangWand?
  /// ζ of the LKJ prior of the correlations; its density is ∝ det Ω^(ζ − 1).
  public var correlationShape: Double

  /// The prior of these coordinates.
  public init(
    axes: [Axis], structure: Structure, increments: FieldIncrements = .normal, correlationShape: Double = 2
  ) {
    precondition(!axes.isEmpty, "a field has at least one coordinate")
    precondition(
      increments == .normal || structure == .intrinsic, "only intrinsic fields have other increments")
    self.axes = axes
    self.structure = structure
    self.increments = increments
    self.correlationShape = correlationShape
    huangWand = nil
  }

  /// The prior of these coordinates with the covariance of Huang and Wand, its A_k a share of the scales of the axes' spreads.
  ///
  /// Its SDs have far heavier tails than half-normal ones of the same scale: half the scale is what compares.
  public init(
    huangWand axes: [Axis], structure: Structure, increments: FieldIncrements = .normal,
    scaleShare: Double = 0.5, degreesOfFreedom nu: Double = 2
  ) {
    precondition(!axes.isEmpty, "a field has at least one coordinate")
    precondition(
      increments == .normal || structure == .intrinsic, "only intrinsic fields have other increments")
    let scales = axes.map { scaleShare * $0.spread.scale }
    self.axes = zip(axes, scales).map { axis, scale in
      Axis(mean: axis.mean, sd: axis.sd, spread: .halfStudentT(scale: scale, degreesOfFreedom: nu))
    }
    self.structure = structure
    self.increments = increments
    correlationShape = 1
    huangWand = HuangWand(degreesOfFreedom: nu, scales: scales)
  }

  /// The density of row `k` of the hyperparameters on the axes (μ, log τ, atanh of partial correlations, logit λ), up to
  /// a constant.
  @usableFromInline
  func logDensity(row k: Int, of hyper: FieldHyperparameters) -> Double {
    let axis = axes[k]
    var sum = 0.0
    if axis.sd.isFinite && structure != .intrinsic {
      let deviation = (hyper.mean[k] - axis.mean) / axis.sd
      sum -= 0.5 * deviation * deviation
    }
    sum += axis.spread.logDensityOfLog(hyper.spread[k])
    for j in 0..<k {
      // Canonical partial correlations: (1 − z²)^(ζ − 1 + (p − 2 − j)/2), and 1 − z² for the axis atanh z.
      let z = hyper.partial[strictIndex(k, j)]
      sum += (correlationShape + 0.5 * Double(axes.count - 2 - j)) * Double.log(1 - z * z)
    }
    if structure == .leroux {
      let lambda = hyper.dependence[k]
      sum += Double.log(lambda * (1 - lambda))
    }
    return sum
  }
}

/// The prior of a spread τ.
public enum SpreadPrior: Sendable, Equatable {
  /// τ ~ N⁺(0, scale).
  case halfNormal(scale: Double)
  /// τ ~ t⁺_ν(scale); with ν = 2 the marginal of Huang and Wand 2013 (doi:10.1214/13-BA815).
  case halfStudentT(scale: Double, degreesOfFreedom: Double)
  /// τ ~ Exp(rate): penalised complexity (Simpson et al. 2017, doi:10.1214/16-STS576).
  case exponential(rate: Double)

  /// log p(τ) + log τ: the density of log τ, up to a constant.
  @usableFromInline
  func logDensityOfLog(_ tau: Double) -> Double {
    switch self {
    case .halfNormal(let scale):
      return Double.log(tau) - 0.5 * (tau / scale) * (tau / scale)
    case .halfStudentT(let scale, let nu):
      let relative = tau / scale
      return Double.log(tau) - 0.5 * (nu + 1) * Double.log(1 + relative * relative / nu)
    case .exponential(let rate):
      return Double.log(tau) - rate * tau
    }
  }

  /// The scale of the distribution: 1/rate of an exponential one.
  var scale: Double {
    switch self {
    case .halfNormal(let scale), .halfStudentT(let scale, _): scale
    case .exponential(let rate): 1 / rate
    }
  }

  /// A typical value: where chains start.
  @usableFromInline var typicalValue: Double {
    switch self {
    case .halfNormal(let scale): 0.6 * scale
    case .halfStudentT(let scale, _): 0.6 * scale
    case .exponential(let rate): 0.6 / rate
    }
  }
}

/// The place of row `row`, column `column` (`column` < `row`) in a packed strict lower triangle.
@usableFromInline
func strictIndex(_ row: Int, _ column: Int) -> Int { row * (row - 1) / 2 + column }
