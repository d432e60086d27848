import Diagnostics
import Foundation
import GSLSupport
import InferenceCore
import LaneMath
import Samplers
import TestSupport
import Testing

@Suite struct LaplaceApproximationTests {
  private let count = 4000

  /// Draws of a Gaussian density and their log ratios in lane 0.
  private func drawn(_ density: GaussianDensity<Lane8>) -> (positions: [[Double]], ratios: [Double]) {
    var density = density
    let start = [Lane8](repeating: 0, count: density.dimension)
    let approximation = LaplaceApproximation(about: LaneMode(of: &density, from: start))
    var random = LaneRandom<Lane8>((0..<8).map { StreamKey(seed: 1, unit: $0, purpose: .sampling) })
    var position = start
    var (positions, ratios): ([[Double]], [Double]) = ([], [])
    for _ in 0..<count {
      ratios.append(approximation.draw(of: &density, into: &position, using: &random)[0])
      positions.append(position.map { $0[0] })
    }
    return (positions, ratios)
  }

  @Test(arguments: 1...4)
  func `The mean ratio is the mass of a Gaussian, and its weights can be trusted`(dimension: Int) {
    let density = GaussianDensity(dimension: dimension, correlation: 0.7, lanes: Lane8.self)
    let (_, ratios) = drawn(density)
    let largest = ratios.max() ?? .nan
    let mean = ratios.reduce(0) { $0 + exp($1 - largest) } / Double(count)
    let spread = ratios.reduce(0) { $0 + pow(exp($1 - largest) - mean, 2) } / Double(count)
    // z-score at 5: a false alarm in 400,000 seeds of the four.
    let error = (spread / Double(count)).squareRoot() / mean
    #expect(isClose(largest + log(mean), density.logMass, absolute: 5 * error))
    #expect(error < 0.03)
    #expect(ParetoSmoothing(logRatios: ratios).shape < 0.5)
  }

  @Test func `Draws have the mode for mean, and twice the covariance`() {
    let density = GaussianDensity(dimension: 3, correlation: 0.7, lanes: Lane8.self)
    let (positions, _) = drawn(density)
    for k in 0..<3 {
      let values = positions.map { ($0[k] - density.centre[k]) / density.deviations[k] }
      let mean = values.reduce(0, +) / Double(count)
      #expect(abs(mean) < 5 * (2 / Double(count)).squareRoot())
      // t₄ has infinite fourth moments: judge its spread by a quantile. P(|t₄| < 1) = 0.6261.
      let share = Double(values.count { abs($0) < 1 }) / Double(count)
      #expect(abs(share - 0.626_099) < 5 * (0.234 / Double(count)).squareRoot())
    }
  }

  @Test func `Where the density has no value the ratio is minus infinity`() {
    var density = HalfLine()
    let approximation = LaplaceApproximation(about: LaneMode(of: &density, from: [0.5]))
    var random = LaneRandom<Double>([StreamKey(seed: 1, purpose: .sampling)])
    var position = [0.0]
    for _ in 0..<200 {
      let ratio = approximation.draw(of: &density, into: &position, using: &random)
      #expect(ratio.isFinite == (position[0] >= 0))
    }
  }
}

/// e^(−x²/2) for x ≥ 0, NaN below.
private struct HalfLine: LaneLogDensity {
  var dimension: Int { 1 }
  var byproducts: [Double] { [] }

  mutating func logDensity(at position: [Double]) -> Double {
    position[0] < 0 ? .nan : -0.5 * position[0] * position[0]
  }

  mutating func expand(at position: [Double], gradient: inout [Double], information: inout [Double]) -> Double
  {
    gradient[0] = -position[0]
    information[0] = 1
    return logDensity(at: position)
  }
}
