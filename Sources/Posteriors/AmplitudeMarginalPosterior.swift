public import InferenceCore
public import LaneMath
public import SignalModels

/// The posterior of a voxel's coordinates η under yᵢ ~ N(S₀ gᵢ(η), σ/√nᵢ), with S₀ and σ integrated out.
///
/// The determinant term −½ log G and the exponent (N − 1)/2 belong to p(S₀, σ) = 1/σ; codes that drop the one and
/// write N for the other make every standard deviation 5–8 % too small at N = 12.
///
/// One voxel stands in each lane.
///
/// - Where σ is not known, R has 10⁻¹² Y added, Y = Σ n y², noise at an SNR of a million: a curve that meets every value
///   would otherwise have a density without bound, and with as many parameters as values a posterior that is none. R is
///   then Y − C²/G, whose rounding is a thousandth of that at most.
/// - Where σ is known, or has its own prior, R is summed from residuals.
public struct AmplitudeMarginalPosterior<Shape: SignalShape, L: Lane>: LaneLogDensity, Sendable {
  /// Tissue → relative signal, for an amplitude of 1.
  public let shape: Shape
  /// n, the number of averages behind each value.
  public let averages: [Double]
  /// The averages where they weigh; empty where every value has one.
  @usableFromInline let weights: [Double]
  /// What is assumed of the amplitude and of the noise, one voxel in each lane.
  public var noise: AmplitudeNoise<L> {
    didSet {
      variate = noise.gammaShape(valueCount: valueCount).flatMap { GammaVariate(shape: $0) }
      totalSquare = Self.totalSquare(of: signals, weights: weights, noise: noise)
    }
  }
  /// The gamma numbers of 1/σ² given η, if there is one shape for all lanes.
  @usableFromInline var variate: GammaVariate?
  /// The prior of η, one voxel in each lane.
  public var prior: NormalPrior<L>
  /// y: one value for each setting.
  public var signals: [L] {
    didSet { totalSquare = Self.totalSquare(of: signals, weights: weights, noise: noise) }
  }
  /// Y where σ is not known, else 0.
  @usableFromInline var totalSquare: L
  @usableFromInline var signal: [L]
  @usableFromInline var derivatives: [L]
  @usableFromInline var workspace: [L]
  @usableFromInline var projections: [L]
  /// G, Ŝ₀ and R of the last evaluation, then the parameters that the shape leaves.
  public var byproducts: [L]

  /// The posterior of `signals` (one for each setting of `shape`) with their `averages`.
  @inlinable
  public init(
    _ shape: Shape, signals: [L], averages: [Double], noise: AmplitudeNoise<L>, prior: NormalPrior<L>
  ) {
    precondition(signals.count == shape.settingCount, "one signal for each setting")
    precondition(averages.count == shape.settingCount, "one number of averages for each setting")
    precondition(prior.mean.count == shape.coordinates.count, "one prior for each coordinate")
    self.shape = shape
    self.averages = averages
    weights = averages.allSatisfy { $0 == 1 } ? [] : averages
    self.noise = noise
    self.prior = prior
    self.signals = shape.reduced(signals)
    totalSquare = Self.totalSquare(of: self.signals, weights: weights, noise: noise)
    let valueCount = Double(shape.settingCount - shape.absorbedCount)
    variate = noise.gammaShape(valueCount: valueCount).flatMap { GammaVariate(shape: $0) }
    signal = [L](repeating: 0, count: shape.settingCount)
    derivatives = [L](repeating: 0, count: shape.settingCount * shape.coordinates.count)
    workspace = [L](repeating: 0, count: shape.workspaceCount)
    projections = [L](repeating: 0, count: shape.coordinates.count)
    byproducts = [L](repeating: 0, count: 3 + shape.parameterCount)
  }

  /// n, the number of coordinates of the signal shape.
  @inlinable
  public var dimension: Int { shape.coordinates.count }

