internal import GSLSupport

/// Draws with normal noise of one standard deviation added to each, as a distribution: a mixture of normals.
///
/// Probabilities are taken over the noise exactly, draw by draw, which a noisy sample would only approximate.
struct SmoothedDraws {
  let centers: [Double]
  /// The standard deviation of the noise; 0 leaves the draws themselves.
  let noise: Double

  /// P(X > `value`).
  func probability(above value: Double) -> Double {
    mean { noise > 0 ? SpecialFunctions.normalCDF(($0 - value) / noise) : $0 > value ? 1 : 0 }
  }

  /// P(X < `value`).
  func probability(below value: Double) -> Double {
    mean { noise > 0 ? SpecialFunctions.normalCDF((value - $0) / noise) : $0 < value ? 1 : 0 }
  }

  private func mean(_ share: (Double) -> Double) -> Double {
    centers.reduce(0) { $0 + share($1) } / Double(centers.count)
  }
}
