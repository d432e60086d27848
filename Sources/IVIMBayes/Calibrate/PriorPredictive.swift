internal import GSLSupport
internal import InferenceCore
internal import LaneMath
internal import Posteriors
internal import SignalModels

/// The proper prior of amplitude and noise under which voxels are simulated and fitted in joint tests:
/// σ² ~ IG(a₀, c₀), S₀ ~ N(m₀, σ √v₀).
///
/// The default noise model has a flat amplitude and a level that is estimated from the data: nothing can be simulated
/// from it, so that it is judged by coverage instead.
struct ProperNoise: Sendable {
  /// m₀, in signal units.
  let mean = 1000.0
  /// v₀: an amplitude known to some five noise SDs.
  let relativeVariance = 30.0
  /// a₀: σ is known to a fifth.
  let shape = 6.0
  /// c₀.
  let scale: Double

  /// Noise about a signal-to-noise ratio m₀/σ of `signalToNoise`.
  init(signalToNoise: Double) {
    scale = shape * (mean / signalToNoise) * (mean / signalToNoise)
  }

  var lanes: AmplitudeNoise<Lane8> {
    .normalInverseGamma(mean: mean, relativeVariance: relativeVariance, shape: shape, scale: scale)
  }

  /// Amplitude and σ of eight voxels.
  func draw(using random: inout LaneRandom<Lane8>) -> (amplitude: Lane8, sigma: Lane8) {
    let sigma = (Lane8(scale) / random.gamma(shape: Lane8(shape))).squareRoot()
    return (mean + relativeVariance.squareRoot() * (sigma * random.normalPair().0), sigma)
  }
}

/// Voxels from the joint distribution of tissue, amplitude, noise and signals, eight at a time.
struct PriorPredictive<Tissue: TissueModel>: Sendable {
  typealias Posterior = AmplitudeMarginalPosterior<Tissue.Shape, Lane8>

  let tissue: Tissue
  /// n, the averages behind each value.
  let averages: [Double]
  let noise: ProperNoise

  /// Eight voxels: their tissue, amplitude and noise, and their signals (settings × lanes).
  struct Voxels {
    var eta: [Lane8]
    var amplitude: Lane8
    var sigma: Lane8
    var signals: [Lane8]
  }

  /// The names of the coordinates, on their axes: "log d".
  var coordinateNames: [String] {
    tissue.shape.coordinates.map { coordinate in
      coordinate.transform == .identity
        ? coordinate.name : "\(coordinate.transform.rawValue) \(coordinate.name)"
    }
  }

  /// Eight voxels from the prior.
  func draw(using random: inout LaneRandom<Lane8>) -> Voxels {
    let eta = tissue.prior(of: [Int](repeating: 0, count: Lane8.count)).draw(using: &random)
    let (amplitude, sigma) = noise.draw(using: &random)
    var voxels = Voxels(eta: eta, amplitude: amplitude, sigma: sigma, signals: [])
    drawSignals(of: &voxels, using: &random)
    return voxels
  }

  /// New signals, y ~ N(S₀ g(η), σ/√n), for the voxels as they are.
  func drawSignals(of voxels: inout Voxels, using random: inout LaneRandom<Lane8>) {
    let shape = tissue.shape
    var relative = [Lane8](repeating: 0, count: shape.settingCount)
    var workspace = [Lane8](repeating: 0, count: shape.workspaceCount)
    shape.evaluate(at: voxels.eta, signal: &relative, workspace: &workspace)
    voxels.signals = zip(relative, averages).map { signal, n in
      voxels.amplitude * signal + (1 / n.squareRoot()) * (voxels.sigma * random.normalPair().0)
    }
  }

  /// The posterior of η given the signals of eight voxels.
  func posterior(of voxels: Voxels) -> Posterior {
    AmplitudeMarginalPosterior(
      tissue.shape, signals: voxels.signals, averages: averages, noise: noise.lanes,
      prior: tissue.prior(of: [Int](repeating: 0, count: Lane8.count)))
  }

  /// Where the search for the mode starts.
  func start(in posterior: inout Posterior) -> [Lane8] {
    posterior.best(of: tissue.laneStarts(of: [Int](repeating: 0, count: Lane8.count)))
  }

  /// log m(y | η) up to a constant: the log density without its prior.
  func logLikelihood(_ posterior: inout Posterior, at eta: [Lane8]) -> Lane8 {
    posterior.logDensity(at: eta) - posterior.prior.logDensity(at: eta)
  }
}
