import Diagnostics
import GSLSupport
import TestSupport
import Testing

struct IntervalCoverageTests {
  private func counted(_ covered: Int, of count: Int) -> IntervalCoverage {
    var coverage = IntervalCoverage(of: "x")
    for index in 0..<count {
      coverage.add(truth: index < covered ? 0 : 5, lower: -1, upper: 1, estimate: 0.5, standardDeviation: 0.5)
    }
    return coverage
  }

  @Test func `the binomial interval equals that of SciPy`() {
    // scipy.stats.beta.ppf at (83, 18), (84, 17) and (1, 10).
    let interval = counted(83, of: 100).uncertainty()
    #expect(isClose(interval.lowerBound, 0.741_824_589_4, absolute: 1e-8))
    #expect(isClose(interval.upperBound, 0.897_735_090_0, absolute: 1e-8))
    #expect(counted(0, of: 10).uncertainty().lowerBound == 0)
    #expect(isClose(counted(0, of: 10).uncertainty().upperBound, 0.308_497_107_8, absolute: 1e-8))
    #expect(counted(10, of: 10).uncertainty().upperBound == 1)
  }

  @Test func `a count is wrong only if its whole interval misses the target`() {
    #expect(counted(90, of: 100).verdict(target: 0.85...0.95) == .holds)
    #expect(counted(80, of: 100).verdict(target: 0.85...0.95) == .holds)
    #expect(counted(70, of: 100).verdict(target: 0.85...0.95) == .tooLow)
    #expect(counted(100, of: 100).verdict(target: 0.85...0.95) == .holds)
    #expect(counted(400, of: 400).verdict(target: 0.85...0.95) == .tooHigh)
    #expect(IntervalCoverage(of: "x").verdict(target: 0.85...0.95) == .unusable)
  }

  @Test func `bias and error are those of the estimates`() {
    let coverage = counted(3, of: 4)
    #expect(coverage.share == 0.75 && coverage.meanWidth == 2)
    #expect(isClose(coverage.bias, -0.75, absolute: 1e-12))
    #expect(isClose(coverage.standardizedBias, -1.5, absolute: 1e-12))
    #expect(isClose(coverage.standardizedError, (84.0 / 4).squareRoot(), absolute: 1e-12))
  }

  @Test func `intervals of draws cover as often as they claim, and of draws too narrow they do not`() {
    // 1000 intervals of 90 %: SE 0.95 %; five of them.
    func share(scale: Double) -> Double {
      var coverage = IntervalCoverage(of: "x")
      var random = RandomStream(StreamKey(seed: 4, purpose: .simulation))
      for _ in 0..<1000 {
        let truth = random.normal()
        coverage.add(truth: truth, draws: (0..<400).map { _ in scale * random.normal() })
      }
      return coverage.share
    }
    #expect(isClose(share(scale: 1), 0.9, absolute: 0.05))
    #expect(share(scale: 0.7) < 0.8)
  }

  @Test func `what is not finite is counted, covers nothing and holds nothing`() {
    var coverage = counted(5, of: 5)
    coverage.add(truth: 0, lower: .nan, upper: 1, estimate: 0, standardDeviation: 1)
    #expect(coverage.count == 6 && coverage.coveredCount == 5 && coverage.unusableCount == 1)
    #expect(coverage.verdict(target: 0...1) == .unusable)
    #expect(isClose(coverage.bias, 0.5, absolute: 1e-12))
  }
}
