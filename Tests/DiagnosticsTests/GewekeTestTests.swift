import Diagnostics
import Foundation
import GSLSupport
import TestSupport
import Testing

/// A hierarchy with a known Gibbs sampler: σ² ~ IG(5, 5), μ ~ N(0, 1), y₁ … y₈ ~ N(μ, σ).
struct GewekeTestTests {
  private struct State {
    var mean = 0.0
    var variance = 1.0
    var data = [Double](repeating: 0, count: 8)

    mutating func drawPrior(_ random: inout RandomStream) {
      variance = random.inverseGamma(shape: 5, scale: 5)
      mean = random.normal()
      drawData(&random)
    }

    mutating func drawData(_ random: inout RandomStream) {
      for i in data.indices { data[i] = random.normal(mean: mean, standardDeviation: variance.squareRoot()) }
    }

    /// One Gibbs sweep; `exponent` is 8/2 if it is right.
    mutating func sweep(exponent: Double, _ random: inout RandomStream) {
      let precision = 1 + 8 / variance
      mean = random.normal(
        mean: data.reduce(0, +) / variance / precision, standardDeviation: 1 / precision.squareRoot())
      let squares = data.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      variance = random.inverseGamma(shape: 5 + exponent, scale: 5 + squares / 2)
    }

    var functions: [Double] { [mean, log(variance), data[0]] }
  }

  /// `chainCount` successive-conditional chains, each started from the joint density.
  private func test(exponent: Double, chainCount: Int, drawCount: Int) -> GewekeTest {
    var state = State()
    var random = RandomStream(StreamKey(seed: 3, purpose: .simulation))
    var marginal = [[Double]](repeating: [], count: 3)
    for _ in 0..<20_000 {
      state.drawPrior(&random)
      for (k, value) in state.functions.enumerated() { marginal[k].append(value) }
    }
    var successive = [[[Double]]](repeating: [], count: 3)
    for chain in 0..<chainCount {
      var random = RandomStream(StreamKey(seed: 3, chain: chain, purpose: .sampling))
      state.drawPrior(&random)
      var drawn = [[Double]](repeating: [], count: 3)
      for _ in 0..<drawCount {
        state.sweep(exponent: exponent, &random)
        state.drawData(&random)
        for (k, value) in state.functions.enumerated() { drawn[k].append(value) }
      }
      for k in 0..<3 { successive[k].append(drawn[k]) }
    }
    return GewekeTest(["mean", "log variance", "datum"], marginal: marginal, successive: successive)
  }

  // Six comparisons at |z| < 4: a false alarm in one of 2,600 seeds.
  @Test(arguments: [(4, 5000), (200, 100)])
  func `a right sampler passes, by autocorrelation and by many chains`(chains: Int, draws: Int) {
    let test = test(exponent: 4, chainCount: chains, drawCount: draws)
    #expect(test.comparisons.count == 6)
    #expect(test.suspects().isEmpty, "worst |z| \(test.worstZ)")
  }

  @Test(arguments: [(4, 5000), (200, 100)])
  func `Twin: an exponent of one half too much is found out`(chains: Int, draws: Int) {
    let test = test(exponent: 4.5, chainCount: chains, drawCount: draws)
    #expect(test.suspects().contains { $0.name == "log variance" })
  }

  @Test func `the two errors of a successive average agree`() throws {
    // The MCSE of few chains and the spread of many estimate one thing: per draw, within a third.
    let few = test(exponent: 4, chainCount: 4, drawCount: 10_000).comparisons[2]
    let many = test(exponent: 4, chainCount: 400, drawCount: 100).comparisons[2]
    #expect(isClose(few.standardError / many.standardError, 1, absolute: 0.33))
  }

  @Test func `what never moves has no z and is a suspect`() {
    let still = [[1.0, 1, 1, 1, 1]]
    let test = GewekeTest(["x"], marginal: still, successive: [[[1, 1, 1, 1, 1]]])
    #expect(test.comparisons.allSatisfy { $0.z.isNaN })
    #expect(test.suspects().count == 2 && test.worstZ == .infinity)
  }

  /// 200 chains of 50 Cauchy numbers, times `scale`, beside 10,000: two comparisons at |z| < 4.
  private func cauchyTest(scale: Double) -> GewekeTest {
    var random = RandomStream(StreamKey(seed: 5, purpose: .simulation))
    func draw() -> Double { random.studentT(degreesOfFreedom: 1) }
    let marginal = (0..<10_000).map { _ in draw() }
    let successive = (0..<200).map { _ in (0..<50).map { _ in scale * draw() } }
    return GewekeTest(["x"], marginal: [marginal], successive: [successive])
  }

  @Test func `what has no moments is compared all the same`() {
    #expect(cauchyTest(scale: 1).suspects().isEmpty)
  }

  @Test func `Twin: what has no moments and a wrong scale is found out`() {
    #expect(cauchyTest(scale: 1.3).suspects().contains { $0.moment == 2 })
  }

  @Test func `ranks of ties are in their middle`() {
    let test = GewekeTest(["x"], marginal: [[1, 1, 2, 2]], successive: [[[2, 2, 2, 2], [1, 2, 1, 2]]])
    #expect(test.comparisons[0].marginal == 0.5 && test.comparisons[0].successive == 0.625)
  }
}
