internal import Diagnostics
internal import GSLSupport
internal import InferenceCore
internal import LaneMath
internal import Posteriors
internal import Samplers
internal import SignalModels

/// One replicate of simulation-based calibration: truths, and draws given data that were simulated from them.
struct RankReplicate: Sendable {
  /// One for each quantity.
  var truth: [Double]
  /// Quantities × draws.
  var draws: [[Double]]
}

/// Simulation-based calibration of lesions of independent voxels: the voxel sampler of `--prior independent`.
struct IndependentRanks<Tissue: TissueModel>: Sendable {
  let predictive: PriorPredictive<Tissue>
  let voxelCount: Int
  let seed: UInt64
  /// What the sampler takes for the joint distribution: the same, unless a test plants a fault.
  let assumed: PriorPredictive<Tissue>

  init(
    predictive: PriorPredictive<Tissue>, voxelCount: Int, seed: UInt64,
    assumed: PriorPredictive<Tissue>? = nil
  ) {
    self.predictive = predictive
    self.voxelCount = voxelCount
    self.seed = seed
    self.assumed = assumed ?? predictive
  }

  /// Draws among which each truth is ranked.
  static var drawCount: Int { 99 }
  /// Draws of the chain for each that is kept: independent for all purposes.
  private static var thinning: Int { 12 }

  /// Lesion means of the coordinates; coordinates, amplitude, noise and likelihood of the first voxel; the likelihood of
  /// the lesion.
  var names: [String] {
    let coordinates = predictive.coordinateNames
    return coordinates.map { "lesion mean of \($0)" } + coordinates.map { "\($0) of a voxel" }
      + [
        "S0 of a voxel", "log sigma of a voxel", "log likelihood of a voxel", "log likelihood of the lesion",
      ]
  }

  /// The replicate with this number, whose random numbers depend on nothing else.
  func replicate(_ index: Int) -> RankReplicate {
    let n = predictive.tissue.shape.coordinates.count
    let quantities = 2 * n + 4
    var truth = [Double](repeating: 0, count: quantities)
    var draws = [[Double]](repeating: [Double](repeating: 0, count: Self.drawCount), count: quantities)
    for group in LaneGroup.groups(of: Array(0..<voxelCount)) {
      let (exact, drawn) = voxels(of: group, units: group.rows.map { index * voxelCount + $0 })
      func add(_ values: [Lane8], to place: (Int, Double) -> Void) {
        let ofLesion = Array(0..<n) + [n + 2]
        for (target, source) in zip(Array(0..<n) + [quantities - 1], ofLesion) {
          let sum = (0..<group.count).reduce(0.0) { $0 + values[source][$1] }
          place(target, target < n ? sum / Double(voxelCount) : sum)
        }
        guard group.rows[0] == 0 else { return }
        for k in 0..<(n + 3) { place(n + k, values[k][0]) }
      }
      add(exact) { truth[$0] += $1 }
      for (draw, values) in drawn.enumerated() { add(values) { draws[$0][draw] += $1 } }
    }
    return RankReplicate(truth: truth, draws: draws)
  }

  /// η, S₀, log σ and the log likelihood of eight voxels: the truth, and draws of the posterior.
  private func voxels(of group: LaneGroup, units: [Int]) -> (truth: [Lane8], draws: [[Lane8]]) {
    func streams(_ purpose: StreamPurpose) -> LaneRandom<Lane8> {
      LaneRandom(units.map { StreamKey(seed: seed, unit: $0, purpose: purpose) })
    }
    var simulation = streams(.simulation)
    let truth = predictive.draw(using: &simulation)
    var posterior = assumed.posterior(of: truth)
    let start = assumed.start(in: &posterior)
    var sampler = LaneGroupSampler(
      on: posterior, from: start, openAxis: predictive.tissue.openAxis, units: units, seed: seed,
      chainCount: 1)
    var nuisance = streams(.nuisance)
    var drawn: [[Lane8]] = []
    var step = 0
    sampler.draw(Self.drawCount * Self.thinning) { _, eta, byproducts in
      step += 1
      guard step.isMultiple(of: Self.thinning) else { return }
      let (amplitude, sigma) = posterior.drawNuisance(from: byproducts, using: &nuisance)
      let likelihood = predictive.logLikelihood(&posterior, at: eta)
      drawn.append(eta + [amplitude, Lane8.log(sigma), likelihood])
    }
    let exact = predictive.logLikelihood(&posterior, at: truth.eta)
    return (truth.eta + [truth.amplitude, Lane8.log(truth.sigma), exact], drawn)
  }
}

extension RankCalibration {
  /// The ranks of `replicates`, ties broken by streams of `seed`.
  init(of names: [String], replicates: [RankReplicate], seed: UInt64) {
    self.init(of: names, drawCount: replicates.first?.draws.first?.count ?? 99)
    for (index, replicate) in replicates.enumerated() {
      var ties = RandomStream(StreamKey(seed: seed, unit: index, purpose: .resampling))
      add(truth: replicate.truth, draws: replicate.draws, using: &ties)
    }
  }
}