  /// N, less one for each linear parameter that the shape has absorbed.
  @inlinable
  var valueCount: Double { Double(shape.settingCount - shape.absorbedCount) }

  /// Puts other voxels into the lanes, keeping protocol and workspace.
  @inlinable
  public mutating func replaceSignals(_ signals: [L]) {
    precondition(signals.count == self.signals.count, "one signal for each setting")
    self.signals = shape.reduced(signals)
  }

  /// log m(y | η) + log p(η) up to a constant of each voxel; NaN where the signal model overflows.
  @inlinable
  public mutating func logDensity(at eta: [L]) -> L { logDensity(at: eta, dividedBy: 1) }

  /// As above less log `factor`, which shares a logarithm with G.
  @inlinable
  public mutating func logDensity(at eta: [L], dividedBy factor: L) -> L {
    let sums = shape.project(
      at: eta, on: signals, weights: weights, signal: &signal, workspace: &workspace)
    let fit = amplitudeFit(sums)
    byproducts[0] = fit.gg
    byproducts[1] = fit.amplitude
    byproducts[2] = fit.residual
    let parameters = workspace.count - shape.parameterCount
    for k in 0..<shape.parameterCount { byproducts[3 + k] = workspace[parameters + k] }
    return logMarginal(fit, dividedBy: factor) + prior.logDensity(at: eta)
  }

  /// As the protocol asks; the information is the Gauss–Newton one with S₀ profiled,
  /// I = (Ŝ₀²/σ̂²) [Σ n ∂g ∂gᵀ − (Σ n g ∂g)(Σ n g ∂g)ᵀ / G], σ̂² the posterior mode scale of the noise, plus the prior's.
  @inlinable
  public mutating func expand(at eta: [L], gradient: inout [L], information: inout [L]) -> L {
    let n = shape.settingCount
    let (fit, slope, amplitude) = findSlopes(at: eta, to: &gradient)
    let scale = slope * (amplitude * amplitude)
    for row in 0..<dimension {
      for column in 0...row {
        let product = LaneSums.product(
          derivatives, at: row * n, derivatives, at: column * n, weights: weights, count: n)
        let profiled = product - projections[row] * projections[column] / fit.gg
        information[packedIndex(row, column)] = scale * profiled
      }
    }
    prior.addExpansion(at: eta, gradient: &gradient, information: &information)
    return logMarginal(fit) + prior.logDensity(at: eta)
  }

  /// The gradient alone.
  @inlinable
  public mutating func findGradient(at eta: [L], to gradient: inout [L], using information: inout [L]) {
    _ = findSlopes(at: eta, to: &gradient)
    prior.addGradient(at: eta, to: &gradient)
  }

  /// ∂ log m(y | η)/∂η, with what an expansion needs besides; leaves Σ n g ∂g in `projections`.
  @inlinable
  mutating func findSlopes(at eta: [L], to gradient: inout [L]) -> (fit: AmplitudeFit, slope: L, amplitude: L)
  {
    shape.evaluate(at: eta, signal: &signal, derivatives: &derivatives, workspace: &workspace)
    let n = shape.settingCount
    let fit = amplitudeFit(LaneSums.squareAndProduct(signal, signals, weights: weights, count: n))
    // Envelope theorem: ∂R/∂η = −2 Ŝ₀ Σ n r ∂g, as R is stationary in Ŝ₀.
    let (slope, amplitude) = residualSlope(fit)
    for k in 0..<dimension {
      let gdg = LaneSums.product(signal, at: 0, derivatives, at: k * n, weights: weights, count: n)
      let ydg = LaneSums.product(signals, at: 0, derivatives, at: k * n, weights: weights, count: n)
      let rdg = ydg - amplitude * gdg
      projections[k] = gdg
      gradient[k] = determinantSlope(fit) * gdg + slope * (amplitude * rdg)
    }
    return (fit, slope, amplitude)
  }

