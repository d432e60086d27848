import Foundation
import GSLSupport
import TestSupport
import Testing

@testable import Samplers

@Suite struct GridMarginalTests {
  /// A mixture of two normal distributions, on a grid whose step is half of the narrower one's deviation.
  private let marginal: GridMarginal = {
    let axis = GridAxis(from: -9, to: 15, count: 49)
    let weights = (0..<axis.count).map { density(axis[$0]) }
    return GridMarginal(weights, on: axis, kernel: CardinalKernel(count: 50))
  }()

  private static func density(_ x: Double) -> Double {
    0.7 * exp(-0.5 * x * x) + 0.3 / 1.5 * exp(-0.5 * (x - 2) * (x - 2) / 2.25)
  }

  private func exact(_ x: Double) -> Double {
    0.7 * SpecialFunctions.normalCDF(x) + 0.3 * SpecialFunctions.normalCDF((x - 2) / 1.5)
  }

  @Test func `Moments and probabilities are those of the mixture to 1e-6`() {
    #expect(isClose(marginal.mean, 0.6, absolute: 1e-11))
    #expect(isClose(marginal.standardDeviation, (0.7 + 0.3 * 6.25 - 0.36).squareRoot(), relative: 1e-11))
    for x in stride(from: -5.0, through: 8, by: 0.0837) {
      #expect(isClose(marginal.probability(below: x), exact(x), absolute: 1e-6))
    }
  }

  @Test func `Quantiles invert the distribution function`() {
    for p in [1e-6, 0.01, 0.3, 0.5, 0.77, 0.999] {
      #expect(isClose(exact(marginal.quantile(p)), p, absolute: 1e-6))
    }
    #expect(marginal.quantile(0) >= -9 && exact(marginal.quantile(0)) < 1e-9)
    #expect(marginal.quantile(1) <= 15 && 1 - exact(marginal.quantile(1)) < 1e-10)
    #expect(marginal.probability(below: -20) == 0)
    #expect(marginal.probability(below: 20) == 1)
  }

  @Test func `Draws are distributed as the mixture`() {
    var random = RandomStream(StreamKey(seed: 1, purpose: .sampling))
    let draws = (0..<20_000).map { _ in marginal.draw(using: &random) }.sorted()
    // Kolmogorov's distance times √n exceeds 2.4 in 2·10⁻⁵ of samples.
    let distance = draws.enumerated().map { abs(exact($1) - (Double($0) + 0.5) / 20_000) }.max() ?? 1
    #expect(distance * 20_000.0.squareRoot() < 2.4)
  }

  @Test func `The cardinal series goes through the values and adds up to one`() {
    for j in 0..<7 {
      let weights = CardinalKernel.weights(at: Double(j), count: 7)
      #expect(weights.enumerated().allSatisfy { isClose($1, $0 == j ? 1 : 0, absolute: 1e-15) })
    }
    let between = CardinalKernel.weights(at: 20.3, count: 49)
    let axis = marginal.axis
    let value = between.enumerated().reduce(0) { $0 + $1.element * Self.density(axis[$1.offset]) }
    #expect(isClose(value, Self.density(axis.first + 20.3 * axis.step), absolute: 1e-6))
  }
}
