import Acquisitions
import Diagnostics
import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import Samplers
import SignalModels
import TestSupport
import Testing

private let times = [0.35, 0.5, 0.65, 0.8, 0.95, 1.1, 1.25, 1.4, 1.7].map { InversionTime(seconds: $0) }

/// A magnitude inversion recovery whose null lies between two inversion times, so noisy that either polarity fits.
private func ambiguous(seed: UInt64 = 7) -> MagnitudePosterior<MagnetizationRecovery, Lane8> {
  let shape = MagnetizationRecovery(inversionTimes: times, repetitionTime: 2.5)
  var random = RandomStream(StreamKey(seed: seed, purpose: .simulation))
  let signals = [Lane8](
    times.indices.map { _ in Lane8(0) })
  var curves = signals
  for lane in 0..<8 {
    let t1 = 0.5 * Double.exp(0.12 * Double(lane))
    var relative = [Double](repeating: 0, count: times.count)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    shape.evaluate(at: [Double.log(t1), 1.8], signal: &relative, workspace: &workspace)
    for i in times.indices {
      let (x, y) = (1000 * relative[i] + 120 * random.normal(), 120 * random.normal())
      curves[i][lane] = (x * x + y * y).squareRoot()
    }
  }
  return MagnitudePosterior(
    shape, signals: curves, averages: times.map { _ in 1 }, sigma: .known(Lane8(120)),
    prior: NormalPrior(
      means: [Double.log(1.2), 1.8, 0], standardDeviations: [0.6, 0.4, .infinity]))
}

private func starts(_ posterior: MagnitudePosterior<MagnetizationRecovery, Lane8>) -> [[Lane8]] {
  posterior.prior.line(along: 0, from: -3, to: 2.5, count: 60, dimension: 2).map { posterior.completed($0) }
}

/// The sampler for several modes against quadrature, on eight voxels of which some have two polarities.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct ModeMixtureTests {
  private func moments(of draws: [[[Double]]]) -> [(mean: Double, deviation: Double, rHat: Double)] {
    draws.map {
      let diagnostics = ChainDiagnostics($0)
      return (diagnostics.mean, diagnostics.standardDeviation, diagnostics.rHat)
    }
  }

  /// log T1 of every lane on a fine grid, the other coordinates summed over: shares nothing with the samplers.
  private func exact(_ posterior: MagnitudePosterior<MagnetizationRecovery, Lane8>) -> [(Double, Double)] {
    var density = posterior
    let origin = origin
    var sums = [(w: Double, x: Double, xx: Double)](repeating: (0, 0, 0), count: 8)
    for a in stride(from: -2.2, through: 2.6, by: 0.02) {
      for k in stride(from: 0.2, through: 3.4, by: 0.05) {
        for v in stride(from: -0.6, through: 0.6, by: 0.04) {
          let value = density.logDensity(at: [Lane8(a), Lane8(k), Lane8(v)])
          for lane in 0..<8 {
            let weight = Double.exp(value[lane] - origin[lane])
            sums[lane].w += weight
            sums[lane].x += weight * a
            sums[lane].xx += weight * a * a
          }
        }
      }
    }
    return sums.map { s in
      let mean = s.x / s.w
      return (mean, (s.xx / s.w - mean * mean).squareRoot())
    }
  }

  private var origin: Lane8 {
    var posterior = ambiguous()
    let candidates = starts(posterior)
    return posterior.logDensity(at: posterior.best(of: candidates))
  }

  private func draws(
    _ sampler: inout MultimodalGroupSampler<MagnitudePosterior<MagnetizationRecovery, Lane8>>
  )
    -> [[[Double]]]
  {
    var draws = [[[Double]]](repeating: [[Double]](repeating: [], count: 4), count: 8)
    sampler.draw(4000) { chain, position, _ in
      for lane in 0..<8 { draws[lane][chain].append(position[0][lane]) }
    }
    return draws
  }

  @Test(
    .disabled("the search finds one mode of these voxels only; chains still agree with quadrature elsewhere"))
  func `Both polarities are found, and chains that start in either agree with quadrature`() {
    var posterior = ambiguous()
    let mixture = ModeMixture(of: &posterior, among: starts(posterior))
    #expect(mixture.severalLanes.count >= 2, "\(mixture.severalLanes)")
    for lane in 0..<8 {
      #expect(isClose(mixture.weights.reduce(0) { $0 + $1[lane] }, 1, relative: 1e-12))
    }
    var sampler = MultimodalGroupSampler(
      on: posterior, about: mixture, openAxis: 0, units: Array(0..<8), seed: 3, warmup: 24)
    let found = moments(of: draws(&sampler))
    for (lane, reference) in exact(posterior).enumerated() {
      // 16,000 draws, an ESS of some 3,000 at least: 0.1 SD is five standard errors, 8 % six.
      #expect(found[lane].rHat < 1.01, "lane \(lane): R-hat \(found[lane].rHat)")
      #expect(isClose(found[lane].mean, reference.0, absolute: 0.1 * reference.1), "lane \(lane)")
      #expect(isClose(found[lane].deviation, reference.1, relative: 0.08), "lane \(lane)")
    }
  }

  @Test(.disabled("needs voxels of which both polarities are found"))
  func `Twin: chains of one mode only miss the other polarity somewhere`() {
    var posterior = ambiguous()
    let mixture = ModeMixture(of: &posterior, among: starts(posterior))
    let reference = exact(posterior)
    let missed = mixture.severalLanes.contains { lane in
      // The Laplace share of the first mode alone: its SD is not that of both.
      let first = mixture.modes[0].standardDeviations[0][lane]
      return abs(first / reference[lane].1 - 1) > 0.08
    }
    #expect(missed)
  }

  @Test func `A density with one mode has one, and its other places weigh nothing`() {
    var posterior = ambiguous()
    posterior.signals = times.map { Lane8(1000 * abs(1 - 1.8 * Double.exp(-$0.seconds / 0.4))) }
    posterior.sigma = .known(Lane8(5))
    let mixture = ModeMixture(of: &posterior, among: starts(posterior))
    #expect(!mixture.hasSeveral && mixture.severalLanes.isEmpty)
    #expect(mixture.modes.count == 3)
  }
}
