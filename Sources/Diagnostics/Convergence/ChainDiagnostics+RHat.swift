extension ChainDiagnostics {
  /// R̂: the larger of ``bulkRHat`` and ``foldedRHat`` (Vehtari et al. 2021, section 4.2). Good chains: < 1.01.
  public var rHat: Double {
    // Not `max`, whose answer to NaN depends on the order.
    let (bulk, folded) = (bulkRHat, foldedRHat)
    return bulk.isNaN || folded.isNaN ? .nan : max(bulk, folded)
  }

  /// R̂ of the rank-normalised draws: do the chains agree on location?
  public var bulkRHat: Double { isAssessable ? Self.splitRHat(rankNormalized) : .nan }

  /// R̂ of the rank-normalised distances |x − median|: do the chains agree on spread?
  public var foldedRHat: Double {
    guard isAssessable else { return .nan }
    let median = sortedDraws.quantile(0.5)
    let distances = halves { abs($0 - median) }
    guard distances.contains(where: { $0.contains { $0 != distances[0][0] } }) else { return .nan }
    return Self.splitRHat(scores.normalize(distances))
  }

  /// R̂ of the draws as they are, without ranks: blind to infinite variance and to spread, kept for comparison.
  public var splitRHat: Double { isAssessable ? Self.splitRHat(Self.halves(of: chains)) : .nan }

  /// √(var⁺ / W) with var⁺ = (n − 1)/n W + B/n, for M half-chains of n values (Gelman and Rubin 1992;
  /// Vehtari et al. 2021, equations 1 to 4).
  ///
  /// - W = 0, every half stuck at its own value: infinity.
  static func splitRHat(_ halves: [[Double]]) -> Double {
    let n = Double(halves[0].count)
    let within = halves.map(\.sampleVariance).mean
    let betweenOverN = halves.map(\.mean).sampleVariance
    return ((n - 1) / n + betweenOverN / within).squareRoot()
  }
}
