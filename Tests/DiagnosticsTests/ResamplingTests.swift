import Diagnostics
import Foundation
import GSLSupport
import Testing

@Suite struct ResamplingTests {
  @Test func `Every index occurs as often as its weight says, to one`() {
    let smoothing = ParetoSmoothing(logRatios: (0..<200).map { 0.02 * Double($0 % 50) })
    var random = RandomStream(StreamKey(seed: 1, purpose: .resampling))
    let indices = smoothing.resampledIndices(1000, using: &random)
    #expect(indices.count == 1000)
    for (index, weight) in smoothing.weights.enumerated() {
      let times = Double(indices.count { $0 == index })
      #expect(abs(times - 1000 * weight) < 2)
    }
    // Shuffled: the first half is not the lower half.
    let low = indices.prefix(500).count { $0 < 100 }
    #expect(abs(low - 250) < 60)
  }

  @Test func `Weights that are not known give no indices, equal ones each index once`() {
    var random = RandomStream(StreamKey(seed: 2, purpose: .resampling))
    #expect(ParetoSmoothing(logRatios: [0, .nan]).resampledIndices(5, using: &random).isEmpty)
    #expect(ParetoSmoothing(logRatios: [1, 1, 1]).resampledIndices(0, using: &random).isEmpty)
    let equal = ParetoSmoothing(logRatios: [1, 1, 1, 1]).resampledIndices(4, using: &random)
    #expect(equal.sorted() == [0, 1, 2, 3])
    let impossible = ParetoSmoothing(logRatios: [-.infinity, 0, -.infinity]).resampledIndices(
      3, using: &random)
    #expect(impossible == [1, 1, 1])
  }
}
