import GSLSupport
import InferenceCore
import LaneMath
import Testing

@Suite struct GammaVariateTests {
  @Test(arguments: [2, 3.5, 7, 9, 25, 400])
  func `A gamma number is the quantile at the normal number's probability`(shape: Double) throws {
    let variate = try #require(GammaVariate(shape: shape))
    for z in stride(from: -6.0, through: 6, by: 0.17) {
      let tail = SpecialFunctions.normalUpperTail(abs(z))
      let exact =
        z < 0
        ? SpecialFunctions.gammaQuantile(tail, shape: shape)
        : SpecialFunctions.gammaUpperQuantile(tail, shape: shape)
      let number: Double = variate.numbers(of: z)
      // Errors of 10⁻⁷ in (x/a)^⅓.
      let (root, exactRoot) = (
        SpecialFunctions.cubeRoot(number / shape), SpecialFunctions.cubeRoot(exact / shape)
      )
      #expect(abs(root - exactRoot) < 1e-7, "z = \(z)")
      #expect(variate.numbers(of: Lane8(z)).array == [Double](repeating: number, count: 8))
    }
  }

  @Test func `Numbers grow with the normal number as far as a generator can go`() throws {
    for shape in [2.0, 9, 100] {
      let variate = try #require(GammaVariate(shape: shape))
      var last = 0.0
      for z in stride(from: -7.0, through: 8.6, by: 0.01) {
        let number: Double = variate.numbers(of: z)
        #expect(number > last && number.isFinite)
        last = number
      }
    }
  }

  @Test func `Shapes for which the series converges slowly have none`() {
    for shape in [-1, 0, 1.9, 2e6, .nan, .infinity] { #expect(GammaVariate(shape: shape) == nil) }
  }
}
