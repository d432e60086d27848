internal import GSLSupport

/// How often intervals of one quantity held the truth in simulations, with the uncertainty of that count.
public struct IntervalCoverage: Sendable, Equatable {
  /// What a count says about the coverage asked for.
  public enum Verdict: String, Sendable {
    /// The count is compatible with a coverage in the target.
    case holds
    /// The coverage lies below the target.
    case tooLow = "too low"
    /// The coverage lies above the target: intervals wider than need be.
    case tooHigh = "too high"
    /// No intervals, or one that was not finite.
    case unusable
  }

  /// The quantity.
  public let name: String
  /// The probability that each interval claims.
  public let nominal: Double
  /// Intervals seen.
  public private(set) var count = 0
  /// Intervals that held their truth; one that was not finite does not.
  public private(set) var coveredCount = 0
  /// Intervals with an end, an estimate or a truth that was not finite.
  public private(set) var unusableCount = 0
  private var errorSum = 0.0
  private var standardizedSum = 0.0
  private var standardizedSquares = 0.0
  private var widthSum = 0.0

  /// No intervals yet.
  public init(of name: String, nominal: Double = 0.9) {
    precondition((0...1).contains(nominal), "a probability lies in 0 … 1")
    self.name = name
    self.nominal = nominal
  }

  /// Adds the central interval of `draws` in any order, with their mean as the estimate.
  public mutating func add(truth: Double, draws: [Double]) {
    let sorted = draws.sorted()
    let tail = (1 - nominal) / 2
    add(
      truth: truth, lower: sorted.quantile(tail), upper: sorted.quantile(1 - tail), estimate: draws.mean,
      standardDeviation: draws.sampleVariance.squareRoot())
  }

  /// Adds an interval, its estimate, and the posterior standard deviation.
  public mutating func add(
    truth: Double, lower: Double, upper: Double, estimate: Double, standardDeviation: Double
  ) {
    count += 1
    guard [truth, lower, upper, estimate, standardDeviation].allSatisfy(\.isFinite), standardDeviation > 0
    else {
      unusableCount += 1
      return
    }
    if lower <= truth && truth <= upper { coveredCount += 1 }
    let standardized = (estimate - truth) / standardDeviation
    errorSum += estimate - truth
    standardizedSum += standardized
    standardizedSquares += standardized * standardized
    widthSum += upper - lower
  }

  private var usableCount: Double { Double(count - unusableCount) }

  /// The share of intervals that held the truth; NaN without any.
  public var share: Double { Double(coveredCount) / Double(count) }

  /// The mean of estimate − truth.
  public var bias: Double { errorSum / usableCount }

  /// The mean of (estimate − truth)/posterior SD: what a bias costs in units of the uncertainty that is claimed.
  public var standardizedBias: Double { standardizedSum / usableCount }

  /// The root mean square of (estimate − truth)/posterior SD: 1 for uncertainty that is neither under- nor overstated.
  public var standardizedError: Double { (standardizedSquares / usableCount).squareRoot() }

  /// The mean width of the intervals.
  public var meanWidth: Double { widthSum / usableCount }

  /// The exact binomial interval of the coverage: Clopper and Pearson 1934 (doi:10.1093/biomet/26.4.404).
  ///
  ///     [ Beta⁻¹(α/2; k, n − k + 1), Beta⁻¹(1 − α/2; k + 1, n − k) ],  α = 1 − `probability`
  public func uncertainty(_ probability: Double = 0.95) -> ClosedRange<Double> {
    let (k, n, tail) = (Double(coveredCount), Double(count), (1 - probability) / 2)
    let lower = coveredCount == 0 ? 0 : SpecialFunctions.betaQuantile(tail, k, n - k + 1)
    let upper = coveredCount == count ? 1 : SpecialFunctions.betaQuantile(1 - tail, k + 1, n - k)
    return lower...upper
  }

  /// The verdict for a coverage that should lie in `target`: wrong only if all of the binomial interval lies outside.
  ///
  /// A coverage inside the target is called wrong with a probability below (1 − `probability`)/2.
  public func verdict(target: ClosedRange<Double>, probability: Double = 0.99) -> Verdict {
    guard count > 0, unusableCount == 0 else { return .unusable }
    let likely = uncertainty(probability)
    if likely.upperBound < target.lowerBound { return .tooLow }
    return likely.lowerBound > target.upperBound ? .tooHigh : .holds
  }
}
