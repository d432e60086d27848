import Cohort
import Foundation
import GSLSupport
import TestSupport
import Testing

/// Counting formulas against what they count: every assignment, every sign, every threshold.
@Suite struct ExhaustiveReferenceTests {
  /// Every way to choose `size` of `count` things.
  private func subsets(of count: Int, size: Int) -> [[Int]] {
    guard size > 0 else { return [[]] }
    guard count >= size else { return [] }
    return subsets(of: count - 1, size: size)
      + subsets(of: count - 1, size: size - 1).map { $0 + [count - 1] }
  }

  private func values(_ count: Int, seed: UInt64, isRounded: Bool = false) -> [Double] {
    var stream = RandomStream(StreamKey(seed: seed, purpose: .simulation))
    return (0..<count).map { _ in isRounded ? (3 * stream.normal()).rounded() : stream.normal() }
  }

  @Test(arguments: [(1, 1), (1, 6), (3, 4), (5, 5), (6, 2)])
  func `Mann and Whitney's exact p-value is the share of all assignments of ranks`(m: Int, n: Int) {
    for seed in 1...5 as ClosedRange<UInt64> {
      let all = values(m + n, seed: seed)
      let test = MannWhitneyTest(Array(all.prefix(m)), Array(all.suffix(n)))
      func statistic(_ chosen: [Int]) -> Double {
        let others = all.indices.filter { !chosen.contains($0) }
        return chosen.reduce(0) { sum, i in sum + Double(others.count { all[i] > all[$0] }) }
      }
      let observed = statistic(Array(0..<m))
      let every = subsets(of: m + n, size: m).map(statistic)
      let (low, high) = (every.count { $0 <= observed }, every.count { $0 >= observed })
      #expect(test.statistic == observed && test.method == .exact)
      #expect(isClose(test.pValue, min(1, 2 * Double(min(low, high)) / Double(every.count)), relative: 1e-12))
    }
  }

  @Test(arguments: 1...9)
  func `Wilcoxon's exact p-value is the share of all signs`(count: Int) {
    let differences = values(count, seed: 11 + UInt64(count))
    let ranks = differences.map { value in 1 + differences.count { abs($0) < abs(value) } }
    let observed = zip(differences, ranks).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
    let every = (0..<(1 << count)).map { signs in
      ranks.indices.reduce(0) { signs >> $1 & 1 == 1 ? $0 + ranks[$1] : $0 }
    }
    let (low, high) = (every.count { $0 <= observed }, every.count { $0 >= observed })
    let test = WilcoxonSignedRankTest(differences: differences)
    #expect(test.statistic == Double(observed))
    #expect(isClose(test.pValue, min(1, 2 * Double(min(low, high)) / Double(every.count)), relative: 1e-12))
  }

