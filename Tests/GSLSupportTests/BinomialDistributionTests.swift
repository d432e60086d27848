import GSLSupport
import TestSupport
import Testing

struct BinomialDistributionTests {
  @Test func `masses add up to the cumulative probability`() {
    let coins = BinomialDistribution(trials: 10, probability: 0.3)
    var sum = 0.0
    for count in 0...10 {
      sum += coins.mass(count)
      #expect(isClose(coins.cumulative(count), sum, absolute: 1e-13))
    }
    // C(10, 3) 0.3³ 0.7⁷.
    #expect(isClose(coins.mass(3), 0.266827932, relative: 1e-9))
    #expect(
      coins.mass(-1) == 0 && coins.mass(11) == 0 && coins.cumulative(-1) == 0 && coins.cumulative(12) == 1)
  }

  @Test func `the quantile is the first count whose probability reaches it`() {
    let coins = BinomialDistribution(trials: 10, probability: 0.3)
    for count in 0...9 {
      #expect(coins.quantile(coins.cumulative(count)) == count)
      #expect(coins.quantile(coins.cumulative(count) + 1e-9) == count + 1)
    }
    #expect(coins.quantile(0) == 0 && coins.quantile(1) == 10)
    #expect(BinomialDistribution(trials: 5, probability: 1).quantile(0.5) == 5)
    #expect(BinomialDistribution(trials: 5, probability: 0).quantile(0.5) == 0)
  }
}
