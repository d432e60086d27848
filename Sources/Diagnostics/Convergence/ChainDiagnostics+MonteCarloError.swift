internal import Foundation
internal import GSLSupport

extension ChainDiagnostics {
  /// Monte Carlo standard error of the mean: sd / √ESS(mean).
  public var meanMCSE: Double { standardDeviation / meanESS.squareRoot() }

  /// Monte Carlo standard error of the standard deviation, by the delta method on e = (x − mean)²:
  ///
  ///     √( (mean e² − (mean e)²) / ESS(e) / (4 mean e) )        Kenney and Keeping 1951; R posterior
  public var standardDeviationMCSE: Double {
    guard isAssessable else { return .nan }
    let mean = mean
    let squares = pooled.map { ($0 - mean) * ($0 - mean) }
    let variance = squares.mean
    let varianceOfSquares = squares.map { $0 * $0 }.mean - variance * variance
    return (varianceOfSquares / Self.effectiveSize(halves { ($0 - mean) * ($0 - mean) }) / variance / 4)
      .squareRoot()
  }

  /// Monte Carlo standard error of the median.
  public var medianMCSE: Double { quantileMCSE(0.5) }

  /// Monte Carlo standard error of the quantile of `probability`: half the distance of the order statistics at the
  /// ±1 SD points of Beta(ESS p + 1, ESS (1 − p) + 1) (Vehtari et al. 2021, section 4.4).
  public func quantileMCSE(_ probability: Double) -> Double {
    let size = quantileESS(probability)
    guard size.isFinite else { return .nan }
    // Φ(−1) and Φ(1), to the digits that R posterior uses.
    let ends = [0.1586553, 0.8413447].map { tail in
      SpecialFunctions.betaQuantile(tail, size * probability + 1, size * (1 - probability) + 1)
    }
    let count = Double(drawCount)
    let lower = max((ends[0] * count).rounded(.down), 1)
    let upper = min((ends[1] * count).rounded(.up), count)
    return (sortedDraws[Int(upper) - 1] - sortedDraws[Int(lower) - 1]) / 2
  }
}
