import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import Samplers
import SignalModels

/// Voxels whose truths are drawn from the prior, fitted and compared with their truths.
struct CoverageStudy {
  /// How often the central 90 % interval of each coordinate held the truth.
  private(set) var coverage: [Double]
  /// The mean of posterior mean minus truth, and its standard error, for each coordinate.
  private(set) var bias: [(mean: Double, error: Double)]
  /// The mean width of the 90 % interval of each coordinate.
  private(set) var width: [Double]
  /// Voxels in the study.
  let count: Int

  /// The noise of a study: σ of each voxel is drawn about `sigma` with ν₀ pseudo-observations, or is `sigma`.
  struct Noise {
    var sigma: Double
    var pseudoObservations: Double?

    func draw(_ random: inout RandomStream) -> Double {
      guard let nu0 = pseudoObservations else { return sigma }
      return random.inverseGamma(shape: nu0 / 2, scale: nu0 * sigma * sigma / 2).squareRoot()
    }
  }

  /// Fits `count` voxels with 4 chains of 250 draws: `simulate` draws truth and signals of a voxel, `posterior` gives
  /// density and start of eight voxels from their signals.
  init<Density: LaneLogDensity<Lane8> & Sendable>(
    count: Int, openAxis: Int, seed: UInt64,
    simulate: (_ random: inout RandomStream) -> (truth: [Double], signals: [Double]),
    posterior: (_ signals: [Lane8]) -> (Density, [Lane8])
  ) {
    self.count = count
    var covered: [Int] = []
    var errors: [[Double]] = []
    var widths: [Double] = []
    for first in stride(from: 0, to: count, by: 8) {
      let voxels = (0..<8).map { lane in
        var random = RandomStream(StreamKey(seed: seed, unit: first + lane, purpose: .simulation))
        return simulate(&random)
      }
      let signals = voxels[0].signals.indices.map { i in Lane8(voxels.map { $0.signals[i] }) }
      let (density, start) = posterior(signals)
      var sampler = LaneGroupSampler(
        on: density, from: start, openAxis: openAxis, units: Array(first..<first + 8), seed: seed)
      let n = voxels[0].truth.count
      if covered.isEmpty {
        covered = [Int](repeating: 0, count: n)
        errors = [[Double]](repeating: [], count: n)
        widths = [Double](repeating: 0, count: n)
      }
      var kept = [[Lane8]](repeating: [], count: n)
      sampler.draw(250) { _, position, _ in for k in 0..<n { kept[k].append(position[k]) } }
      for lane in 0..<8 {
        for k in 0..<n {
          let draws = kept[k].map { $0[lane] }.sorted()
          let truth = voxels[lane].truth[k]
          let below = draws.count { $0 < truth }
          if below > draws.count / 20 && below < draws.count - draws.count / 20 { covered[k] += 1 }
          errors[k].append(draws.reduce(0, +) / Double(draws.count) - truth)
          widths[k] += draws[draws.count - 1 - draws.count / 20] - draws[draws.count / 20]
        }
      }
    }
    coverage = covered.map { Double($0) / Double(count) }
    width = widths.map { $0 / Double(count) }
    bias = errors.map { values in
      (values.reduce(0, +) / Double(count), (variance(values) / Double(count)).squareRoot())
    }
  }

  /// Voxels of `shape` under Rician (or noncentral chi) noise, fitted by a magnitude posterior.
  static func magnitude(
    _ shape: some SignalShape, means: [Double], deviations: [Double], noise: Noise,
    openAxis: Int, count: Int, seed: UInt64, assumed: Noise? = nil, coils: Int = 1
  ) -> CoverageStudy {
    let (assumed, level) = (assumed ?? noise, Double.log(1000))
    return CoverageStudy(count: count, openAxis: openAxis, seed: seed) { random in
      let truth = zip(means, deviations).map { random.normal(mean: $0, standardDeviation: $1) }
      let amplitude = Double.exp(random.normal(mean: level, standardDeviation: 0.5))
      let sigma = noise.draw(&random)
      let signals = noiseless(shape, at: truth, amplitude: amplitude).map {
        magnitude(of: $0, sigma: sigma, coils: coils, &random)
      }
      return (truth, signals)
    } posterior: { signals in
      let sigma: MagnitudeSigma<Lane8> =
        if let nu0 = assumed.pseudoObservations {
          .pooled(pseudoObservations: Lane8(nu0), variance: Lane8(assumed.sigma * assumed.sigma))
        } else { .known(Lane8(assumed.sigma)) }
      var density = MagnitudePosterior(
        shape, signals: signals, averages: signals.map { _ in 1 },
        density: MagnitudeDensity(coilCount: coils), sigma: sigma,
        prior: NormalPrior(means: means + [level], standardDeviations: deviations + [0.5]))
      return (density, density.start(among: candidates(density.prior, shape)))
    }
  }

  /// Voxels of `shape` under Gaussian noise, fitted with amplitude and σ integrated out.
  ///
  /// The fit's prior of the amplitude is flat: truths are drawn evenly from 0.4 to 1.6 of `amplitude`. An amplitude that
  /// is always the same would be known better than the fit says.
  static func gaussian(
    _ shape: some SignalShape, means: [Double], deviations: [Double], noise: Noise, amplitude: Double = 1000,
    openAxis: Int, count: Int, seed: UInt64,
    signal: (_ truth: [Double], _ random: inout RandomStream) -> [Double]
  ) -> CoverageStudy {
    CoverageStudy(count: count, openAxis: openAxis, seed: seed) { random in
      let truth = zip(means, deviations).map { random.normal(mean: $0, standardDeviation: $1) }
      let (sigma, scale) = (noise.draw(&random), amplitude * (0.4 + 1.2 * random.uniform()))
      return (truth, signal(truth, &random).map { scale * $0 + sigma * random.normal() })
    } posterior: { signals in
      var density = AmplitudeMarginalPosterior(
        shape, signals: signals, averages: signals.map { _ in 1 },
        noise: .pooled(
          pseudoObservations: Lane8(noise.pseudoObservations ?? 0),
          variance: Lane8(noise.sigma * noise.sigma)),
        prior: NormalPrior(means: means, standardDeviations: deviations))
      return (density, density.best(of: candidates(density.prior, shape)))
    }
  }

  /// |complex signal| of `coils` channels of noise `sigma` that share the signal equally.
  static func magnitude(
    of signal: Double, sigma: Double, coils: Int, _ random: inout RandomStream
  ) -> Double {
    let share = signal / Double(coils).squareRoot()
    let squares = (0..<coils).map { _ in
      let (x, y) = (share + sigma * random.normal(), sigma * random.normal())
      return x * x + y * y
    }
    return squares.reduce(0, +).squareRoot()
  }

  private static func candidates(_ prior: NormalPrior<Lane8>, _ shape: some SignalShape) -> [[Lane8]] {
    shape.coordinates[0].name == "t1"
      ? prior.line(along: 0, from: -3.5, to: 2.5, count: 40, dimension: shape.coordinates.count)
      : [Array(prior.mean.prefix(shape.coordinates.count))]
  }
}
