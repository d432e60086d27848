import Diagnostics
import GSLSupport
import TestSupport
import Testing

struct CalibrationTests {
  @Test func `the band equals the exact reference`() throws {
    let reference = try ReferenceCase("sbc-ecdf-band")
    let band = UniformityBand(
      sampleSize: reference.inputs["N"].int, points: reference.inputs["K"].int,
      probability: reference.inputs["prob"].double)
    #expect(band.lowerCounts.map(Double.init) == reference.expected["lower_counts"].doubles)
    #expect(band.upperCounts.map(Double.init) == reference.expected["upper_counts"].doubles)
    #expect(isClose(band.pointwiseLevel, reference.expected["gamma"].double, relative: 1e-6))
    #expect(isClose(band.coverage, reference.expected["coverage"].double, relative: 1e-9))
  }

  @Test func `uniform ranks stay inside the band as often as it says`() {
    // 2000 samples: the share inside has an SE below 0.5 %; 2 % is four of them (6e-5).
    let band = UniformityBand(sampleSize: 100, points: 20, probability: 0.95)
    var random = RandomStream(StreamKey(seed: 5, purpose: .simulation))
    var inside = 0
    for _ in 0..<2000 {
      let ranks = (0..<100).map { _ in random.uniformInteger(below: 100) }
      if band.holds(ranks: ranks, maximumRank: 99) { inside += 1 }
    }
    #expect(isClose(Double(inside) / 2000, band.coverage, absolute: 0.02))
  }

  @Test func `ranks of a posterior that is too narrow or shifted leave the band`() {
    let band = UniformityBand(sampleSize: 200, points: 20)
    func judged(scale: Double, shift: Double) -> Bool {
      var random = RandomStream(StreamKey(seed: 9, purpose: .simulation))
      let ranks = (0..<200).map { _ in
        // Truth and draws from one normal posterior, the draws then distorted.
        let truth = random.normal()
        let draws = (0..<99).map { _ in shift + scale * random.normal() }
        return RankStatistic.rank(of: truth, among: draws, using: &random)
      }
      return band.holds(ranks: ranks, maximumRank: 99)
    }
    #expect(judged(scale: 1, shift: 0))
    #expect(!judged(scale: 0.6, shift: 0))
    #expect(!judged(scale: 1, shift: 0.4))
  }

  @Test func `ties are broken evenly`() {
    var random = RandomStream(StreamKey(seed: 3, purpose: .simulation))
    var counts = [Int](repeating: 0, count: 5)
    for _ in 0..<5000 {
      counts[RankStatistic.rank(of: 1, among: [0, 1, 1, 1, 2], using: &random)] += 1
    }
    #expect(counts[0] == 0)
    // 1250 expected in each of ranks 1 … 4, SD 31: five SDs (1e-6).
    for count in counts[1...] { #expect(abs(count - 1250) < 155) }
    #expect(RankStatistic.rank(of: 5, among: [1, 2], using: &random) == 2)
  }

  @Test func `the χ² test accepts equal cells and rejects one full cell`() {
    let even = RankUniformityTest(ranks: Array(0..<100), maximumRank: 99)
    #expect(even.statistic == 0 && even.pValue == 1)
    let piled = RankUniformityTest(ranks: [Int](repeating: 7, count: 100), maximumRank: 99)
    #expect(isClose(piled.statistic, 1900, relative: 1e-12) && piled.pValue < 1e-12)
  }
}
