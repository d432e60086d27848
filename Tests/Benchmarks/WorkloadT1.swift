import IVIMBayes

/// Workloads beside W1: one posterior for each T1 model, and Rician IVIM, with truths drawn from the priors.
struct WorkloadT1 {
  static let inversionTimes = [0.05, 0.15, 0.4, 0.7, 1.0, 1.4, 2.0, 3.0].map { InversionTime(seconds: $0) }
  static let molliTimes = [0.1, 0.18, 1.1, 1.18, 2.1, 2.18, 3.1, 4.1].map { InversionTime(seconds: $0) }
  static let saturationTimes = [0.1, 0.3, 0.5, 0.7, 1.0, 1.5, 2.5, .infinity].map {
    SaturationTime(seconds: $0)
  }
  static let angles = [2.0, 5, 10, 15, 20].map { FlipAngle(degrees: $0) }
  static let t1 = (mean: Double.log(1.4), deviation: 0.35)

  let voxelCount: Int
  let snr: Double

  /// Signals of `shape`, |S| for magnitudes, with truths from N(means, deviations) and amplitude 1000.
  func simulate(
    _ shape: some SignalShape, means: [Double], deviations: [Double], magnitude: Bool, sigma: Double
  ) -> [[Double]] {
    var random = RandomStream(StreamKey(seed: 5, purpose: .simulation))
    var relative = [Double](repeating: 0, count: shape.settingCount)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    return (0..<voxelCount).map { _ in
      let eta = zip(means, deviations).map { random.normal(mean: $0, standardDeviation: $1) }
      shape.evaluate(at: eta, signal: &relative, workspace: &workspace)
      return relative.map { g in
        let (x, y) = (1000 * g + sigma * random.normal(), sigma * random.normal())
        return magnitude ? (x * x + y * y).squareRoot() : 1000 * g + sigma * random.normal()
      }
    }
  }

  /// Samples every voxel: 4 chains of 250 kept draws.
  private func rate<Density: LaneLogDensity<Lane8> & Sendable>(
    axis: Int, _ posterior: (_ voxels: [Int]) -> (Density, [Lane8])
  ) -> SamplerRate {
    let draws = 250
    return SamplerTiming.rate(voxels: voxelCount, draws: 4 * draws) { collect in
      for first in stride(from: 0, to: voxelCount, by: 8) {
        let voxels = Array(first..<first + 8)
        let (density, start) = posterior(voxels)
        var sampler = LaneGroupSampler(on: density, from: start, openAxis: axis, units: voxels, seed: 1)
        let n = density.dimension
        var kept = [[Lane8]](repeating: [], count: 4 * n)
        for k in kept.indices { kept[k].reserveCapacity(draws) }
        sampler.draw(draws) { chain, position, _ in
          for k in 0..<n { kept[chain * n + k].append(position[k]) }
        }
        for lane in 0..<8 {
          collect { (0..<n).map { k in (0..<4).map { chain in kept[chain * n + k].map { $0[lane] } } } }
        }
      }
    }
  }

  func lanes(_ signals: [[Double]], _ voxels: [Int]) -> [Lane8] {
    signals[0].indices.map { i in Lane8(voxels.map { signals[$0][i] }) }
  }

  /// A model under Rician noise, with σ drawn to its level.
  private func rician(_ shape: some SignalShape, means: [Double], deviations: [Double], axis: Int)
    -> SamplerRate
  {
    let sigma = 1000 / snr
    let signals = simulate(shape, means: means, deviations: deviations, magnitude: true, sigma: sigma)
    return rate(axis: axis) { voxels in
      var density = MagnitudePosterior(
        shape, signals: lanes(signals, voxels), averages: signals[0].map { _ in 1 },
        sigma: .pooled(pseudoObservations: Lane8(4), variance: Lane8(sigma * sigma)),
        prior: NormalPrior(
          means: means + [Double.log(1000)], standardDeviations: deviations + [0.5]))
      let candidates =
        shape.coordinates[0].name == "t1"
        ? density.prior.line(along: 0, from: -3.5, to: 2, count: 40, dimension: means.count)
        : [Array(density.prior.mean.prefix(means.count))]
      return (density, density.start(among: candidates))
    }
  }

  /// A model under Gaussian noise, amplitude and σ integrated out.
  private func gaussian(
    _ shape: some SignalShape, means: [Double], deviations: [Double], sigma: Double, axis: Int
  ) -> SamplerRate {
    let signals = simulate(shape, means: means, deviations: deviations, magnitude: false, sigma: sigma)
    return rate(axis: axis) { voxels in
      var density = AmplitudeMarginalPosterior(
        shape, signals: lanes(signals, voxels), averages: signals[0].map { _ in 1 },
        noise: .pooled(pseudoObservations: Lane8(4), variance: Lane8(sigma * sigma)),
        prior: NormalPrior(means: means, standardDeviations: deviations))
      return (
        density,
        density.best(of: density.prior.line(along: 0, from: -3.5, to: 2, count: 40, dimension: means.count))
      )
    }
  }

  /// The rates of all models.
  func rates() -> [(name: String, rate: SamplerRate)] {
    let (mean, deviation) = Self.t1
    return [
      (
        "T1 inversion recovery, Rician",
        rician(
          MagnetizationRecovery(inversionTimes: Self.inversionTimes), means: [mean, 1.9],
          deviations: [deviation, 0.1], axis: 0)
      ),
      (
        "T1 MOLLI, Rician",
        rician(
          LookLockerRecovery(inversionTimes: Self.molliTimes), means: [mean, 0.3],
          deviations: [deviation, 0.3], axis: 0)
      ),
      (
        "T1 variable flip angles, uncertain B1",
        gaussian(
          SpoiledGradientEcho(flipAngles: Self.angles, repetitionTime: 0.005), means: [mean, 1],
          deviations: [deviation, 0.05], sigma: 50 / snr, axis: 1)
      ),
      (
        "T1 SASHA",
        gaussian(
          MagnetizationRecovery(saturationTimes: Self.saturationTimes, isSaturationPerfect: true),
          means: [mean], deviations: [deviation], sigma: 1000 / snr, axis: 0)
      ),
      (
        "IVIM, Rician",
        rician(
          BiexponentialIVIM(bValues: WorkloadW1.bValues),
          means: [Double.log(1.1), Double.log(0.25), Double.log(20)], deviations: [0.4, 1, 0.8],
          axis: BiexponentialIVIM.openAxis)
      ),
    ]
  }
}
