import Acquisitions
public import GSLSupport
public import LaneMath
public import Posteriors
public import SignalModels

/// Means and standard deviations of (log D, logit f, log(D* − D)), D in µm²/ms.
public struct IVIMDistribution: Sendable {
  /// The means.
  public var means: [Double]
  /// The standard deviations.
  public var deviations: [Double]

  /// Independent normal coordinates.
  public init(means: [Double], deviations: [Double]) {
    self.means = means
    self.deviations = deviations
  }

  /// The truths of workload W1.
  public static let w1 = IVIMDistribution(
    means: [Double.log(1.2), Double.log(0.12 / 0.88), Double.log(13.8)], deviations: [0.25, 0.5, 0.4])
  /// The prior of workload W1.
  public static let w1Prior = IVIMDistribution(
    means: [0, Double.log(0.1 / 0.9), Double.log(19)], deviations: [0.5, 1, 0.75])

  /// One draw.
  public func draw(_ random: inout RandomStream) -> [Double] {
    zip(means, deviations).map { random.normal(mean: $0, standardDeviation: $1) }
  }
}

/// Biexponential voxels with known truth and Gaussian noise.
public struct SimulatedVoxels: Sendable {
  /// The b-values of workload W1, in s/mm².
  public static let w1BValues = [0.0, 10, 20, 30, 50, 80, 100, 150, 200, 300, 400, 500, 600, 800, 1000]

  /// The model.
  public let shape: BiexponentialIVIM
  /// The prior that `posterior` takes.
  public var prior = IVIMDistribution.w1Prior
  /// The noise of one value.
  public let sigma: Double
  /// Voxel after voxel, one signal for each b-value.
  public private(set) var signals: [[Double]] = []
  /// Voxel after voxel, (log D, logit f, log(D* − D)).
  public private(set) var truths: [[Double]] = []
  private let seed: UInt64

  /// `count` voxels whose truths are drawn from `population`.
  public init(
    bValues: [Double] = Self.w1BValues, amplitude: Double = 1000, sigma: Double, count: Int, seed: UInt64,
    population: IVIMDistribution
  ) {
    shape = BiexponentialIVIM(bValues: bValues.map { BValue($0) })
    self.sigma = sigma
    self.seed = seed
    for voxel in 0..<count {
      var random = RandomStream(StreamKey(seed: seed, unit: voxel, purpose: .simulation))
      let truth = population.draw(&random)
      truths.append(truth)
      signals.append(
        relativeSignal(at: truth).map { amplitude * $0 + sigma * random.normal() })
    }
  }

  /// Voxels of workload W1: SNR 40 unless `sigma` says otherwise.
  public static func w1(count: Int, seed: UInt64, sigma: Double = 25) -> SimulatedVoxels {
    SimulatedVoxels(sigma: sigma, count: count, seed: seed, population: .w1)
  }

  /// g(η) for every b-value.
  public func relativeSignal(at eta: [Double]) -> [Double] {
    var signal = [Double](repeating: 0, count: shape.settingCount)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    shape.evaluate(at: eta, signal: &signal, workspace: &workspace)
    return signal
  }

  /// A draw of the prior that belongs to `voxel` but not to its signals.
  public func priorDraw(_ voxel: Int) -> [Double] {
    var random = RandomStream(StreamKey(seed: seed, unit: voxel, purpose: .prior))
    return prior.draw(&random)
  }

  /// The posterior of `voxels`, one in each lane, with the default pooling of noise to the true level.
  public func posterior<L: Lane>(of voxels: [Int], lanes: L.Type, pseudoObservations: Double = 4)
    -> AmplitudeMarginalPosterior<BiexponentialIVIM, L>
  {
    AmplitudeMarginalPosterior(
      shape, signals: (0..<shape.settingCount).map { i in L(voxels.map { signals[$0][i] }) },
      averages: [Double](repeating: 1, count: shape.settingCount),
      noise: .pooled(pseudoObservations: L(pseudoObservations), variance: L(sigma * sigma)),
      prior: NormalPrior(means: prior.means, standardDeviations: prior.deviations))
  }
}
