import Foundation
import GSLSupport
import TestSupport
import Testing

@Suite struct RandomStreamTests {
  private static let count = 200_000

  /// Checks mean and variance by z-scores at |z| < 5: false alarms of 6·10⁻⁷ each, 10⁻⁵ for the file.
  private func expect(
    _ what: String, mean: Double, variance: Double, kurtosis: Double = 3,
    _ draw: (inout RandomStream) -> Double
  ) {
    var random = RandomStream(StreamKey(seed: 31, purpose: .simulation))
    let numbers = (0..<Self.count).map { _ in draw(&random) }
    let n = Double(Self.count)
    let sample = numbers.reduce(0, +) / n
    let spread = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    #expect(abs(sample - mean) < 5 * (variance / n).squareRoot(), "mean of \(what)")
    #expect(abs(spread - variance) < 5 * variance * ((kurtosis - 1) / n).squareRoot(), "variance of \(what)")
  }

  @Test func `Every distribution has the mean and variance of its textbook formula`() {
    expect("uniform", mean: 0.5, variance: 1 / 12.0, kurtosis: 1.8) { $0.uniform() }
    expect("normal", mean: 3, variance: 4) { $0.normal(mean: 3, standardDeviation: 2) }
    expect("gamma", mean: 2.5 / 4, variance: 2.5 / 16, kurtosis: 3 + 6 / 2.5) {
      $0.gamma(shape: 2.5, rate: 4)
    }
    expect("beta", mean: 0.4, variance: 0.04, kurtosis: 2.2) { $0.beta(2, 3) }
    expect("exponential", mean: 0.25, variance: 0.0625, kurtosis: 9) { $0.exponential(rate: 4) }
    expect("Student's t", mean: 0, variance: 1.25, kurtosis: 4) { $0.studentT(degreesOfFreedom: 10) }
    expect("chi-squared", mean: 7, variance: 14, kurtosis: 3 + 12 / 7.0) {
      $0.chiSquared(degreesOfFreedom: 7)
    }
    expect("inverse gamma", mean: 0.5, variance: 0.25 / 10, kurtosis: 3 + 6 * (5 * 12 - 11) / 9.0 / 8) {
      $0.inverseGamma(shape: 12, scale: 5.5)
    }
    expect("Bernoulli", mean: 0.3, variance: 0.21, kurtosis: 1.8) { $0.bernoulli(0.3) ? 1 : 0 }
    expect("integer", mean: 4.5, variance: 8.25, kurtosis: 1.8) { Double($0.uniformInteger(below: 10)) }
    expect("uniform Dirichlet", mean: 0.25, variance: 0.0375, kurtosis: 3) {
      $0.uniformDirichlet(count: 4)[2]
    }
  }

  @Test(arguments: Generator.allCases)
  func `The same key gives the same numbers, another key others`(generator: Generator) {
    func numbers(_ key: StreamKey) -> [Double] {
      var stream = RandomStream(key, generator: generator)
      return (0..<100).map { _ in stream.uniform() }
    }
    let key = StreamKey(seed: 1, chain: 0, unit: 12, purpose: .sampling)
    var other = key
    other.unit = 13
    #expect(numbers(key) == numbers(key))
    #expect(numbers(key) != numbers(other))
    #expect(numbers(key).allSatisfy { $0 >= 0 && $0 < 1 })
  }

  @Test func `xoshiro256++ is the published recurrence: first outputs from state 1, 2, 3, 4`() {
    // The recurrence run by hand on the words that seed a key must give the stream's uniforms.
    let key = StreamKey(seed: 9, purpose: .prior)
    var s = RandomStream.xoshiroState(of: key)
    var stream = RandomStream(key)
    func rotated(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    for _ in 0..<1000 {
      let result = rotated(s[0] &+ s[3], 23) &+ s[0]
      let t = s[1] << 17
      s[2] ^= s[0]
      s[3] ^= s[1]
      s[1] ^= s[2]
      s[0] ^= s[3]
      s[2] ^= t
      s[3] = rotated(s[3], 45)
      #expect(stream.uniform() == Double(result >> 12) * 0x1p-52)
    }
  }

  @Test func `Dirichlet weights are positive and sum to one`() {
    var random = RandomStream(StreamKey(seed: 2, purpose: .resampling))
    for count in [1, 2, 50] {
      let weights = random.uniformDirichlet(count: count)
      #expect(weights.count == count && weights.allSatisfy { $0 > 0 })
      #expect(isClose(weights.reduce(0, +), 1, relative: 1e-14))
    }
  }
}