  /// What remains of the amplitude: G, Ŝ₀ = C/G and R.
  @usableFromInline struct AmplitudeFit {
    @usableFromInline var gg: L
    @usableFromInline var amplitude: L
    @usableFromInline var residual: L

    @inlinable
    init(gg: L, amplitude: L, residual: L) {
      self.gg = gg
      self.amplitude = amplitude
      self.residual = residual
    }
  }

  /// Y where σ is sampled; 0 where it is known or has a proper prior.
  @inlinable
  static func totalSquare(of signals: [L], weights: [Double], noise: AmplitudeNoise<L>) -> L {
    guard case .pooled = noise else { return 0 }
    return LaneSums.product(signals, at: 0, signals, at: 0, weights: weights, count: signals.count)
  }

  /// G, Ŝ₀ and R from G and C = Σ n g y at the signal last evaluated.
  @inlinable
  func amplitudeFit(_ sums: (square: L, product: L)) -> AmplitudeFit {
    let amplitude = sums.product / sums.square
    let residual: L
    if case .pooled = noise {
      residual = L.maximum(totalSquare - sums.product * amplitude, 0) + 1e-12 * totalSquare
    } else {
      residual = LaneSums.residual(
        signal, scaledBy: amplitude, from: signals, weights: weights, count: shape.settingCount)
    }
    return AmplitudeFit(gg: sums.square, amplitude: amplitude, residual: residual)
  }

  /// log m(y | η) of `fit`, less log `factor`.
  @inlinable
  func logMarginal(_ fit: AmplitudeFit, dividedBy factor: L = 1) -> L {
    let count = valueCount
    let square = factor * factor
    switch noise {
    case .pooled(let nu0, let variance):
      let exponent = (count - 1) + nu0
      return -0.5 * (L.log(fit.gg * square) + exponent * L.log(fit.residual + nu0 * variance))
    case .known(let variance):
      return -0.5 * (L.log(fit.gg * square) + fit.residual / variance)
    case .normalInverseGamma:
      let update = normalInverseGammaUpdate(fit)
      return 0.5 * L.log(update.relativeVariance / square) - update.shape * L.log(update.scale)
    }
  }

  /// The factor of Σ n r ∂g · Ŝ₀ in the gradient: 1/σ̂², with the amplitude about which r is taken.
  @inlinable
  func residualSlope(_ fit: AmplitudeFit) -> (slope: L, amplitude: L) {
    let count = valueCount
    switch noise {
    case .pooled(let nu0, let variance):
      return (((count - 1) + nu0) / (fit.residual + nu0 * variance), fit.amplitude)
    case .known(let variance):
      return (1 / variance, fit.amplitude)
    case .normalInverseGamma:
      let update = normalInverseGammaUpdate(fit)
      return (update.shape / update.scale, update.mean)
    }
  }

  /// The factor of Σ n g ∂g in the gradient: the derivative of the determinant term.
  @inlinable
  func determinantSlope(_ fit: AmplitudeFit) -> L {
    if case .normalInverseGamma = noise { return -normalInverseGammaUpdate(fit).relativeVariance }
    return -1 / fit.gg
  }
}

extension AmplitudeMarginalPosterior {
  /// The conjugate update of `AmplitudeNoise.normalInverseGamma` at `fit`.
  @inlinable
  func normalInverseGammaUpdate(_ fit: AmplitudeFit)
    -> (mean: L, relativeVariance: L, shape: L, scale: L)
  {
    guard case .normalInverseGamma(let m0, let v0, let a0, let c0) = noise else {
      preconditionFailure("the update belongs to the normal–inverse-gamma prior")
    }
    return noise.conjugateUpdate(
      gg: fit.gg, amplitude: fit.amplitude, residual: fit.residual, mean: m0, relativeVariance: v0,
      shape: a0, scale: c0, valueCount: valueCount)
  }
}
