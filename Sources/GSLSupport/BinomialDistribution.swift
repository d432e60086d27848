internal import CGSL

/// The number of successes among n trials of probability p.
public struct BinomialDistribution: Sendable, Equatable {
  /// n, the number of trials.
  public let trials: Int
  /// p, the probability of a success.
  public let probability: Double

  /// The distribution of `trials` ≥ 0 trials with `probability` in 0 … 1.
  public init(trials: Int, probability: Double) {
    precondition(trials >= 0 && (0...1).contains(probability), "n ≥ 0 and p in 0 … 1")
    self.trials = trials
    self.probability = probability
  }

  /// P(X = k); 0 outside 0 … n.
  public func mass(_ successes: Int) -> Double {
    guard (0...trials).contains(successes) else { return 0 }
    return gsl_ran_binomial_pdf(UInt32(successes), probability, UInt32(trials))
  }

  /// P(X ≤ k).
  public func cumulative(_ successes: Int) -> Double {
    if successes < 0 { return 0 }
    if successes >= trials { return 1 }
    return gsl_cdf_binomial_P(UInt32(successes), probability, UInt32(trials))
  }

  /// The smallest k with P(X ≤ k) ≥ q, for q in 0 … 1.
  public func quantile(_ q: Double) -> Int {
    var (below, reached) = (-1, trials)
    while reached - below > 1 {
      let middle = (below + reached) / 2
      if cumulative(middle) >= q { reached = middle } else { below = middle }
    }
    return reached
  }
}
