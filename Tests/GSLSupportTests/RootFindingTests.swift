import Foundation
import GSLSupport
import TestSupport
import Testing

@Suite struct RootFindingTests {
  @Test func `Brent's method finds where the cosine is its argument`() {
    #expect(
      isClose(RootFinding.zero(between: 0, and: 1) { cos($0) - $0 }, 0.7390851332151607, absolute: 1e-12))
  }

  @Test func `A function of one sign has no zero, which is NaN`() {
    #expect(RootFinding.zero(between: -1, and: 1) { $0 * $0 + 1 }.isNaN)
    #expect(RootFinding.zero(between: -1, and: 1) { _ in .nan }.isNaN)
  }
}
