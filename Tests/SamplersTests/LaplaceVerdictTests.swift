import Samplers
import Testing

@Suite struct LaplaceVerdictTests {
  @Test func `Below one half is accepted, then weighted, then rejected at 1 - 1/log10 S or 0.7`() {
    #expect(LaplaceVerdict(shape: 0.49, drawCount: 500) == .accepted)
    #expect(LaplaceVerdict(shape: -.infinity, drawCount: 500) == .accepted)
    #expect(LaplaceVerdict(shape: 0.62, drawCount: 500) == .weighted)
    #expect(LaplaceVerdict(shape: 0.63, drawCount: 500) == .rejected)
    #expect(LaplaceVerdict(shape: 0.69, drawCount: 100_000) == .weighted)
    #expect(LaplaceVerdict(shape: 0.7, drawCount: 100_000) == .rejected)
  }

  @Test func `A shape that is not known is rejected`() {
    #expect(LaplaceVerdict(shape: .nan, drawCount: 500) == .rejected)
    #expect(LaplaceVerdict(shape: .infinity, drawCount: 500) == .rejected)
  }
}
