import Foundation
import GSLSupport
import InferenceCore
import LaneMath
import TestSupport
import Testing

@Suite struct LaneRandomTests {
  private let keys = (0..<8).map { StreamKey(seed: 77, chain: $0 % 3, unit: $0 / 3, purpose: .sampling) }

  @Test(arguments: Generator.allCases)
  func `Every lane is bit-equal to the library stream of its key`(generator: Generator) {
    var lanes = LaneRandom<Lane8>(keys, generator: generator)
    var drawn: [Lane8] = []
    for _ in 0..<1000 { drawn.append(lanes.uniform()) }
    for (lane, key) in keys.enumerated() {
      var stream = RandomStream(key, generator: generator)
      for number in drawn { #expect(number[lane] == stream.uniform()) }
    }
  }

  @Test(arguments: Generator.allCases)
  func `One lane gives what the same lane of eight gives`(generator: Generator) {
    var eight = LaneRandom<Lane8>(keys, generator: generator)
    var alone = keys.map { LaneRandom<Double>([$0], generator: generator) }
    for _ in 0..<100 {
      let (a, b) = eight.normalPair()
      let positive = eight.uniformPositive()
      for lane in keys.indices {
        let (x, y) = alone[lane].normalPair()
        #expect(a[lane] == x && b[lane] == y)
        #expect(positive[lane] == alone[lane].uniformPositive())
      }
    }
    // Gamma numbers are drawn until every lane has one: only the first is that of the lane alone.
    let gamma = eight.gamma(shape: Lane8((0..<8).map { 1 + Double($0) }))
    for lane in keys.indices { #expect(gamma[lane] == alone[lane].gamma(shape: 1 + Double(lane))) }
  }

  /// Moments are judged by z-scores at |z| < 5: false alarms of 6·10⁻⁷ each, about 3·10⁻⁵ for the file.
  private func expectMoment(_ values: [Double], mean: Double, variance: Double) {
    let sample = values.reduce(0, +) / Double(values.count)
    #expect(abs(sample - mean) < 5 * (variance / Double(values.count)).squareRoot())
  }

  @Test func `Normal pairs have the moments of independent standard normal numbers`() {
    var random = LaneRandom<Lane8>(keys)
    var (first, second): ([Double], [Double]) = ([], [])
    for _ in 0..<50_000 {
      let (a, b) = random.normalPair()
      first += a.array
      second += b.array
    }
    for numbers in [first, second] {
      expectMoment(numbers, mean: 0, variance: 1)
      expectMoment(numbers.map { $0 * $0 }, mean: 1, variance: 2)
      expectMoment(numbers.map { $0 * $0 * $0 }, mean: 0, variance: 15)
      expectMoment(numbers.map { $0 * $0 * $0 * $0 }, mean: 3, variance: 96)
    }
    expectMoment(zip(first, second).map { $0 * $1 }, mean: 0, variance: 1)
    expectMoment(zip(first, second).map { $0 * $0 * $1 * $1 - 1 }, mean: 0, variance: 8)
    // Successive numbers and neighbouring lanes.
    expectMoment(zip(first, first.dropFirst()).map { $0 * $1 }, mean: 0, variance: 1)
    expectMoment(zip(first, first.dropFirst(8)).map { $0 * $1 }, mean: 0, variance: 1)
  }

  @Test(arguments: [1, 1.5, 5.5, 9, 40])
  func `Gamma numbers have the mean and variance of their shape`(shape: Double) {
    var random = LaneRandom<Lane8>(
      (0..<8).map { StreamKey(seed: 5, chain: Int(10 * shape), unit: $0, purpose: .nuisance) })
    // Lanes of another shape beside it must not change it.
    let shapes = Lane8([shape, 1, shape, 100, shape, shape, 3, shape])
    var numbers: [Double] = []
    for _ in 0..<20_000 {
      let drawn = random.gamma(shape: shapes)
      numbers += [0, 2, 4, 5, 7].map { drawn[$0] }
    }
    expectMoment(numbers, mean: shape, variance: shape)
    // The fourth central moment is 3 shape² + 6 shape.
    let squares = numbers.map { ($0 - shape) * ($0 - shape) }
    expectMoment(squares, mean: shape, variance: 2 * shape * shape + 6 * shape)
    #expect(numbers.allSatisfy { $0 > 0 && $0.isFinite })
  }

  @Test func `Positive uniforms are never zero or one`() {
    var random = LaneRandom<Lane8>(keys)
    for _ in 0..<10_000 {
      #expect(random.uniformPositive().array.allSatisfy { $0 > 0 && $0 < 1 })
    }
    #expect(1 - 0x1p-52 + 0x1p-53 < 1)
  }
}
