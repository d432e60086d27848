internal import Cohort
internal import Diagnostics
internal import GSLSupport

/// How far other patients of the same kind would move a curve: the Bayesian bootstrap, Dirichlet weights in each class
/// (Rubin 1981, doi:10.1214/aos/1176345338).
enum CohortBands {
  private static let drawCount = 1000

  /// The corners of the ROC curve of `scores`, from (0, 0) to (1, 1); ties are slanted.
  static func curve(
    _ scores: ClassScores, positiveWeights: [Double]? = nil, negativeWeights: [Double]? = nil
  ) -> [(falsePositive: Double, truePositive: Double)] {
    func weights(_ given: [Double]?, _ values: [Double]) -> [Double] {
      given ?? values.map { _ in 1 / Double(values.count) }
    }
    let own = weights(positiveWeights, scores.positives), others = weights(negativeWeights, scores.negatives)
    let all =
      zip(scores.positives, own).map { ($0, $1, 0.0) } + zip(scores.negatives, others).map { ($0, 0.0, $1) }
    var points: [(falsePositive: Double, truePositive: Double)] = [(0, 0)]
    var (falsePositive, truePositive) = (0.0, 0.0)
    let sorted = all.sorted { $0.0 > $1.0 }
    for (index, entry) in sorted.enumerated() {
      truePositive += entry.1
      falsePositive += entry.2
      if index + 1 == sorted.count || sorted[index + 1].0 < entry.0 {
        points.append((min(falsePositive, 1), min(truePositive, 1)))
      }
    }
    return points
  }

  /// The 90 % band of the height of the curve at 51 false-positive rates, pointwise.
  static func band(_ scores: ClassScores, seed: UInt64) -> [(
    falsePositive: Double, lower: Double, upper: Double
  )] {
    var stream = RandomStream(StreamKey(seed: seed, purpose: .resampling))
    let rates = (0...50).map { Double($0) / 50 }
    var heights = rates.map { _ in [Double]() }
    for _ in 0..<drawCount {
      let curve = curve(
        scores, positiveWeights: stream.uniformDirichlet(count: scores.positives.count),
        negativeWeights: stream.uniformDirichlet(count: scores.negatives.count))
      for (index, rate) in rates.enumerated() { heights[index].append(height(of: curve, at: rate)) }
    }
    return zip(rates, heights).map { rate, heights in
      let sorted = heights.sorted()
      return (rate, sorted.quantile(0.05), sorted.quantile(0.95))
    }
  }

  /// The height of a curve at a false-positive rate: the upper end where it rises straight.
  private static func height(
    of curve: [(falsePositive: Double, truePositive: Double)], at rate: Double
  ) -> Double {
    guard let after = curve.firstIndex(where: { $0.falsePositive > rate + 1e-12 }), after > 0 else {
      return curve.last?.truePositive ?? 1
    }
    let (low, high) = (curve[after - 1], curve[after])
    let share = (rate - low.falsePositive) / (high.falsePositive - low.falsePositive)
    return low.truePositive + share * (high.truePositive - low.truePositive)
  }

  /// The logistic recalibration of left-out probabilities with its 90 % band; empty if the classes separate.
  static func calibration(_ scores: PredictionScores, seed: UInt64)
    -> [(probability: Double, observed: Double, lower: Double, upper: Double)]
  {
    guard let line = scores.calibrationLine else { return [] }
    var stream = RandomStream(StreamKey(seed: seed, unit: 1, purpose: .resampling))
    let count = scores.probabilities.count
    var lines: [(intercept: Double, slope: Double)] = []
    for _ in 0..<drawCount {
      let picked = (0..<count).map { _ in stream.uniformInteger(below: count) }
      if let resampled = PredictionScores(
        picked.map { scores.probabilities[$0] }, outcomes: picked.map { scores.outcomes[$0] })?
        .calibrationLine
      {
        lines.append(resampled)
      }
    }
    guard lines.count > drawCount / 2 else { return [] }
    return (1..<50).map { step in
      let probability = Double(step) / 50
      let logit = SpecialFunctions.logit(probability)
      let heights = lines.map { SpecialFunctions.logistic($0.intercept + $0.slope * logit) }.sorted()
      return (
        probability, SpecialFunctions.logistic(line.intercept + line.slope * logit), heights.quantile(0.05),
        heights.quantile(0.95)
      )
    }
  }
}