  @Test(arguments: [false, true])
  func `The best cut-off is the best of all, ties included`(isRounded: Bool) throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let all = values(17, seed: seed, isRounded: isRounded)
      let scores = try #require(
        ClassScores(positives: all.prefix(7).map { $0 + 1 }, negatives: Array(all.suffix(10))))
      let sorted = Set(scores.positives + scores.negatives).sorted()
      func shares(_ threshold: Double) -> (sensitivity: Double, specificity: Double) {
        let above = scores.positives.count { $0 > threshold }
        let below = scores.negatives.count { $0 <= threshold }
        return (Double(above) / 7, Double(below) / 10)
      }
      var best = -1.0
      for threshold in [-Double.infinity] + sorted {
        let (sensitivity, specificity) = shares(threshold)
        best = max(best, sensitivity + specificity - 1)
      }
      let youden = YoudenCutoff(scores)
      #expect(isClose(youden.index, best, absolute: 1e-12))
      for candidate in youden.candidates {
        let (sensitivity, specificity) = shares(candidate.threshold)
        #expect(isClose(candidate.sensitivity, sensitivity, absolute: 1e-12))
        #expect(isClose(candidate.specificity, specificity, absolute: 1e-12))
      }
    }
  }

  @Test(arguments: [false, true])
  func `AUC and DeLong's variance are those of all pairs`(isRounded: Bool) throws {
    let all = values(23, seed: 5, isRounded: isRounded)
    let scores = try #require(ClassScores(positives: Array(all.prefix(9)), negatives: Array(all.suffix(14))))
    func win(_ a: Double, _ b: Double) -> Double { a > b ? 1 : a == b ? 0.5 : 0 }
    let above = scores.positives.map { a in scores.negatives.map { win(a, $0) }.reduce(0, +) / 14 }
    let below = scores.negatives.map { b in scores.positives.map { win($0, b) }.reduce(0, +) / 9 }
    let auc = above.reduce(0, +) / 9
    #expect(isClose(scores.auc, auc, relative: 1e-12))
    func spread(_ placements: [Double]) -> Double {
      let squares = placements.map { ($0 - auc) * ($0 - auc) }.reduce(0, +)
      return squares / Double(placements.count - 1) / Double(placements.count)
    }
    #expect(isClose(scores.delongVariance, spread(above) + spread(below), relative: 1e-12))
  }

  @Test func `Adjusted p-values keep the order, never fall below the raw ones, and Holm is the stricter`() {
    for seed in 1...20 as ClosedRange<UInt64> {
      var stream = RandomStream(StreamKey(seed: seed, purpose: .simulation))
      let raw = (0..<12).map { _ in stream.uniform() * stream.uniform() }
      let (holm, bh) = (MultiplicityAdjustment.holm(raw), MultiplicityAdjustment.benjaminiHochberg(raw))
      let order = raw.indices.sorted { raw[$0] < raw[$1] }
      for (one, next) in zip(order, order.dropFirst()) {
        #expect(holm[one] <= holm[next] && bh[one] <= bh[next])
      }
      for index in raw.indices {
        let hair = 1 + 1e-12
        #expect(raw[index] <= hair * bh[index] && bh[index] <= hair * holm[index] && holm[index] <= 1)
        // Holm by its definition: the largest of p(j) (m − j + 1) over all p(j) up to this one.
        let smaller = raw.filter { $0 <= raw[index] }.sorted()
        let weighted = smaller.enumerated().map { place, p in min(1, p * Double(12 - place)) }
        let expected = weighted.max() ?? .nan
        #expect(isClose(holm[index], expected, relative: 1e-12))
      }
    }
  }

  @Test func `Calibration errors are those of the bins, whatever their number`() throws {
    var stream = RandomStream(StreamKey(seed: 3, purpose: .simulation))
    let probabilities = (0..<200).map { _ in stream.uniform() } + [0, 1, 0.2, 0.4]
    let outcomes = probabilities.map { _ in stream.uniform() < 0.4 }
    let scores = try #require(PredictionScores(probabilities, outcomes: outcomes))
    for bins in [1, 2, 5, 13] {
      var (expected, largest) = (0.0, 0.0)
      for bin in 0..<bins {
        let members = probabilities.indices.filter { index in
          min(Int((probabilities[index] * Double(bins)).rounded(.down)), bins - 1) == bin
        }
        guard !members.isEmpty else { continue }
        let count = Double(members.count)
        let predicted = members.map { probabilities[$0] }.reduce(0, +) / count
        let observed = Double(members.count { outcomes[$0] }) / count
        let gap = abs(predicted - observed)
        expected += gap * count / Double(probabilities.count)
        largest = max(largest, gap)
      }
      let error = scores.calibrationError(bins: bins)
      #expect(
        isClose(error.expected, expected, relative: 1e-10) && isClose(error.largest, largest, relative: 1e-10)
      )
    }
  }

  @Test func `The posterior of a difference is that of simulated Student variables`() throws {
    let (a, b) = ([1.0, 2, 4, 3.5, 2.2], [0.5, 1, 1.5])
    let posterior = try #require(BehrensFisherDifference(a, b))
    func moments(_ values: [Double]) -> (mean: Double, error: Double, freedom: Double) {
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
      return (mean, (variance / Double(values.count)).squareRoot(), Double(values.count - 1))
    }
    let (first, second) = (moments(a), moments(b))
    var stream = RandomStream(StreamKey(seed: 9, purpose: .simulation))
    let draws = (0..<40_000).map { _ -> Double in
      let one = first.mean + first.error * stream.studentT(degreesOfFreedom: first.freedom)
      let other = second.mean + second.error * stream.studentT(degreesOfFreedom: second.freedom)
      return one - other
    }
    // The SE of a share of 40,000 is at most 0.0025: 4.5 of them are left in one run of 150,000.
    for place in [-1.0, 0, 0.8, 1.6, 3] {
      let share = Double(draws.count { $0 <= place }) / 40_000
      #expect(isClose(posterior.cumulativeProbability(place), share, absolute: 0.0113))
    }
  }
}
