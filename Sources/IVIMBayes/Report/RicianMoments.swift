internal import Foundation
internal import GSLSupport

/// The mean of a magnitude whose two channels carry Gaussian noise of SD σ.
///
///     E = σ √(π/2) e^(−x/2) [(1 + x) I₀(x/2) + x I₁(x/2)],   x = ν²/2σ²
///
/// Gudbjartsson and Patz 1995, doi:10.1002/mrm.1910340618.
enum RicianMoments {
  /// ν is `signal`; beyond x = 300 the mean is √(ν² + σ²) to six digits.
  static func mean(signal: Double, sigma: Double) -> Double {
    guard sigma > 0 else { return signal }
    let x = signal * signal / (2 * sigma * sigma)
    if x > 300 { return (signal * signal + sigma * sigma).squareRoot() }
    let (zeroth, first) = (SpecialFunctions.besselI0Scaled(x / 2), SpecialFunctions.besselI1Scaled(x / 2))
    return sigma * (Double.pi / 2).squareRoot() * ((1 + x) * zeroth + x * first)
  }
}
