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
import VoxelTestSupport

/// Draws of the ADC from a table, against quadrature.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct TabulatedLineTests {
  private typealias Posterior = AmplitudeMarginalPosterior<MonoexponentialADC, Lane8>
  private static let count = 40_000

  /// Eight posteriors of the ADC at an SNR of 1000/`sigma`.
  private func posterior(sigma: Double, priorMean: Double = 0.1) -> Posterior {
    let bValues = [0.0, 50, 200, 400, 800].map { BValue($0) }
    var random = RandomStream(StreamKey(seed: 71, purpose: .simulation))
    let signals = (0..<5).map { i in
      Lane8(
        (0..<8).map { lane in
          let adc = 0.5 + 0.25 * Double(lane)
          let b = bValues[i].millisecondsPerSquareMicrometer
          return random.normal(mean: 1000 * Double.exp(-b * adc), standardDeviation: sigma)
        })
    }
    return AmplitudeMarginalPosterior(
      MonoexponentialADC(bValues: bValues), signals: signals, averages: [1, 1, 1, 2, 4],
      noise: .pooled(pseudoObservations: 4, variance: Lane8(sigma * sigma)),
      prior: NormalPrior(means: [priorMean], standardDeviations: [0.5]))
  }

  /// Mean, SD and the probabilities below five places of every lane by the trapezium rule, and those of the draws.
  private func zScores(_ drawn: Posterior, _ exact: Posterior) -> [Double] {
    var (density, reference) = (drawn, exact)
    let mode = LaneMode(of: &density, from: density.prior.mean)
    var line = TabulatedLine(of: &density, about: mode)
    var random = LaneRandom<Lane8>((0..<8).map { StreamKey(seed: 72, unit: $0, purpose: .sampling) })
    let draws = (0..<Self.count).map { _ in line.draw(using: &random) }
    let exactMode = LaneMode(of: &reference, from: reference.prior.mean)
    let deviation = exactMode.standardDeviations[0]
    let steps = (-1600...1600).map { 0.005 * Double($0) }
    let places: [Lane8] = steps.map { exactMode.position[0] + $0 * deviation }
    var heights: [Lane8] = []
    for place in places {
      heights.append(Lane8.exp(reference.logDensity(at: [place]) - exactMode.logDensity))
    }
    var scores: [Double] = []
    for lane in 0..<8 {
      let total = heights.reduce(0.0) { $0 + $1[lane] }
      for (index, step) in steps.enumerated() where [-2, -1, 0, 1, 2].contains(step) {
        let before = heights.prefix(index).reduce(0.0) { $0 + $1[lane] }
        let below = (before + 0.5 * heights[index][lane]) / total
        let place = places[index][lane]
        let share = Double(draws.count { $0[lane] < place }) / Double(Self.count)
        let variance = below * (1 - below) / Double(Self.count)
        scores.append((share - below) / variance.squareRoot())
      }
    }
    return scores
  }

  /// 40 z-scores at 5: a false alarm in 40,000 seeds.
  @Test(arguments: [10.0, 100, 400])
  func `Draws have the distribution of the density`(sigma: Double) {
    let scores = zScores(posterior(sigma: sigma), posterior(sigma: sigma))
    #expect((scores.map(\.magnitude).max() ?? .infinity) < 5)
  }

  @Test func `Twin: a prior moved by a tenth of its deviation is found out`() {
    let scores = zScores(posterior(sigma: 400, priorMean: 0.15), posterior(sigma: 400))
    #expect((scores.map(\.magnitude).max() ?? .infinity) > 5)
  }
}
