internal import Diagnostics
internal import Foundation
internal import GSLSupport

/// How well one parameter repeats, from test–retest pairs in which nothing changed.
///
/// Definitions of Bland and Altman 1996 (doi:10.1136/bmj.313.7059.744) and the QIBA metrology papers (Raunig
/// et al. 2015, doi:10.1177/0962280214537344).
public struct Repeatability: Sendable, Equatable {
  /// One subject measured twice.
  public struct Pair: Sendable, Equatable {
    /// The first measurement.
    public var first: Double
    /// The second measurement.
    public var second: Double
    /// The posterior standard deviations of their logarithms, if known.
    public var posteriorSDs: (first: Double, second: Double)?

    /// A pair, with the posterior standard deviations of the logarithms if they are known.
    public init(_ first: Double, _ second: Double, posteriorSDs: (first: Double, second: Double)? = nil) {
      self.first = first
      self.second = second
      self.posteriorSDs = posteriorSDs
    }

    /// Equal values and equal deviations.
    public static func == (left: Pair, right: Pair) -> Bool {
      left.first == right.first && left.second == right.second
        && left.posteriorSDs?.first == right.posteriorSDs?.first
        && left.posteriorSDs?.second == right.posteriorSDs?.second
    }
  }

  /// n, the number of pairs.
  public let count: Int
  /// w = √(Σd²/(2n)), in the unit of the parameter.
  public let withinSD: Double
  /// The root mean square of |d|/(√2 mean) over the pairs.
  public let withinCV: Double
  /// w of the logarithms.
  public let logWithinSD: Double
  /// w_phys² = max(0, w² − mean posterior variance) of the logarithms, rooted; nil unless every pair has
  /// posterior deviations.
  public let physiologicalSD: Double?
  /// Bias and limits of agreement, first minus second.
  public let agreement: BlandAltman

  /// The repeatability over `pairs`; nil without pairs, or with a value that is not positive and finite.
  public init?(_ pairs: [Pair]) {
    guard !pairs.isEmpty,
      pairs.allSatisfy({ $0.first > 0 && $0.second > 0 && $0.first.isFinite && $0.second.isFinite })
    else { return nil }
    func withinSD(_ differences: [Double]) -> Double {
      (differences.map { $0 * $0 }.mean / 2).squareRoot()
    }
    self.count = pairs.count
    self.withinSD = withinSD(pairs.map { $0.first - $0.second })
    self.withinCV = withinSD(pairs.map { 2 * ($0.first - $0.second) / ($0.first + $0.second) })
    let logs = withinSD(pairs.map { log($0.first) - log($0.second) })
    self.logWithinSD = logs
    let variances = pairs.compactMap { pair in
      pair.posteriorSDs.map { ($0.first * $0.first + $0.second * $0.second) / 2 }
    }
    self.physiologicalSD =
      variances.count == pairs.count ? max(0, logs * logs - variances.mean).squareRoot() : nil
    self.agreement = BlandAltman(pairs.map(\.first), pairs.map(\.second))
  }

  /// RC = 1.96 √2 w, in the unit of the parameter.
  public var coefficient: Double { 1.96 * 2.0.squareRoot() * withinSD }

  /// The interval of ``coefficient``: n w²/σ² is χ² with n degrees of freedom.
  public func coefficientInterval(level: Double = 0.95) -> Interval {
    let squares = Double(count) * withinSD * withinSD
    func bound(_ p: Double) -> Double {
      1.96
        * (2 * squares / SpecialFunctions.chiSquaredQuantile(p, degreesOfFreedom: Double(count))).squareRoot()
    }
    return Interval(lower: bound((1 + level) / 2), upper: bound((1 - level) / 2))
  }

  /// The changes in percent that 95 % of unchanged subjects stay within, from the logarithms: not symmetric.
  public var percentLimits: Interval {
    Interval(center: 0, halfWidth: 1.96 * 2.0.squareRoot() * logWithinSD).map { 100 * (exp($0) - 1) }
  }

  /// What `delta` takes from this study.
  public func variability(source: String) -> ScanVariability {
    ScanVariability(total: logWithinSD, physiological: physiologicalSD, source: source)
  }
}
