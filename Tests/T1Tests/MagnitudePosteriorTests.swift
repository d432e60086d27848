import Acquisitions
import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import SignalModels
import TestSupport
import Testing

private let bValues = [0.0, 10, 20, 40, 60, 80, 100, 150, 200, 400, 600, 800].map { BValue($0) }
private let signals = [
  337.9, 325.9, 190.6, 274.5, 230.0, 245.8, 139.9, 222.2, 175.9, 146.9, 111.4, 0,
]

/// A posterior of `signals` with all that can be switched.
private func posterior(
  coils: Int = 1, sigma: MagnitudeSigma<Double>, averages: Double = 1, deviation: Double = 0.5
) -> MagnitudePosterior<BiexponentialIVIM, Double> {
  MagnitudePosterior(
    BiexponentialIVIM(bValues: bValues), signals: signals,
    averages: bValues.map { $0.secondsPerSquareMillimeter > 100 ? averages : 1 },
    density: MagnitudeDensity(coilCount: coils), sigma: sigma,
    prior: NormalPrior(
      means: [0.09, -1.7, 3, Double.log(315)], standardDeviations: [0.4, 1, 0.8, deviation]))
}

/// The largest relative difference between gradient and central differences.
func worstGradientError<Density: LaneLogDensity<Double>>(_ density: Density, at place: [Double]) -> Double {
  var density = density
  var gradient = place
  var information = [Double](repeating: 0, count: packedIndex(place.count, 0))
  _ = density.expand(at: place, gradient: &gradient, information: &information)
  return place.indices.map { k in
    let step = 1e-4
    func value(_ multiple: Double) -> Double {
      var moved = place
      moved[k] += multiple * step
      return density.logDensity(at: moved)
    }
    let difference = (value(-2) - 8 * value(-1) + 8 * value(1) - value(2)) / (12 * step)
    return abs(difference - gradient[k]) / (1 + abs(gradient[k]))
  }.max() ?? .nan
}

@Suite struct MagnitudePosteriorTests {
  /// (log D, logit f, log(D* − D), log S₀, log σ).
  private let place = [0.2, -1.2, 3.1, 5.7, 3.4]

  @Test(arguments: [1, 3, 8])
  func `The log density is the sum of the densities of the values and the priors`(coils: Int) {
    var density = posterior(coils: coils, sigma: .pooled(pseudoObservations: 4, variance: 900))
    // The value 0 of the signals has no density of its own: compare with it replaced.
    density.signals[11] = 60
    func direct(_ place: [Double]) -> Double {
      var workspace = [Double](repeating: 0, count: density.shape.workspaceCount)
      var relative = [Double](repeating: 0, count: bValues.count)
      density.shape.evaluate(at: place, signal: &relative, workspace: &workspace)
      let (amplitude, sigma) = (Double.exp(place[3]), Double.exp(place[4]))
      let values = zip(density.signals, relative).reduce(0) {
        $0 + density.density.logDensity(of: $1.0, noiseless: amplitude * $1.1, sigma: sigma)
      }
      let deviations = zip(place, zip([0.09, -1.7, 3, Double.log(315)], [0.4, 1, 0.8, 0.5])).map {
        ($0 - $1.0) / $1.1
      }
      let prior = -0.5 * deviations.reduce(0) { $0 + $1 * $1 }
      return values + prior - 4 * (place[4] + 0.5 * 900 / (sigma * sigma))
    }
    func ours(_ place: [Double]) -> Double {
      let position = density.position(Array(place[..<3]), logAmplitude: place[3], logSigma: place[4])
      let value = density.logDensity(at: position)
      #expect(isClose(density.byproducts[0], Double.exp(place[3]), relative: 1e-12))
      #expect(isClose(density.byproducts[1], Double.exp(place[4]), relative: 1e-12))
      return value
    }
    let other = [-0.1, -2, 2.5, 5.9, 2.9]
    let difference = ours(place) - ours(other)
    #expect(isClose(difference, direct(place) - direct(other), relative: 1e-11))
  }

