internal import Diagnostics
internal import GSLSupport
internal import InferenceCore
internal import LaneMath
internal import Posteriors
internal import Samplers
internal import SignalModels

/// Geweke's joint test of the voxel sampler, eight chains side by side in the lanes.
///
/// It tests the program, not the protocol: noise is set high, because data that say much tie each sweep to the last and
/// the chains would not move.
struct IndependentGeweke<Tissue: TissueModel>: Sendable {
  let predictive: PriorPredictive<Tissue>
  let seed: UInt64
  /// What the sampler takes for the joint distribution: the same, unless a test plants a fault.
  let assumed: PriorPredictive<Tissue>

  init(predictive: PriorPredictive<Tissue>, seed: UInt64, assumed: PriorPredictive<Tissue>? = nil) {
    self.predictive = predictive
    self.seed = seed
    self.assumed = assumed ?? predictive
  }

  /// Signal-to-noise ratio of the simulated voxels.
  static var signalToNoise: Double { 4 }
  /// Groups of eight successive-conditional chains.
  private static var groupCount: Int { 50 }
  /// Sweeps of each chain.
  private static var sweepCount: Int { 40 }
  /// Draws of a sweep: both kernels of the sampler take part.
  private static var drawsPerSweep: Int { 8 }

  /// Coordinates, amplitude, noise, and the likelihood.
  var names: [String] { predictive.coordinateNames + ["S0", "log sigma", "log likelihood"] }

  /// Runs both simulators and compares them.
  func run(threads: Int) async throws -> GewekeTest {
    let groups = try await concurrentMap(Array(0..<Self.groupCount), threads: threads) { group in
      (self.marginal(group), self.successive(group))
    }
    func series(_ k: Int, _ draws: [[Lane8]], _ lane: Int) -> [Double] { draws.map { $0[k][lane] } }
    return GewekeTest(
      names,
      marginal: names.indices.map { k in
        groups.flatMap { group in (0..<Lane8.count).flatMap { series(k, group.0, $0) } }
      },
      successive: names.indices.map { k in
        groups.flatMap { group in (0..<Lane8.count).map { series(k, group.1, $0) } }
      })
  }

  private func streams(_ group: Int, _ purpose: StreamPurpose) -> LaneRandom<Lane8> {
    LaneRandom(
      (0..<Lane8.count).map { StreamKey(seed: seed, unit: Lane8.count * group + $0, purpose: purpose) })
  }

  private func functions(of voxels: PriorPredictive<Tissue>.Voxels) -> [Lane8] {
    var posterior = predictive.posterior(of: voxels)
    return voxels.eta
      + [
        voxels.amplitude, Lane8.log(voxels.sigma), predictive.logLikelihood(&posterior, at: voxels.eta),
      ]
  }

  /// Independent draws of the joint density.
  private func marginal(_ group: Int) -> [[Lane8]] {
    var random = streams(group, .prior)
    return (0..<Self.sweepCount).map { _ in functions(of: predictive.draw(using: &random)) }
  }

  /// A chain that starts from a draw of the joint density: one sweep given the signals, new signals, and again.
  private func successive(_ group: Int) -> [[Lane8]] {
    var random = streams(group, .simulation)
    var nuisance = streams(group, .nuisance)
    var voxels = predictive.draw(using: &random)
    return (0..<Self.sweepCount).map { sweep in
      var posterior = assumed.posterior(of: voxels)
      let start = assumed.start(in: &posterior)
      // Every sweep has streams of its own: its seed is the sweep's.
      var sampler = LaneGroupSampler(
        on: posterior, from: start, openAxis: predictive.tissue.openAxis,
        units: (0..<Lane8.count).map { Lane8.count * group + $0 }, seed: seed &+ UInt64(sweep),
        chainCount: 1,
        warmup: 0)
      sampler.move(to: voxels.eta)
      var byproducts: [Lane8] = []
      sampler.draw(Self.drawsPerSweep) { _, eta, reached in
        voxels.eta = eta
        byproducts = reached
      }
      (voxels.amplitude, voxels.sigma) = posterior.drawNuisance(from: byproducts, using: &nuisance)
      predictive.drawSignals(of: &voxels, using: &random)
      return functions(of: voxels)
    }
  }
}
