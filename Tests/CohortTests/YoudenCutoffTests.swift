import Cohort
import GSLSupport
import Lesions
import TestSupport
import Testing

@Suite struct YoudenCutoffTests {
  @Test func `Index, threshold, sensitivity and specificity are the reference values`() throws {
    let reference = try ReferenceCase("auc-delong")
    let isPositive = reference.inputs["y"].doubles.map { $0 == 1 }
    let scores = try #require(ClassScores(reference.inputs["x"].doubles, isPositive: isPositive))
    let cutoff = YoudenCutoff(scores)
    #expect(isClose(cutoff.index, reference.expected["youden_J"].double, relative: 1e-10))
    #expect(cutoff.candidates.count == reference.expected["youden_thresholds"].array.count)
    for (candidate, expected) in zip(cutoff.candidates, reference.expected["youden_sens_spec"].matrix) {
      #expect(isClose(candidate.threshold, 1.05, relative: 1e-12))
      #expect(isClose(candidate.sensitivity, expected[0], relative: 1e-12))
      #expect(isClose(candidate.specificity, expected[1], relative: 1e-12))
    }
  }

  @Test func `All maximisers are kept, and the most even one is printed`() throws {
    // J = 1/2 at three cut-offs: (sensitivity, specificity) = (1, 1/2), (3/4, 3/4) and (1/2, 1).
    let scores = try #require(ClassScores(positives: [1.5, 3.5, 5, 6], negatives: [0, 1, 2.5, 4]))
    let cutoff = YoudenCutoff(scores)
    #expect(cutoff.candidates.map(\.threshold) == [1.25, 3, 4.5])
    #expect(cutoff.mostEven.threshold == 3)
    #expect(cutoff.mostEven.sensitivity == 0.75)
  }

  @Test func `Without any separation the cut-offs are at the two infinities`() throws {
    let scores = try #require(ClassScores(positives: [1, 1], negatives: [1, 1, 1]))
    let cutoff = YoudenCutoff(scores)
    #expect(cutoff.index == 0)
    #expect(cutoff.candidates.map(\.threshold) == [-.infinity, .infinity])
  }

  @Test func `Equal weights give the unweighted cut-off, and bootstrap cut-offs scatter around it`() throws {
    let scores = try #require(
      ClassScores(
        positives: (0..<30).map { Double($0) / 10 + 1 }, negatives: (0..<30).map { Double($0) / 10 }))
    let weights = [Double](repeating: 1.0 / 30, count: 30)
    #expect(YoudenCutoff(scores, positiveWeights: weights, negativeWeights: weights) == YoudenCutoff(scores))
    var stream = RandomStream(StreamKey(seed: 5, purpose: .resampling))
    let draws = YoudenCutoff.bootstrapThresholds(of: scores, count: 500, using: &stream).sorted()
    #expect(draws[25] < YoudenCutoff(scores).mostEven.threshold)
    #expect(draws[475] > 1.5)
    #expect(draws[0] >= 0.5 && draws[499] <= 3.5)
  }
}
