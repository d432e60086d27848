import GSLSupport
import TestSupport
import Testing

@Suite struct BandCholeskyFactorTests {
  /// A matrix of order 23 with `width` subdiagonals, dense and in band storage.
  private func matrix(width: Int) -> (dense: [[Double]], band: [Double]) {
    let n = 23
    var dense = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    var band = [Double](repeating: 0, count: n * (width + 1))
    for i in 0..<n {
      for k in 0...min(width, n - 1 - i) {
        let value = k == 0 ? 5.0 + Double(i % 3) : 0.6 / Double(k) - 0.05 * Double((i * k) % 4)
        dense[i][i + k] = value
        dense[i + k][i] = value
        band[i * (width + 1) + k] = value
      }
    }
    return (dense, band)
  }

  @Test(arguments: [0, 1, 7, 8, 9, 17, 22])
  func `Solving undoes multiplying, and L Lᵀ is the matrix`(_ width: Int) throws {
    let (dense, band) = matrix(width: width)
    let factor = try #require(BandCholeskyFactor(band, order: 23, bandwidth: width))
    let x = (0..<23).map { Double($0 * $0 % 11) - 4 }
    let product = dense.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
    for (a, b) in zip(factor.solve(product), x) { #expect(isClose(a, b, absolute: 1e-10)) }
    // The pieces, in the middle of a longer vector whose other numbers stay.
    var piece = [1, 2] + product + [3]
    factor.solveLower(&piece, from: 2)
    factor.solveUpper(&piece, from: 2)
    for (a, b) in zip(piece, [1, 2] + x + [3]) { #expect(isClose(a, b, absolute: 1e-10)) }
    // |Lᵀx|² = xᵀA x, and L⁻ᵀ undoes Lᵀ.
    var upper = [9] + x
    factor.multiplyUpper(&upper, from: 1)
    let square = upper.dropFirst().reduce(0) { $0 + $1 * $1 }
    #expect(isClose(square, zip(x, product).reduce(0) { $0 + $1.0 * $1.1 }, relative: 1e-12))
    factor.solveUpper(&upper, from: 1)
    for (a, b) in zip(upper, [9] + x) { #expect(isClose(a, b, absolute: 1e-10)) }
  }

  @Test func `The inverse's diagonal and the determinant are those of the dense matrix`() throws {
    let (_, band) = matrix(width: 7)
    let factor = try #require(BandCholeskyFactor(band, order: 23, bandwidth: 7))
    for (i, value) in factor.inverseDiagonal.enumerated() {
      var unit = [Double](repeating: 0, count: 23)
      unit[i] = 1
      #expect(isClose(value, factor.solve(unit)[i], relative: 1e-12))
    }
    let diagonal = try #require(BandCholeskyFactor([4, 9, 0.25], order: 3, bandwidth: 0))
    #expect(isClose(diagonal.logDeterminant, 2.1972245773362196, absolute: 1e-12))
  }

  @Test func `What is not positive definite has no factor`() {
    #expect(BandCholeskyFactor([1, 2, 1, 0], order: 2, bandwidth: 1) == nil)
    #expect(BandCholeskyFactor([-1], order: 1, bandwidth: 0) == nil)
    #expect(BandCholeskyFactor([.nan, 0, 1, 0], order: 2, bandwidth: 1) == nil)
    #expect(BandCholeskyFactor([], order: 0, bandwidth: 0) == nil)
  }
}
