import Diagnostics
import Foundation
import GSLSupport
import InferenceCore
import TestSupport
import Testing

/// Quantiles, intervals and ranks against their definitions, for samples of every size.
@Suite struct OrderStatisticsTests {
  private func sample(_ count: Int, seed: UInt64, isRounded: Bool = false) -> [Double] {
    var stream = RandomStream(StreamKey(seed: seed, purpose: .simulation))
    return (0..<count).map { _ in isRounded ? (2 * stream.normal()).rounded() : stream.normal() }
  }

  @Test(arguments: [1, 2, 3, 10, 101])
  func `a quantile of type 7 lies between its neighbours, and grows with its probability`(count: Int) {
    let sorted = sample(count, seed: UInt64(count)).sorted()
    var last = -Double.infinity
    for step in 0...40 {
      let p = Double(step) / 40
      let quantile = sorted.quantile(p)
      let place = p * Double(count - 1)
      let (low, high) = (sorted[Int(place)], sorted[min(Int(place) + 1, count - 1)])
      #expect(quantile >= last && low - 1e-12 <= quantile && quantile <= high + 1e-12)
      last = quantile
    }
    #expect(sorted.quantile(0) == sorted.first && sorted.quantile(1) == sorted.last)
    #expect([Double]().quantile(0.3).isNaN)
  }

  @Test(arguments: [2, 17, 100, 1001])
  func `no interval with as many draws is narrower than the highest-density one`(count: Int) {
    for isRounded in [false, true] {
      let sorted = sample(count, seed: 40 + UInt64(count), isRounded: isRounded).sorted()
      for probability in [0.1, 0.5, 0.94, 1] {
        let interval = HighestDensityInterval(ofSorted: sorted, probability: probability)
        let steps = min(Int(probability * Double(count)), count - 1)
        let widths = (0..<(count - steps)).map { sorted[$0 + steps] - sorted[$0] }
        let narrowest = widths.min() ?? .nan
        #expect(isClose(interval.upper - interval.lower, narrowest, absolute: 1e-12))
        // Of several the leftmost.
        #expect(interval.lower == sorted[widths.firstIndex(of: narrowest) ?? 0])
      }
    }
  }

  @Test func `ranks of a truth count what lies below, and share out ties evenly`() {
    var stream = RandomStream(StreamKey(seed: 2, purpose: .simulation))
    #expect(RankStatistic.rank(of: 0.5, among: [0, 1, 2], using: &stream) == 1)
    #expect(RankStatistic.rank(of: -1, among: [0, 1, 2], using: &stream) == 0)
    #expect(RankStatistic.rank(of: 9, among: [0, 1, 2], using: &stream) == 3)
    #expect(RankStatistic.rank(of: 9, among: [], using: &stream) == 0)
    var counts = [Int](repeating: 0, count: 4)
    for _ in 0..<4000 { counts[RankStatistic.rank(of: 1, among: [1, 1, 1], using: &stream)] += 1 }
    // Binomial with mean 1000 and SD 27: five of them are left in one run of a million.
    #expect(counts.allSatisfy { abs($0 - 1000) < 137 })
  }

  @Test(arguments: [(100, 20), (200, 20), (1000, 10)])
  func `a band holds the whole of uniform ranks, is narrow at its ends and widest in the middle`(
    size: Int, points: Int
  ) {
    let band = UniformityBand(sampleSize: size, points: points, probability: 0.99)
    let ranks = (0..<size).map { 100 * $0 / size }
    #expect(band.holds(ranks: ranks, maximumRank: 99) && band.coverage >= 0.99)
    #expect(!band.holds(ranks: ranks.map { $0 / 3 }, maximumRank: 99))
    #expect(!band.holds(ranks: ranks.map { 25 + $0 / 2 }, maximumRank: 99))
    // No count of all ranks but all of them lies at or below the last place.
    #expect(band.lowerCounts.last == size && band.upperCounts.last == size)
    let widths = zip(band.lowerCounts, band.upperCounts).map { $1 - $0 }
    #expect(widths[points / 2 - 1] + 1 >= widths.max() ?? .max)
    #expect(zip(band.lowerCounts, band.lowerCounts.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test func `joint draws answer for their summaries, parameter by parameter`() throws {
    var stream = RandomStream(StreamKey(seed: 6, purpose: .simulation))
    let values = (0..<4 * 250 * 2).map { index in index % 2 == 0 ? stream.normal() : 5 + 2 * stream.normal() }
    let draws = Draws(
      parameters: [Parameter("a"), Parameter("b", unit: "s")], chainCount: 4, drawCount: 250, values: values)
    let health = RunHealth(of: draws, hyperparameters: ["b"])
    #expect(health.quantities.map(\.name) == ["a", "b"] && health.verdict == .pass)
    #expect(health.quantities.map(\.role) == [.functional, .hyperparameter])
    let summary = PosteriorSummary(draws.parameters[1], chains: draws.chains(of: 1))
    // SE of the mean of 1,000 draws 0.063, of the SD 0.045: five of them.
    #expect(abs(summary.mean - 5) < 0.32 && abs(summary.sd - 2) < 0.23)
    #expect(summary.q05 < summary.median && summary.median < summary.q95)
    #expect(summary.hdi.lower < summary.q05 && summary.hdi.upper > summary.q95)
  }

  @Test func `a map of a hundred sites warns from one bad site on and fails from six`() {
    func map(_ bad: Int, rHat: Double = 1.2) -> SiteHealth {
      SiteHealth(
        "map", rHat: [Double](repeating: rHat, count: bad) + [Double](repeating: 1.001, count: 100 - bad),
        effectiveSize: (0..<100).map { Double(500 + $0) }
      ) { "voxel \($0)" }
    }
    #expect([0, 1, 5, 6].map { map($0).verdict } == [.pass, .warn, .warn, .fail])
    #expect(map(7, rHat: 1.05).verdict == .pass && map(7, rHat: 1.05).shareAboveWarning == 0.07)
    #expect(map(0).worstRHat == 1.001 && isClose(map(0).firstPercentileESS, 500.99, relative: 1e-12))
    #expect(map(1).flags.first?.evidence.contains("worst 1.200 at voxel 0") == true)
    let none = SiteHealth("map", rHat: [], effectiveSize: [])
    #expect(none.verdict == .pass && none.worstSite == nil && none.worstRHat.isNaN)
  }
}
