import Cohort
import Foundation
import GSLSupport
import Lesions
import TestSupport
import Testing

/// Ties of differences, ratios and logarithms are judged at the precision of the data.
@Suite struct DataPrecisionTests {
  /// Before and after with many equal differences; p-values of R's `wilcox.test(..., exact = FALSE, digits.rank = 7)`.
  private let before = [12.0, 13, 14, 11, 10, 12, 15, 13, 12, 11, 14, 12]
  private let after = [13.0, 14, 13, 13, 11, 12, 16, 15, 11, 12, 14, 13]

  @Test(arguments: [1.0, 1e-4, 1e-3, 0.1, 1e3, 1e-9]) func `ties do not depend on the unit`(unit: Double) {
    let whole = WilcoxonSignedRankTest(pre: before, post: after)
    let scaled = WilcoxonSignedRankTest(pre: before.map { $0 * unit }, post: after.map { $0 * unit })
    #expect(
      scaled.statistic == whole.statistic && scaled.pValue == whole.pValue && scaled.method == whole.method)
    let pratt = WilcoxonSignedRankTest(
      pre: before.map { $0 * unit }, post: after.map { $0 * unit }, zeros: .pratt)
    #expect(pratt == WilcoxonSignedRankTest(pre: before, post: after, zeros: .pratt))
  }

  @Test func `the twin that ranks rounding errors is found out`() {
    let whole = WilcoxonSignedRankTest(pre: before, post: after)
    let raw = WilcoxonSignedRankTest(
      differences: zip(before, after).map { $1 * 1e-4 - $0 * 1e-4 })
    #expect(raw.pValue != whole.pValue)
  }

  @Test func `logarithms of equal ratios are tied, in ranks and in AUCs`() {
    let ratios = (0..<40).map { (place: Int) -> Double in 1 + 0.1 * Double(1 + place * 7 % 4) }
    let starts = (0..<40).map { (place: Int) -> Double in 0.3 + 0.17 * Double(place * 11 % 13) }
    let changes = zip(ratios, starts).map { ratio, start in log(start * ratio * 1e-3) - log(start * 1e-3) }
    let settled = DataPrecision.settled(changes, operands: changes.map { _ in 1 })
    let classes = (0..<40).map { (place: Int) -> Bool in place * 5 % 7 < 3 }
    let (exact, found) = (
      ClassScores(ratios, isPositive: classes), ClassScores(settled, isPositive: classes)
    )
    #expect(exact?.auc == found?.auc && exact?.delongVariance == found?.delongVariance)
    // The twin: as computed, equal ratios are not equal.
    #expect(ClassScores(changes, isPositive: classes)?.auc != exact?.auc)
    let positives = settled.indices.filter { classes[$0] }.map { settled[$0] }
    let negatives = settled.indices.filter { !classes[$0] }.map { settled[$0] }
    let test = MannWhitneyTest(
      ratios.indices.filter { classes[$0] }.map { ratios[$0] },
      ratios.indices.filter { !classes[$0] }.map { ratios[$0] })
    #expect(MannWhitneyTest(positives, negatives) == test)
  }

  struct Settling: Sendable {
    let values: [Double]
    let expected: [Double]
  }

  static let settlings: [Settling] = [
    Settling(values: [1, 1.000_000_000_001, 2], expected: [1, 1, 2]),
    Settling(values: [1, 1.000_001, 2], expected: [1, 1.000_001, 2]),
    Settling(values: [1e-20, -1e-20, 1], expected: [0, 0, 1]),
    Settling(values: [.nan, 1, .infinity], expected: [.nan, 1, .infinity]),
    Settling(values: [1e12, 1, 1.1], expected: [1e12, 1, 1.1]),
  ]

  @Test(arguments: settlings) func `what data cannot tell apart is equal, all else stays`(example: Settling) {
    let operands = example.values.map { value in abs(value) < 1e-15 ? 1 : abs(value) }
    let settled = DataPrecision.settled(example.values, operands: operands)
    for (found, one) in zip(settled, example.expected) {
      #expect(found == one || (found.isNaN && one.isNaN))
    }
  }

  @Test func `tests of values that do not vary have no p-value`() throws {
    let separated = try #require(ClassScores(positives: [3, 4, 5], negatives: [0, 1, 2]))
    let reversed = separated.negated
    let test = PairedDeLongTest(separated, reversed)
    #expect(test.z.isNaN && test.pValue.isNaN && test.interval().lower.isNaN)
    #expect(UnpairedDeLongTest(separated, reversed).pValue.isNaN)
    #expect(TTest.welch([1, 1, 1], [2, 2, 2]).pValue.isNaN)
    #expect(TTest.paired(pre: [0.1, 0.2, 0.3], post: [0.2, 0.3, 0.4]).pValue.isNaN)
    #expect(EffectSize([1, 1], [2, 2]).hedgesG.isNaN)
  }
}

/// Ranks stand for pairs.
@Suite struct RankedScoresTests {
  /// ψ of every pair, as the definitions have it.
  private func win(_ positive: Double, _ negative: Double) -> Double {
    positive > negative ? 1 : positive == negative ? 0.5 : 0
  }

  @Test(arguments: 0..<20) func `AUC, variances and weighted AUC are those of all pairs`(seed: Int) throws {
    var stream = RandomStream(StreamKey(seed: UInt64(seed), purpose: .simulation))
    let counts = (3 + stream.uniformInteger(below: 20), 3 + stream.uniformInteger(below: 20))
    let positives = (0..<counts.0).map { _ in Double(stream.uniformInteger(below: 8)) }
    let negatives = (0..<counts.1).map { _ in Double(stream.uniformInteger(below: 8)) - 1 }
    let scores = try #require(ClassScores(positives: positives, negatives: negatives))
    let weights = (stream.uniformDirichlet(count: counts.0), stream.uniformDirichlet(count: counts.1))
    var (sum, weighted, squares) = (0.0, 0.0, 0.0)
    for (i, positive) in positives.enumerated() {
      for (j, negative) in negatives.enumerated() {
        let one = win(positive, negative)
        sum += one
        squares += one * one
        weighted += one * weights.0[i] * weights.1[j]
      }
    }
    let (m, n) = (Double(counts.0), Double(counts.1))
    #expect(scores.auc == sum / (m * n))
    #expect(
      isClose(scores.auc(positiveWeights: weights.0, negativeWeights: weights.1), weighted, absolute: 1e-12))
    let rows = positives.map { positive in negatives.reduce(0) { $0 + win(positive, $1) } }.reduce(0) {
      $0 + $1 * $1
    }
    let columns = negatives.map { negative in positives.reduce(0) { $0 + win($1, negative) } }.reduce(0) {
      $0 + $1 * $1
    }
    let variance =
      (sum * sum + rows + columns + squares) / (m * (m + 1) * n * (n + 1)) - scores.auc * scores.auc
    #expect(isClose(scores.bootstrapVariance, variance, absolute: 1e-12))
  }
}