  @Test(arguments: [1, 4])
  func `The gradient is that of central differences`(coils: Int) {
    let pooled = posterior(coils: coils, sigma: .pooled(pseudoObservations: 4, variance: 900))
    #expect(worstGradientError(pooled, at: [0.2, -1.2, 3.1, 0.1, 0.2]) < 1e-8)
    #expect(worstGradientError(pooled, at: [0.2, -1.2, 3.1, -2, -0.4]) < 1e-8)
    let known = posterior(coils: coils, sigma: .known(33))
    #expect(worstGradientError(known, at: [0.2, -1.2, 3.1, 0.1]) < 1e-8)
  }

  @Test func `The gradient of averaged magnitudes is that of central differences`() {
    let averaged = posterior(sigma: .pooled(pseudoObservations: 0, variance: 1), averages: 6)
    #expect(worstGradientError(averaged, at: [0.2, -1.2, 3.1, 0.1, 0.2]) < 1e-8)
    #expect(worstGradientError(averaged, at: [0.2, -1.2, 3.1, -2, -0.4]) < 1e-7)
  }

  @Test
  func `The gradient through a sign change is that of central differences, and the density has no kink`() {
    let times = [0.06, 0.15, 0.4, 0.8, 1.1, 1.6, 2.6, 4.5].map { InversionTime(seconds: $0) }
    var density = MagnitudePosterior(
      MagnetizationRecovery(inversionTimes: times),
      signals: [321.0, 317, 175, 61, 55, 171, 276, 371], averages: times.map { _ in 1 }, sigma: .known(12.0),
      prior: NormalPrior(means: [0.3, 1.9, 6], standardDeviations: [0.35, 0.1, .infinity]))
    for logT1 in [-0.4, 0.1, 0.3, 0.7] {
      #expect(worstGradientError(density, at: [logT1, 1.9, 0.1]) < 1e-8)
    }
    // T1 at which the fourth value is zero.
    let null = Double.log(0.8 / Double.log(1.9))
    let values = [-1e-5, 0, 1e-5].map {
      density.logDensity(at: density.position([null + $0, 1.9], logAmplitude: 6, logSigma: 0))
    }
    #expect(abs(values[0] - 2 * values[1] + values[2]) < 1e-6)
  }

  @Test func `One coil is Rician, and averages of one are single values`() {
    var rician = posterior(sigma: .known(33))
    let value = rician.logDensity(at: [0.2, -1.2, 3.1, 0.1])
    #expect(value.isFinite)
    var lanes = MagnitudePosterior(
      rician.shape, signals: signals.map { Lane8($0) }, averages: rician.averages, sigma: .known(Lane8(33)),
      prior: NormalPrior(
        means: [0.09, -1.7, 3, Double.log(315)], standardDeviations: [0.4, 1, 0.8, 0.5]))
    let eight = lanes.logDensity(at: [0.2, -1.2, 3.1, 0.1].map { Lane8($0) })
    for lane in 0..<8 { #expect(eight[lane].bitPattern == value.bitPattern) }
  }

  @Test func `An average of many magnitudes outweighs one`() {
    // With n = 50 the likelihood of a wrong amplitude falls faster.
    var (one, many) = (
      posterior(sigma: .known(33), deviation: .infinity),
      posterior(sigma: .known(33), averages: 50, deviation: .infinity)
    )
    func fall(_ density: inout MagnitudePosterior<BiexponentialIVIM, Double>) -> Double {
      let eta = [0.2, -1.2, 3.1]
      let near = density.logDensity(at: density.position(eta, logAmplitude: 5.7, logSigma: 0))
      return near - density.logDensity(at: density.position(eta, logAmplitude: 5.9, logSigma: 0))
    }
    let (fallOne, fallMany) = (fall(&one), fall(&many))
    #expect(fallMany > fallOne + 10)
  }

  @Test func `The start has the amplitude of least squares and the best of the candidates`() {
    var density = posterior(sigma: .pooled(pseudoObservations: 4, variance: 900))
    let candidates = density.prior.line(along: 0, from: -1, to: 1, count: 9, dimension: 3)
    let start = density.start(among: candidates)
    let best = candidates.map { density.logDensity(at: density.completed($0)) }.max() ?? .nan
    #expect(density.logDensity(at: start) == best)
    #expect(start[3] == 0 && start[4] == 0)
    _ = density.logDensity(at: start)
    #expect(abs(Double.log(density.byproducts[0]) - 5.7) < 0.3)
    #expect(abs(Double.log(density.byproducts[1] / 30)) < 0.5)
  }
}
