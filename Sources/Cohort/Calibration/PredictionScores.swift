internal import Diagnostics
internal import Foundation
internal import GSLSupport

/// How good predicted probabilities were, once the outcomes are known.
public struct PredictionScores: Sendable, Equatable {
  /// The predicted probabilities.
  public let probabilities: [Double]
  /// What happened, in the same order.
  public let outcomes: [Bool]

  /// Predictions with their outcomes; nil without any, or if a prediction is not a probability.
  public init?(_ probabilities: [Double], outcomes: [Bool]) {
    precondition(
      probabilities.count == outcomes.count, "\(probabilities.count) predictions, \(outcomes.count) outcomes")
    guard !probabilities.isEmpty, probabilities.allSatisfy({ (0...1).contains($0) }) else { return nil }
    self.probabilities = probabilities
    self.outcomes = outcomes
  }

  private var numbers: [Double] { outcomes.map { $0 ? 1 : 0 } }

  /// The mean squared error of the probabilities (Brier 1950): 0 perfect, 0.25 for always saying 1/2.
  public var brier: Double { zip(probabilities, numbers).map { ($0 - $1) * ($0 - $1) }.mean }

  /// 1 − Brier / (p̄ (1 − p̄)): the gain over always predicting the prevalence p̄; −∞ or NaN with one class
  /// only.
  public var brierSkill: Double {
    let prevalence = numbers.mean
    return 1 - brier / (prevalence * (1 - prevalence))
  }

  /// −mean log of the probability given to what happened; ∞ if something impossible happened.
  public var logLoss: Double { zip(probabilities, outcomes).map { -log($1 ? $0 : 1 - $0) }.mean }

  /// Events observed over events expected, Σy / Σp.
  public var observedOverExpected: Double { numbers.reduce(0, +) / probabilities.reduce(0, +) }

  /// |mean p − mean y| over `bins` equal-width bins, right-open, the last closed: the mean weighted by bin
  /// size (expected calibration error) and the largest.
  ///
  /// Unstable below about 100 predictions: tables that print it say so.
  public func calibrationError(bins: Int = 5) -> (expected: Double, largest: Double) {
    precondition(bins > 0, "a histogram has at least one bin")
    var sums = [(count: Double, excess: Double)](repeating: (0, 0), count: bins)
    for (p, y) in zip(probabilities, numbers) {
      let bin = min(Int(p * Double(bins)), bins - 1)
      sums[bin].count += 1
      sums[bin].excess += p - y
    }
    let filled = sums.filter { $0.count > 0 }
    return (
      filled.reduce(0) { $0 + abs($1.excess) } / Double(probabilities.count),
      filled.reduce(0) { max($0, abs($1.excess) / $1.count) }
    )
  }

  /// Intercept and slope of the logistic regression of the outcome on logit p: (0, 1) for perfect
  /// calibration.
  ///
  /// Cox 1958 (doi:10.1093/biomet/45.3-4.562). Nil where that regression has no finite maximum, or a
  /// prediction is 0 or 1.
  public var calibrationLine: (intercept: Double, slope: Double)? {
    LogisticRegression(predictors: probabilities.map { [SpecialFunctions.logit($0)] }, outcomes: outcomes)
      .map { ($0.coefficients[0], $0.coefficients[1]) }
  }

  /// The predictions as scores of two classes, for their AUC; nil with one class only.
  public var classScores: ClassScores? { ClassScores(probabilities, isPositive: outcomes) }

  /// NB(t) = TP/n − FP/n · t/(1 − t) of acting on everybody with p ≥ t (Vickers and Elkin 2006,
  /// doi:10.1177/0272989X06295361).
  public func netBenefit(threshold: Double) -> Double {
    netBenefit(threshold: threshold) { $0 >= threshold }
  }

  /// The net benefit of acting on everybody; acting on nobody has 0.
  public func netBenefitOfActingOnAll(threshold: Double) -> Double {
    netBenefit(threshold: threshold) { _ in true }
  }

  private func netBenefit(threshold: Double, acts: (Double) -> Bool) -> Double {
    let harm = threshold / (1 - threshold)
    return zip(probabilities, outcomes).map { acts($0) ? ($1 ? 1 : -harm) : 0 }.mean
  }
}
