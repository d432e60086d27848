/// Scores of two classes, as an ROC analysis sees them: higher speaks for the positive class.
///
/// A marker that is *lower* in the positive class is given with its sign changed (``oriented()``).
public struct ClassScores: Sendable, Equatable {
  /// The scores of the positive class.
  public let positives: [Double]
  /// The scores of the negative class.
  public let negatives: [Double]

  /// The scores of two classes; nil if one class is empty or a score is not finite.
  public init?(positives: [Double], negatives: [Double]) {
    guard !positives.isEmpty, !negatives.isEmpty, (positives + negatives).allSatisfy(\.isFinite) else {
      return nil
    }
    self.positives = positives
    self.negatives = negatives
  }

  /// Scores with the class of each: `isPositive[i]` belongs to `scores[i]`; nil as above.
  public init?(_ scores: [Double], isPositive: [Bool]) {
    precondition(scores.count == isPositive.count, "\(scores.count) scores for \(isPositive.count) classes")
    self.init(
      positives: zip(scores, isPositive).filter(\.1).map(\.0),
      negatives: zip(scores, isPositive).filter { !$0.1 }.map(\.0))
  }

  /// The area under the ROC curve, P(X⁺ > X⁻) + P(X⁺ = X⁻)/2: ties count half (Bamber 1975).
  ///
  /// Rounded once: mirrored scores have one of them above ½ or both at ½.
  public var auc: Double { wins.positives.reduce(0, +) / Double(positives.count * negatives.count) }

  /// How well each score is placed: for a positive, the share of negatives below it; for a negative, the
  /// share of positives above it. Ties count half. Both have the AUC as their mean (DeLong 1988, V₁₀ and
  /// V₀₁).
  var placements: (positives: [Double], negatives: [Double]) {
    let wins = wins
    return (
      wins.positives.map { $0 / Double(negatives.count) }, wins.negatives.map { $0 / Double(positives.count) }
    )
  }

  /// How many of the other class each score wins against, ties as halves: exact, from ranks (Sun and Xu 2014,
  /// doi:10.1109/LSP.2014.2337313).
  private var wins: (positives: [Double], negatives: [Double]) {
    var (above, below) = (
      [Double](repeating: 0, count: positives.count), [Double](repeating: 0, count: negatives.count)
    )
    let groups = RankedScores(self)
    var (positivesBefore, negativesBefore) = (0, 0)
    groups.forEach { positives, negatives in
      for index in positives { above[index] = Double(negativesBefore) + Double(negatives.count) / 2 }
      positivesBefore += positives.count
      negativesBefore += negatives.count
      let won = Double(self.positives.count - positivesBefore) + Double(positives.count) / 2
      for index in negatives { below[index] = won }
    }
    return (above, below)
  }

  /// Which side of a marker speaks for the positive class.
  public enum Direction: String, Sendable, Codable {
    /// High values are positive.
    case higher
    /// Low values are positive.
    case lower
  }

  /// These scores turned so that the AUC is at least 1/2, and the side of the marker that was found positive.
  public func oriented() -> (scores: ClassScores, direction: Direction) {
    auc >= 0.5 ? (self, .higher) : (negated, .lower)
  }

  /// The scores with their signs changed; the AUC becomes 1 − AUC.
  public var negated: ClassScores { ClassScores(unchecked: positives.map(-), negatives.map(-)) }

  private init(unchecked positives: [Double], _ negatives: [Double]) {
    self.positives = positives
    self.negatives = negatives
  }
}
