import GSLSupport
import TestSupport
import Testing

struct FourierTransformTests {
  @Test(arguments: [1, 2, 3, 8, 17])
  func `lagged products equal their sums`(length: Int) {
    let first: [Double] = (0..<length).map { Double(($0 * 7919) % 13) - 6 }
    let second: [Double] = (0..<length).map { Double(($0 * 104_729) % 11) }
    let products = FourierTransform.laggedProducts(of: [first, second])
    #expect(products.count == length)
    for lag in 0..<length {
      var direct = 0.0
      for index in 0..<(length - lag) {
        direct += first[index] * first[index + lag] + second[index] * second[index + lag]
      }
      #expect(isClose(products[lag], direct, absolute: 1e-10))
    }
  }

  @Test func `nothing has no products`() {
    #expect(FourierTransform.laggedProducts(of: []).isEmpty)
    #expect(FourierTransform.laggedProducts(of: [[]]).isEmpty)
  }
}
