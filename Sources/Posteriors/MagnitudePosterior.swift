public import InferenceCore
public import LaneMath
public import SignalModels

/// The posterior of a voxel under magnitude noise: νᵢ = S₀ |gᵢ(η)|, yᵢ Rician or noncentral chi about νᵢ.
///
/// Coordinates: those of the shape, then log S₀, then log σ unless σ is known. Nothing can be integrated out in closed
/// form. The likelihood takes |g|: an inversion recovery needs no decision about polarity, and has no kink at its null,
/// because the density is smooth and even in ν.
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
  @usableFromInline var signal: [L]
  @usableFromInline var derivatives: [L]
  @usableFromInline var workspace: [L]

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
  }

  /// The coordinates of the shape, log S₀, and log σ if it is sampled.
  @inlinable
  public var dimension: Int { amplitudeIndex + 1 + sigma.coordinateCount }

  /// None: every parameter is a coordinate.
  @inlinable
  public var byproducts: [L] { [] }

  /// The place of log S₀ among the coordinates; that of log σ is one more.
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
    return logLikelihood(at: position) + logPrior(at: position)
  }

  /// The log likelihood of the signal last evaluated.
  @inlinable
  func logLikelihood(at position: [L]) -> L {
    let amplitude = L.exp(position[amplitudeIndex])
    let (noise, precision) = noiseLevel(at: position)
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
    let scale = 2 * Double(density.coilCount * factorCount)
    return logs - 0.5 * (squares * precision) - scale * L.log(noise)
  }

  /// σ and 1/σ².
  @inlinable
  func noiseLevel(at position: [L]) -> (sigma: L, precision: L) {
    switch sigma {
    case .known(let sigma): return (sigma, 1 / (sigma * sigma))
    case .pooled:
      let sigma = L.exp(position[amplitudeIndex + 1])
      return (sigma, 1 / (sigma * sigma))
    }
  }

  @inlinable
  func logPrior(at position: [L]) -> L {
    let log = prior.logDensity(at: position)
    guard case .pooled(let nu0, let variance) = sigma else { return log }
    let logSigma = position[amplitudeIndex + 1]
    return log - nu0 * (logSigma + 0.5 * (variance * L.exp(-2 * logSigma)))
  }
}
