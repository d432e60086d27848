import Foundation
import GSLSupport
import TestSupport
import Testing

@Suite struct CholeskyFactorTests {
  private let matrix = [4.0, 2, 1, 2, 5, 3, 1, 3, 6]

  @Test func `A solution put back into the equations gives the right-hand side`() throws {
    let factor = try #require(CholeskyFactor(matrix, order: 3))
    let solution = factor.solve([1, -2, 0.5])
    for (row, right) in [1, -2, 0.5].enumerated() {
      let product = (0..<3).reduce(0) { $0 + matrix[row * 3 + $1] * solution[$1] }
      #expect(isClose(product, right, relative: 1e-14, absolute: 1e-15))
    }
  }

  @Test func `Determinant, factor and inverse are those of a matrix worked by hand`() throws {
    let factor = try #require(CholeskyFactor([4, 2, 2, 5], order: 2))
    #expect(isClose(factor.logDeterminant, log(16), relative: 1e-14))
    #expect(factor.multiply([1, 0]) == [2, 1])
    #expect(factor.multiply([0, 1]) == [0, 2])
    for (entry, expected) in zip(factor.inverse, [5.0 / 16, -2.0 / 16, -2.0 / 16, 4.0 / 16]) {
      #expect(isClose(entry, expected, relative: 1e-14))
    }
  }

  @Test func `Only the lower triangle is read`() {
    #expect(
      CholeskyFactor([4, 99, 2, 5], order: 2)?.solve([1, 1])
        == CholeskyFactor([4, 2, 2, 5], order: 2)?.solve([1, 1]))
  }

  @Test func `A matrix that is indefinite, singular or not finite has no factor`() {
    #expect(CholeskyFactor([1, 2, 2, 1], order: 2) == nil)
    #expect(CholeskyFactor([0], order: 1) == nil)
    #expect(CholeskyFactor([.nan], order: 1) == nil)
  }
}
