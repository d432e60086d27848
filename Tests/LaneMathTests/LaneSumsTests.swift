import LaneMath
import Testing

@Suite struct LaneSumsTests {
  private let a: [Lane8] = (0..<7).map { i in Lane8((0..<8).map { Double(i * 3 + $0) * 0.37 - 1 }) }
  private let b: [Lane8] = (0..<7).map { i in Lane8((0..<8).map { Double($0 * 2 - i) * 0.11 + 0.5 }) }
  private let weights = [1.0, 2, 3, 1, 5, 0.5, 4]

  @Test func `Sums over rows are those of the numbers one by one`() {
    for lane in 0..<8 {
      var (square, product, residual, later) = (0.0, 0.0, 0.0, 0.0)
      for i in 0..<5 {
        let (x, y) = (a[i][lane], b[i][lane])
        square += (weights[i] * x) * x
        product += (weights[i] * x) * y
        residual += weights[i] * ((y - 1.7 * x) * (y - 1.7 * x))
        later += weights[i] * (a[i + 2][lane] * b[i + 1][lane])
      }
      let sums = LaneSums.squareAndProduct(a, b, weights: weights, count: 5)
      #expect(sums.square[lane] == square)
      #expect(sums.product[lane] == product)
      let left = LaneSums.residual(a, scaledBy: 1.7, from: b, weights: weights, count: 5)
      #expect(left[lane] == residual)
      let shifted = LaneSums.product(a, at: 2, b, at: 1, weights: weights, count: 5)
      #expect(shifted[lane] == later)
    }
  }

  @Test func `No weights are weights of one, to the bit`() {
    let ones = [Double](repeating: 1, count: 7)
    let (plain, weighted) = (
      LaneSums.squareAndProduct(a, b, weights: [], count: 7),
      LaneSums.squareAndProduct(a, b, weights: ones, count: 7)
    )
    #expect(plain.square == weighted.square)
    #expect(plain.product == weighted.product)
    let residuals = [[], ones].map { LaneSums.residual(a, scaledBy: 0.3, from: b, weights: $0, count: 7) }
    #expect(residuals[0] == residuals[1])
    let products = [[], ones].map { LaneSums.product(a, at: 0, b, at: 0, weights: $0, count: 7) }
    #expect(products[0] == products[1])
  }

  @Test func `Rows are mixed and multiplied where they are told to be`() {
    var target = [Lane8](repeating: 0, count: 3)
    LaneSums.mix(0.25, a, 2, at: 4, into: &target, count: 3)
    for row in 0..<3 {
      let expected: Lane8 = 0.25 * a[row] + 2.0 * a[4 + row]
      #expect(target[row] == expected)
    }
    var values = a
    let chain = ProductChain([.init(target: 2, first: 0, second: 1), .init(target: 3, first: 2, second: 2)])
    LaneSums.multiply(&values, at: 1, along: chain)
    let (product, square): (Lane8, Lane8) = (a[1] * a[2], values[3] * values[3])
    #expect(values[3] == product)
    #expect(values[4] == square)
    #expect(values[0] == a[0])
  }
}
