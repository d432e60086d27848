internal import Diagnostics

/// What the importance ratios of an approximation allow (Vehtari et al. 2024, Journal of Machine Learning Research
/// 25(72), section 3.2).
public enum LaplaceVerdict: String, Sendable, Codable {
  /// k̂ < 0.5: the ratios have a finite variance; weighted draws are as good as draws.
  case accepted
  /// 0.5 ≤ k̂ below the limit: the weighted draws can be used, the approximation itself cannot.
  case weighted
  /// k̂ at or above min(1 − 1/log₁₀ S, 0.7), or not known: the posterior has to be sampled.
  case rejected

  /// The verdict on `shape` = k̂ of `drawCount` ratios; NaN is rejected.
  public init(shape: Double, drawCount: Int) {
    self =
      if shape < 0.5 {
        .accepted
      } else if shape < ParetoSmoothing.trustworthyShape(drawCount: drawCount) {
        .weighted
      } else {
        .rejected
      }
  }
}
