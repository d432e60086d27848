public import Acquisitions
internal import Foundation
internal import GSLSupport

/// The noise of a measurement: the one place that knows its name, what it allows, and its moments.
///
/// - `gaussian`: y = ν + σ ε.
/// - `rician`: y = |ν + σ (ε₁ + i ε₂)|, the magnitude of one channel (Gudbjartsson and Patz 1995,
///   doi:10.1002/mrm.1910340618).
/// - `noncentralChi`: the root of the sum of squares of L such channels (Constantinides et al. 1997,
///   doi:10.1002/mrm.1910380524); L = 1 is the Rician.
public enum NoiseModel: Sendable, Equatable {
  case gaussian
  case rician
  case noncentralChi(coils: Int)

  /// The names that options and records have.
  public static let names = ["gaussian", "rician", "noncentral-chi"]

  /// The noise of this name; nil if there is none.
  public init?(name: String, coils: Int = 1) {
    switch name {
    case "gaussian": self = .gaussian
    case "rician": self = .rician
    case "noncentral-chi": self = .noncentralChi(coils: coils)
    default: return nil
    }
  }

  /// The noise that a method has unless the user says otherwise: Rician for the magnitude of what may be inverted, Gaussian
  /// for the rest. No method is diffusion; no polarity is the method's.
  public init(ofMethod method: T1Method?, polarity: SignalPolarity? = nil) {
    self = (polarity ?? method?.defaultPolarity) == .magnitude ? .rician : .gaussian
  }

  /// As options and records have it.
  public var name: String {
    switch self {
    case .gaussian: "gaussian"
    case .rician: "rician"
    case .noncentralChi: "noncentral-chi"
    }
  }

  /// In a sentence, before the word "noise".
  public var words: String {
    switch self {
    case .gaussian: "Gaussian"
    case .rician: "Rician"
    case .noncentralChi(let coils): "noncentral chi (\(coils == 1 ? "1 coil" : "\(coils) coils"))"
    }
  }

  /// The density of one magnitude; nil for Gaussian noise.
  public var density: MagnitudeDensity? {
    switch self {
    case .gaussian: nil
    case .rician: .rician
    case .noncentralChi(let coils): MagnitudeDensity(coilCount: coils)
    }
  }

  /// The channels whose squares are summed; nil where signals carry their sign.
  public var channels: Int? { density?.coilCount }

  /// True if signals may be negative.
  public var acceptsSigns: Bool { channels == nil }

  /// True if averages of several measurements have a likelihood: that of the mean of root-sums-of-squares is not known.
  public var acceptsAverages: Bool { (channels ?? 1) == 1 }

  /// The mean and variance of one measurement about the noiseless signal `nu`.
  ///
  ///     gaussian        ν,  σ²
  ///     L channels      E = σ √(π/2) Γ(L + ½) / (Γ(3/2) Γ(L)) ₁F₁(−½; L; −ν²/2σ²),   V = ν² + 2Lσ² − E²
  ///
  /// Koay and Basser 2006, eqs. 11 and 12, doi:10.1016/j.jmr.2006.01.016.
  ///
  /// - Beyond |ν| = 25 σ √L: √(ν² + (2L − 1) σ²) and σ², good to 10⁻⁵ σ.
  public func moments(noiseless nu: Double, sigma: Double) -> (mean: Double, variance: Double) {
    guard let channels else { return (nu, sigma * sigma) }
    let (count, power) = (Double(channels), nu * nu)
    guard sigma > 0 else { return (abs(nu), 0) }
    let x = power / (2 * sigma * sigma)
    if x > 300 * count { return ((power + (2 * count - 1) * sigma * sigma).squareRoot(), sigma * sigma) }
    let scale = exp(
      SpecialFunctions.logGamma(count + 0.5) - SpecialFunctions.logGamma(1.5)
        - SpecialFunctions.logGamma(count))
    let mean =
      sigma * (Double.pi / 2).squareRoot() * scale
      * SpecialFunctions.confluentHypergeometric(-0.5, count, -x)
    return (mean, max(0, power + 2 * count * sigma * sigma - mean * mean))
  }
}
