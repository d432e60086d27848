public import GSLSupport

/// The cut-offs with the largest sum of sensitivity and specificity (Youden 1950).
///
/// The rule is *score > cut-off*; cut-offs lie half-way between neighbouring scores, or at ∓∞. A cut-off
/// chosen on the data that it is judged by is optimistic: tables mark it "not validated".
public struct YoudenCutoff: Sendable, Equatable {
  /// J = sensitivity + specificity − 1 at the best cut-offs.
  public let index: Double
  /// All cut-offs that reach J, ascending.
  public let candidates: [Candidate]

  /// One cut-off with what it does.
  public struct Candidate: Sendable, Equatable {
    /// Scores above it are called positive.
    public let threshold: Double
    /// The share of positives called positive.
    public let sensitivity: Double
    /// The share of negatives called negative.
    public let specificity: Double
  }

  /// The best cut-offs of `scores`; weights, if given, sum to one in each class.
  public init(_ scores: ClassScores, positiveWeights: [Double]? = nil, negativeWeights: [Double]? = nil) {
    let positives = positiveWeights ?? Self.equal(scores.positives.count)
    let negatives = negativeWeights ?? Self.equal(scores.negatives.count)
    let weighted =
      zip(scores.positives, positives).map { (score: $0, positive: $1, negative: 0.0) }
      + zip(scores.negatives, negatives).map { (score: $0, positive: 0.0, negative: $1) }
    let sorted = weighted.sorted { $0.score < $1.score }
    // From the cut-off −∞, which calls everybody positive, upwards past one distinct score after the other.
    var (missed, cleared) = (0.0, 0.0)
    var all = [Candidate(threshold: -.infinity, sensitivity: 1, specificity: 0)]
    for (place, entry) in sorted.enumerated() {
      missed += entry.positive
      cleared += entry.negative
      let next = place + 1 < sorted.count ? sorted[place + 1].score : .infinity
      guard next > entry.score else { continue }
      let threshold = next.isFinite ? entry.score + (next - entry.score) / 2 : .infinity
      all.append(Candidate(threshold: threshold, sensitivity: 1 - missed, specificity: cleared))
    }
    let best = all.reduce(-1) { max($0, $1.sensitivity + $1.specificity - 1) }
    self.index = best
    self.candidates = all.filter { $0.sensitivity + $0.specificity - 1 > best - 1e-12 }
  }

  /// The one candidate that a table prints: the most even one, with the largest lesser of sensitivity and
  /// specificity.
  public var mostEven: Candidate {
    candidates.dropFirst().reduce(candidates[0]) { best, next in
      min(next.sensitivity, next.specificity) > min(best.sensitivity, best.specificity) ? next : best
    }
  }

  /// `count` draws of the most even cut-off from its Bayesian bootstrap.
  public static func bootstrapThresholds(
    of scores: ClassScores, count: Int, using stream: inout RandomStream
  ) -> [Double] {
    (0..<count).map { _ in
      YoudenCutoff(
        scores, positiveWeights: stream.uniformDirichlet(count: scores.positives.count),
        negativeWeights: stream.uniformDirichlet(count: scores.negatives.count)
      ).mostEven.threshold
    }
  }

  private static func equal(_ count: Int) -> [Double] { [Double](repeating: 1 / Double(count), count: count) }
}
