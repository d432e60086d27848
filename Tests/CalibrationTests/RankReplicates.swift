import Acquisitions
import Diagnostics
import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import Samplers
import SignalModels
import VoxelTestSupport

/// Simulation-based calibration of one voxel: truths and signals from the joint prior, ranks of the truths among
/// posterior draws (Talts et al. 2018, arXiv:1804.06788; the log likelihood as a quantity: Modrák et al. 2023).
struct RankReplicates {
  /// The quantities that are ranked.
  static let names = ["log D", "logit f", "log (D* − D)", "S0", "sigma", "log likelihood"]
  static let count = 400
  static let drawCount = 99
  static let thinning = 12

  let prior: IVIMDistribution
  /// S₀ ~ N(1000, σ √30), σ² ~ IG(6, 6 · 25²): SNR from 20 to 80.
  let noise = AmplitudeNoise<Lane8>.normalInverseGamma(
    mean: 1000, relativeVariance: 30, shape: 6, scale: 6 * 625)
  private let shape = BiexponentialIVIM(
    bValues: [0, 0, 10, 20, 40, 80, 150, 300, 500, 800].map { BValue($0) })
  private let averages = [1.0, 1, 1, 1, 1, 3, 3, 3, 4, 6]
  /// Truths in the order of `names`, replicate after replicate; the likelihood is filled in by the posterior.
  private var truths: [[Double]] = []
  private var signals: [[Double]] = []

  /// Draws the truths and the signals; `seed` is that of the simulation.
  init(prior: IVIMDistribution, seed: UInt64) {
    self.prior = prior
    for replicate in 0..<Self.count {
      var random = RandomStream(StreamKey(seed: seed, unit: replicate, purpose: .simulation))
      let eta = prior.draw(&random)
      let sigma = random.inverseGamma(shape: 6, scale: 6 * 625).squareRoot()
      let s0 = random.normal(mean: 1000, standardDeviation: sigma * 30.0.squareRoot())
      var relative = [Double](repeating: 0, count: shape.settingCount)
      var workspace = [Double](repeating: 0, count: shape.workspaceCount)
      shape.evaluate(at: eta, signal: &relative, workspace: &workspace)
      truths.append(eta + [s0, sigma])
      signals.append(
        zip(relative, averages).map {
          random.normal(mean: s0 * $0, standardDeviation: sigma / $1.squareRoot())
        })
    }
  }

  private func posterior(of group: [Int], prior assumed: IVIMDistribution)
    -> AmplitudeMarginalPosterior<BiexponentialIVIM, Lane8>
  {
    AmplitudeMarginalPosterior(
      shape, signals: (0..<shape.settingCount).map { i in Lane8(group.map { signals[$0][i] }) },
      averages: averages, noise: noise,
      prior: NormalPrior(means: assumed.means, standardDeviations: assumed.deviations))
  }

  /// The ranks of every quantity when the voxel sampler draws with the prior `assumed`, or, `ignoringData`, when
  /// draws come from the prior.
  func ranks(assuming assumed: IVIMDistribution, ignoringData: Bool = false) -> RankCalibration {
    var calibration = RankCalibration(of: Self.names, drawCount: Self.drawCount)
    for first in stride(from: 0, to: Self.count, by: 8) {
      let group = Array(first..<first + 8)
      var likelihood = posterior(of: group, prior: assumed)
      let density = likelihood
      var sampler = LaneGroupSampler(
        on: density, from: assumed.means.map { Lane8($0) }, openAxis: BiexponentialIVIM.openAxis,
        units: group,
        seed: 1, chainCount: 1)
      var nuisance = LaneRandom<Lane8>(group.map { StreamKey(seed: 1, unit: $0, purpose: .nuisance) })
      var priors = LaneRandom<Lane8>(group.map { StreamKey(seed: 1, unit: $0, purpose: .prior) })
      var drawn = [[Lane8]](repeating: [], count: Self.names.count)
      var step = 0
      sampler.draw(Self.drawCount * Self.thinning) { _, position, _ in
        step += 1
        guard step.isMultiple(of: Self.thinning) else { return }
        let eta = ignoringData ? assumed.draw(&priors) : position
        let marginal = logLikelihood(&likelihood, eta)
        let (s0, sigma) = likelihood.drawNuisance(from: likelihood.byproducts, using: &nuisance)
        for (k, value) in (eta + [s0, sigma, marginal]).enumerated() { drawn[k].append(value) }
      }
      let truth = (0..<5).map { k in Lane8(group.map { truths[$0][k] }) }
      let exact = truth + [logLikelihood(&likelihood, Array(truth.prefix(3)))]
      for (lane, replicate) in group.enumerated() {
        var ties = RandomStream(StreamKey(seed: 1, unit: replicate, purpose: .resampling))
        calibration.add(
          truth: exact.map { $0[lane] }, draws: drawn.map { $0.map { $0[lane] } }, using: &ties)
      }
    }
    return calibration
  }

  /// log m(y | η) up to a constant: the log density without its normal prior.
  private func logLikelihood(
    _ posterior: inout AmplitudeMarginalPosterior<BiexponentialIVIM, Lane8>, _ eta: [Lane8]
  ) -> Lane8 {
    var value = posterior.logDensity(at: eta)
    for (k, coordinate) in eta.enumerated() {
      let deviation = coordinate - posterior.prior.mean[k]
      value += 0.5 * (deviation * deviation * posterior.prior.precision[packedIndex(k, k)])
    }
    return value
  }
}

extension IVIMDistribution {
  /// One draw in every lane.
  fileprivate func draw(_ random: inout LaneRandom<Lane8>) -> [Lane8] {
    zip(means, deviations).map { mean, deviation in mean + deviation * random.normalPair().0 }
  }
}
