public import InferenceCore
public import LaneMath
public import SignalModels

/// The posterior of a voxel under magnitude noise: νᵢ = S₀ |gᵢ(η)|, yᵢ Rician or noncentral chi about νᵢ.
///
/// The likelihood takes |g|: an inversion recovery needs no decision about polarity, and has no kink at its null, because
/// the density is smooth and even in ν. S₀ and σ cannot be integrated out in closed form; they are sampled on axes that
/// hardly depend on η, those of the Gaussian marginal:
///
///     v = log S₀ − log Ŝ₀(η),  Ŝ₀ = Σ n y|g|/Σ n g²
///     u = log σ − ½ log[(R + ν₀ s²)/(N + ν₀)],  R = Σ n (y − S₀|g|)²
///
/// Both are shifts, of Jacobian 1. In log S₀ and log σ themselves the width of η would follow σ, and a proposal of fixed
/// width would mix a third as fast.
///
/// Coordinates: those of the shape, then v, then u unless σ is known. The byproducts are S₀ and σ, then what the shape leaves.
///
/// - Values with averages n > 1 are taken as N(μ, √(V/n)) with the moments of `RiceMoments`: Rician noise only.
/// - Constants that depend on the data alone are left out, so that y = 0 is an ordinary value; y must not be negative.
public struct MagnitudePosterior<Shape: SignalShape, L: Lane>: LaneLogDensity, Sendable {
  /// The model of the relative signal.
  public let shape: Shape
  /// Rician or noncentral chi.
  public let density: MagnitudeDensity
  /// n, the number of magnitudes averaged in each value.
  public let averages: [Double]
  /// What is assumed of σ.
  public var sigma: MagnitudeSigma<L>
  /// The prior of the shape's coordinates and of log S₀ (the last; a standard deviation of infinity is flat).
  public var prior: NormalPrior<L>
  /// y: one value for each setting.
  public var signals: [L]
  /// S₀ and σ of the last evaluation, then the parameters that the shape leaves.
  public var byproducts: [L]
  @usableFromInline var signal: [L]
  @usableFromInline var derivatives: [L]
  @usableFromInline var workspace: [L]
  /// The natural place, (η, log S₀) and then log σ, of the last evaluation.
  @usableFromInline var natural: [L]
  /// ∂ log Ŝ₀/∂η and ∂/∂(η, log S₀) of ½ log(R + ν₀ s²) of the last expansion.
  @usableFromInline var amplitudeSlopes: [L]
  @usableFromInline var levelSlopes: [L]

  /// The posterior of `signals` (one for each setting of `shape`).
  @inlinable
  public init(
    _ shape: Shape, signals: [L], averages: [Double], density: MagnitudeDensity = .rician,
    sigma: MagnitudeSigma<L>, prior: NormalPrior<L>
  ) {
    precondition(shape.absorbedCount == 0, "a magnitude likelihood cannot absorb a constant")
    precondition(signals.count == shape.settingCount, "one signal for each setting")
    precondition(averages.count == shape.settingCount, "one number of averages for each setting")
    precondition(prior.mean.count == shape.coordinates.count + 1, "priors of the shape and of log S₀")
    precondition(
      density.coilCount == 1 || averages.allSatisfy { $0 == 1 },
      "averages of magnitudes are for Rician noise only")
    self.shape = shape
    self.density = density
    self.averages = averages
    self.sigma = sigma
    self.prior = prior
    self.signals = signals
    signal = [L](repeating: 0, count: shape.settingCount)
    derivatives = [L](repeating: 0, count: shape.settingCount * shape.coordinates.count)
    workspace = [L](repeating: 0, count: shape.workspaceCount)
    natural = [L](repeating: 0, count: shape.coordinates.count + 2)
    amplitudeSlopes = [L](repeating: 0, count: shape.coordinates.count)
    levelSlopes = [L](repeating: 0, count: shape.coordinates.count + 1)
    byproducts = [L](repeating: 0, count: 2 + shape.parameterCount)
  }

  /// The coordinates of the shape, v, and u if σ is sampled.
  @inlinable
  public var dimension: Int { amplitudeIndex + 1 + sigma.coordinateCount }

  /// The place of v among the coordinates; that of u is one more.
  @inlinable
  public var amplitudeIndex: Int { shape.coordinates.count }

  /// Puts other voxels into the lanes, keeping protocol and workspace.
  @inlinable
  public mutating func replaceSignals(_ signals: [L]) {
    precondition(signals.count == shape.settingCount, "one signal for each setting")
    self.signals = signals
  }

