internal import Foundation
internal import GSLSupport

/// How far a normal posterior has come from its normal prior: contraction, overlap, shift and divergence.
///
/// Both are described by mean and standard deviation on one axis, that of the prior (usually a log or logit).
public struct NormalPriorComparison: Sendable, Equatable {
  /// m₀.
  public var priorMean: Double
  /// s₀ > 0.
  public var priorSD: Double
  /// m₁.
  public var posteriorMean: Double
  /// s₁ > 0.
  public var posteriorSD: Double

  /// Compares a posterior with its prior; both standard deviations are positive (else every figure is NaN).
  public init(priorMean: Double, priorSD: Double, posteriorMean: Double, posteriorSD: Double) {
    self.priorMean = priorMean
    self.priorSD = priorSD
    self.posteriorMean = posteriorMean
    self.posteriorSD = posteriorSD
  }

  private var isProper: Bool {
    priorSD > 0 && posteriorSD > 0 && posteriorMean.isFinite && priorMean.isFinite
  }

  /// κ = 1 − Var_post / Var_prior (Schad, Betancourt and Vasishth 2021): 1 all data, 0 all prior.
  ///
  /// Negative where the posterior is wider than the prior, which the likelihood of a ridge can do.
  public var contraction: Double {
    guard isProper else { return .nan }
    let ratio = posteriorSD / priorSD
    return 1 - ratio * ratio
  }

  /// z = (m_post − m_prior) / sd_prior.
  public var shift: Double { isProper ? (posteriorMean - priorMean) / priorSD : .nan }

  /// KL(posterior ‖ prior) = log(s₀/s₁) + (s₁² + (m₁ − m₀)²) / (2 s₀²) − 1/2, in nats.
  public var divergence: Double {
    guard isProper else { return .nan }
    let ratio = posteriorSD / priorSD
    return -log(ratio) + (ratio * ratio + shift * shift - 1) / 2
  }

  /// OVL = ∫ min(prior, posterior), from 0 (disjoint) to 1 (equal), by the points where the two densities cross.
  ///
  /// Inman and Bradley 1989 (doi:10.1080/03610928908830127). Between the crossings the narrower density is the
  /// larger one, outside the wider.
  public var overlap: Double {
    guard isProper else { return .nan }
    // On the axis of the prior, where it is N(0, 1) and the posterior N(z, r).
    let (z, r) = (shift, posteriorSD / priorSD)
    let curvature = (1 - r) * (1 + r)
    if abs(curvature) < 1e-12 { return 2 * SpecialFunctions.normalCDF(-abs(z) / 2) }
    // x² (1 − r²) − 2 z x + z² + 2 r² log r = 0 has the two crossings.
    let root = (z * z - curvature * (z * z + 2 * r * r * log(r))).squareRoot()
    let ends = [(z - root) / curvature, (z + root) / curvature].sorted()
    func prior(_ x: Double) -> Double { SpecialFunctions.normalCDF(x) }
    func posterior(_ x: Double) -> Double { SpecialFunctions.normalCDF((x - z) / r) }
    let (narrow, wide) = r < 1 ? (posterior, prior) : (prior, posterior)
    return wide(ends[1]) - wide(ends[0]) + narrow(ends[0]) + 1 - narrow(ends[1])
  }
}
