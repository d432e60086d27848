@testable import Cohort
import Foundation
import GSLSupport
import TestSupport
import Testing

@Suite struct TriangularFactorTests {
  private let matrix = FeatureMatrix<3>([4, 2, 1, 2, 5, 3, 1, 3, 6])

  @Test func `It agrees with the library's Cholesky factor`() throws {
    let (small, library) = (TriangularFactor(matrix), try #require(CholeskyFactor(matrix.array, order: 3)))
    #expect(isClose(small.logDeterminant, library.logDeterminant, relative: 1e-14))
    let solution = small.solve(FeatureVector([1, -2, 0.5])).array
    for (value, expected) in zip(solution, library.solve([1, -2, 0.5])) {
      #expect(isClose(value, expected, relative: 1e-13))
    }
    for (value, expected) in zip(small.inverse.array, library.inverse) {
      #expect(isClose(value, expected, relative: 1e-13))
    }
    for (value, expected) in zip(small.times(FeatureVector([1, 2, 3])).array, library.multiply([1, 2, 3])) {
      #expect(isClose(value, expected, relative: 1e-14))
    }
  }

  @Test func `A matrix that is not positive definite gives NaN, not a number`() {
    #expect(TriangularFactor(FeatureMatrix<2>([1, 2, 2, 1])).logDeterminant.isNaN)
  }

  /// 40,000 draws; every mean within 4.5 SE and every covariance within 4 %: false alarm below 1e-4.
  @Test func `Normal draws have mean A⁻¹b and covariance A⁻¹`() {
    let factor = TriangularFactor(FeatureMatrix<2>([2, 0.6, 0.6, 1]))
    let (mean, inverse) = (factor.solve(FeatureVector([1, -1])), factor.inverse)
    var stream = RandomStream(StreamKey(seed: 3, purpose: .sampling))
    var (sum, squares) = (FeatureVector<2>(), FeatureMatrix<2>())
    for _ in 0..<40_000 {
      let draw = factor.drawNormal(linear: FeatureVector([1, -1]), using: &stream)
      sum += draw - mean
      squares.addOuterProduct(draw - mean, weight: 1.0 / 40_000)
    }
    for i in 0..<2 {
      #expect(abs(sum[i] / 40_000) < 4.5 * (inverse[i, i] / 40_000).squareRoot())
      for j in 0..<2 { #expect(isClose(squares[i, j], inverse[i, j], relative: 0.04)) }
    }
  }
}

@Suite struct CovarianceDrawTests {
  @Test func `Covariance and precision are drawn as each other's inverse`() {
    var stream = RandomStream(StreamKey(seed: 5, purpose: .sampling))
    let draw = CovarianceDraw(
      inverseWishart: 7, scale: FeatureMatrix<3>([4, 1, 0, 1, 3, 1, 0, 1, 2]), using: &stream)
    let product = (draw.covariance * draw.precision).array
    for (index, entry) in product.enumerated() {
      #expect(isClose(entry, index % 4 == 0 ? 1 : 0, absolute: 1e-12))
    }
  }

  /// Mean of 40,000 draws against scale/(ν − p − 1), within 3 %: its SE is about 0.3 %.
  @Test func `The mean of the inverse Wishart draws is the reference value`() throws {
    let expected = try ReferenceCase("huang-wand-conditionals").expected
    let scale = FeatureMatrix<3>(expected["IW_scale"].matrix.flatMap { $0 })
    var stream = RandomStream(StreamKey(seed: 6, purpose: .sampling))
    var mean = [Double](repeating: 0, count: 9)
    for _ in 0..<40_000 {
      let draw = CovarianceDraw(inverseWishart: expected["IW_df"].double, scale: scale, using: &stream)
      for (index, entry) in draw.covariance.array.enumerated() { mean[index] += entry / 40_000 }
    }
    let reference = expected["IW_mean"].matrix.flatMap { $0 }
    for (index, wanted) in reference.enumerated() {
      let size = (reference[index / 3 * 4] * reference[index % 3 * 4]).squareRoot()
      #expect(isClose(mean[index], wanted, absolute: 0.03 * size))
    }
  }
}

@Suite struct HuangWandCovarianceTests {
  @Test func `Both conditionals have the parameters of the reference`() throws {
    let reference = try ReferenceCase("huang-wand-conditionals")
    let (input, expected) = (reference.inputs, reference.expected)
    // The reference has A = (0.5, 1, 1) and a shared ν = 2; the sums of squares follow from its vectors.
    var squares = FeatureMatrix<3>()
    for row in input["theta"].matrix {
      squares.addOuterProduct(FeatureVector(row) - FeatureVector(input["mu"].doubles))
    }
    let conditional = HuangWandCovariance<3>.covarianceConditional(
      squares: squares, items: input["theta"].array.count, auxiliaries: FeatureVector(input["hw_a"].doubles))
    #expect(conditional.degreesOfFreedom == expected["IW_df"].double)
    for (value, wanted) in zip(conditional.scale.array, expected["IW_scale"].matrix.flatMap { $0 }) {
      #expect(isClose(value, wanted, relative: 1e-10, absolute: 1e-12))
    }
    var prior = HuangWandCovariance<3>(scale: 1)
    prior.current = CovarianceDraw(FeatureMatrix(input["Sigma"].matrix.flatMap { $0 }))
    for k in [1, 2] {
      let (shape, scale) = prior.auxiliaryConditional(k)
      #expect(shape == expected["a_shape"].double)
      #expect(isClose(scale, expected["a_scale"][k].double, relative: 1e-10))
    }
  }

  /// 20,000 draws; shares to 0.014, 4 SE: false alarm below 5e-4 over seven shares.
  /// (3 SE).
  @Test func `Prior draws have half-t standard deviations and uniform correlations`() {
    var stream = RandomStream(StreamKey(seed: 8, purpose: .prior))
    var (deviations, correlations) = ([Double](), [Double]())
    for _ in 0..<20_000 {
      let covariance = HuangWandCovariance<2>(priorScale: 1, using: &stream).current.covariance
      deviations.append(covariance[0, 0].squareRoot())
      correlations.append(covariance[0, 1] / (covariance[0, 0] * covariance[1, 1]).squareRoot())
    }
    // Half-t with 2 degrees of freedom: P(X < x) = x/√(2 + x²).
    for x in [0.3, 0.8, 2, 6] {
      let share = Double(deviations.count { $0 < x }) / 20_000
      #expect(isClose(share, x / (2 + x * x).squareRoot(), absolute: 0.014))
    }
    for r in [-0.5, 0, 0.7] {
      #expect(isClose(Double(correlations.count { $0 < r }) / 20_000, (1 + r) / 2, absolute: 0.014))
    }
  }
}

@Suite struct GaussianMessageTests {
  private func message(_ means: [Double], _ covariance: [Double]) -> GaussianMessage<2> {
    GaussianMessage(mean: FeatureVector(means), covariance: FeatureMatrix(covariance))
  }

  @Test func `A message is the density of the measurement as a function of the truth`() {
    // N((1, 2); x, diag(0.5, 2)) at x = (0, 1), by hand.
    let value = message([1, 2], [0.5, 0, 0, 2]).logValue(at: FeatureVector([0, 1]))
    #expect(isClose(value, -log(2 * Double.pi) - 0.5 * log(1.0) - 0.5 * (1 / 0.5 + 1 / 2.0), relative: 1e-14))
  }

  @Test func `A missing feature neither counts nor is read`() {
    let partly = message([1, .nan], [0.5, .nan, .nan, .nan])
    let expected = -0.5 * log(2 * Double.pi * 0.5) - 0.5 * (1 / 0.5)
    for second in [-3.0, 0, 100] {
      #expect(isClose(partly.logValue(at: FeatureVector([0, second])), expected, relative: 1e-14))
    }
  }

  @Test func `Passed through a spread, covariances add`() {
    let spread = CovarianceDraw(FeatureMatrix<2>([1, 0.3, 0.3, 0.8]))
    let passed = message([1, 2], [0.5, 0.1, 0.1, 2])
      .passed(through: spread.precision, logDeterminant: spread.logDeterminantOfPrecision)
    let direct = message([1, 2], [1.5, 0.4, 0.4, 2.8])
    for point in [[0.0, 0], [2, -1]] {
      #expect(
        isClose(
          passed.logValue(at: FeatureVector(point)), direct.logValue(at: FeatureVector(point)),
          relative: 1e-12))
    }
  }

  @Test func `Nearly exact measurements pass without cancelling`() {
    let spread = CovarianceDraw(FeatureMatrix<2>([1, 0.3, 0.3, 0.8]))
    let passed = message([1, 2], [1e-12, 0, 0, 1e-12])
      .passed(through: spread.precision, logDeterminant: spread.logDeterminantOfPrecision)
    let direct = message([1, 2], spread.covariance.array)
    let point = FeatureVector<2>([0.3, 1])
    #expect(isClose(passed.logValue(at: point), direct.logValue(at: point), relative: 1e-9))
  }

  @Test func `Two messages add as logarithms, missing features included`() {
    let (one, two) = (message([1, 2], [0.5, 0.1, 0.1, 2]), message([-1, .nan], [1, .nan, .nan, .nan]))
    let both = one + two
    for point in [[0.0, 0], [2, -1], [-3, 7]] {
      let x = FeatureVector<2>(point)
      #expect(isClose(both.logValue(at: x), one.logValue(at: x) + two.logValue(at: x), relative: 1e-12))
    }
    let x = FeatureVector<2>([1, 1])
    #expect((GaussianMessage<2>.silent + two).logValue(at: x) == two.logValue(at: x))
  }
}