  /// log p(position | y) up to a constant of each lane.
  @inlinable
  public mutating func logDensity(at position: [L]) -> L {
    shape.evaluate(at: position, signal: &signal, workspace: &workspace)
    let parameters = workspace.count - shape.parameterCount
    for k in 0..<shape.parameterCount { byproducts[2 + k] = workspace[parameters + k] }
    return logDensityOfSignal(at: position)
  }

  /// log p from the signal last evaluated.
  @inlinable
  mutating func logDensityOfSignal(at position: [L]) -> L {
    let fit = projection()
    let precision = place(position, fit)
    return logLikelihood(precision) + logPrior(precision)
  }

  /// Σ n g², Σ n y|g| and their quotient Ŝ₀ at the signal last evaluated.
  @inlinable
  func projection() -> (gg: L, gy: L, amplitude: L) {
    var gg = L(0)
    var gy = L(0)
    for i in 0..<shape.settingCount {
      let weighted = averages[i] * signal[i].magnitudes
      gg += weighted * signal[i].magnitudes
      gy += weighted * signals[i]
    }
    return (gg, gy, gy / gg)
  }

  /// Sets the natural place and S₀, σ for `position`; returns 1/σ².
  @inlinable
  mutating func place(_ position: [L], _ fit: (gg: L, gy: L, amplitude: L)) -> L {
    let axis = amplitudeIndex
    for k in 0..<axis { natural[k] = position[k] }
    let relative = L.exp(position[axis])
    byproducts[0] = fit.amplitude * relative
    natural[axis] = position[axis] + L.log(fit.amplitude)
    switch sigma {
    case .known(let sigma):
      byproducts[1] = sigma
      return 1 / (sigma * sigma)
    case .pooled(let nu0, let variance):
      let level = residualLevel(nu0, variance)
      let factor = L.exp(position[axis + 1])
      byproducts[1] = level.squareRoot() * factor
      natural[axis + 1] = position[axis + 1] + 0.5 * L.log(level)
      return 1 / (level * (factor * factor))
    }
  }

  /// (R + ν₀ s²)/(N + ν₀), kept above zero where a curve fits exactly.
  @inlinable
  func residualLevel(_ nu0: L, _ variance: L) -> L {
    var residual = L(0)
    var square = L(0)
    for i in 0..<shape.settingCount {
      let r = signals[i] - (byproducts[0] * signal[i]).magnitudes
      residual += averages[i] * (r * r)
      square += signals[i] * signals[i]
    }
    return (residual + nu0 * variance + 1e-12 * square) / (Double(shape.settingCount) + nu0)
  }

  /// The log likelihood at the place last set.
  @inlinable
  func logLikelihood(_ precision: L) -> L {
    let (amplitude, noise) = (byproducts[0], byproducts[1])
    let order = Double(density.coilCount - 1)
    var squares = L(0)
    var logs = L(0)
    // Products of up to 16 factors stay in range and cost one logarithm.
    var polynomials = L(1)
    var decays = L(1)
    var factorCount = 0
    for i in 0..<shape.settingCount {
      let nu = (amplitude * signal[i]).magnitudes
      if averages[i] == 1 {
        let residual = signals[i] - nu
        squares += residual * residual
        let (polynomial, decay) = density.bessel.factors(signals[i] * nu * precision)
        polynomials *= polynomial
        decays *= decay
        factorCount += 1
        if factorCount % 16 == 0 {
          logs += L.log(polynomials) + (order + 0.5) * L.log(decays)
          polynomials = 1
          decays = 1
        }
      } else {
        let rice = RiceMoments(noiseless: nu, sigma: noise)
        let residual = signals[i] - rice.mean
        logs -= 0.5 * (L.log(rice.variance) + averages[i] * (residual * residual) / rice.variance)
      }
    }
    if factorCount % 16 != 0 { logs += L.log(polynomials) + (order + 0.5) * L.log(decays) }
    let scale = Double(density.coilCount * factorCount)
    return logs - 0.5 * (squares * precision) + scale * L.log(precision)
  }

  @inlinable
  func logPrior(_ precision: L) -> L {
    let log = prior.logDensity(at: natural)
    guard case .pooled(let nu0, let variance) = sigma else { return log }
    return log - nu0 * (natural[amplitudeIndex + 1] + 0.5 * (variance * precision))
  }
}
