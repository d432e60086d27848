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

private let times = [0.6, 1.7].map { InversionTime(seconds: $0) }

/// Magnitudes without noise at two inversion times, k known to 0.1: whether the first was negative is told by nothing but the
/// priors, so that a short T1 and one three to nine times as long fit alike, some 20 e-folds above what lies between them.
private func ambiguous() -> MagnitudePosterior<MagnetizationRecovery, Lane8> {
  let shape = MagnetizationRecovery(inversionTimes: times, repetitionTime: 2.5)
  var curves = [Lane8](times.indices.map { _ in Lane8(0) })
  for lane in 0..<8 {
    var relative = [Double](repeating: 0, count: times.count)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    shape.evaluate(
      at: [Double.log(0.4 + 0.03 * Double(lane)), 1.9], signal: &relative, workspace: &workspace)
    for i in times.indices { curves[i][lane] = 1000 * abs(relative[i]) }
  }
  return MagnitudePosterior(
    shape, signals: curves, averages: times.map { _ in 1 }, sigma: .known(Lane8(60)),
    prior: NormalPrior(
      means: [Double.log(1.2), 1.9, 0], standardDeviations: [0.6, 0.1, .infinity]))
}

private func starts(_ posterior: MagnitudePosterior<MagnetizationRecovery, Lane8>) -> [[Lane8]] {
  posterior.prior.line(along: 0, from: -3, to: 2.5, count: 60, dimension: 2).map { posterior.completed($0) }
}

/// The sampler for several modes against quadrature, on eight voxels with two polarities.
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
      for k in stride(from: 1.4, through: 2.4, by: 0.025) {
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

  @Test func `Both polarities are found, and chains that start in either agree with quadrature`() {
    var posterior = ambiguous()
    let mixture = ModeMixture(of: &posterior, among: starts(posterior))
    #expect(mixture.severalLanes == Array(0..<8))
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

  @Test func `Twin: chains about one mode only miss the other polarity in most voxels`() {
    let posterior = ambiguous()
    var density = posterior
    let start = density.best(of: starts(posterior))
    var sampler = LaneGroupSampler(on: posterior, from: start, openAxis: 0, units: Array(0..<8), seed: 3)
    var draws = [[[Double]]](repeating: [[Double]](repeating: [], count: 4), count: 8)
    sampler.draw(1000) { chain, position, _ in
      for lane in 0..<8 { draws[lane][chain].append(position[0][lane]) }
    }
    let found = moments(of: draws)
    let missed = exact(posterior).enumerated().count { lane, reference in
      found[lane].deviation < 0.5 * reference.1
    }
    // Where the other mode is near, the outermost cells of the first one's proposal reach it.
    #expect(missed >= 4, "\(missed)")
  }

  @Test func `A density with one mode has one, and its other places weigh nothing`() {
    let many = [0.35, 0.5, 0.65, 0.8, 0.95, 1.1, 1.25, 1.4, 1.7].map { InversionTime(seconds: $0) }
    var posterior = MagnitudePosterior(
      MagnetizationRecovery(inversionTimes: many, repetitionTime: 2.5),
      signals: many.map { Lane8(1000 * abs(1 - 1.8 * Double.exp(-$0.seconds / 0.4))) },
      averages: many.map { _ in 1 }, sigma: .known(Lane8(5)), prior: ambiguous().prior)
    let mixture = ModeMixture(of: &posterior, among: starts(posterior))
    #expect(!mixture.hasSeveral && mixture.severalLanes.isEmpty)
    #expect(mixture.modes.count == 3)
  }
}
