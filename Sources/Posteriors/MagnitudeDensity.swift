internal import GSLSupport
public import LaneMath

/// The density of one magnitude value y about the noiseless magnitude ν: Rician, or noncentral chi with L coils.
///
///     log p = (2L − 1) log y − 2L log σ − (y − ν)²/(2σ²) + Λ(yν/σ²) − (L − 1) log 2 − log Γ(L)
///
/// with Λ(z) = log[Γ(L) (2/z)^(L−1) e^(−z) I_(L−1)(z)] and σ the noise of each channel. L = 1 is the Rician density (Rice
/// 1944; Gudbjartsson and Patz 1995, doi:10.1002/mrm.1910340618), L > 1 that of a root-sum-of-squares image (Constantinides
/// et al. 1997, doi:10.1002/mrm.1910380524).
///
/// - Finite at ν = 0, where it is the central chi density, without a case of its own.
/// - y = 0 gives −∞; only the constant (2L − 1) log y does, which the posteriors leave out.
public struct MagnitudeDensity: Sendable {
  /// L.
  public let coilCount: Int
  @usableFromInline let bessel: ScaledBessel
  @usableFromInline let constant: Double

  /// One value of a Rician image.
  public static let rician = MagnitudeDensity(coilCount: 1)

  /// One value of a root-sum-of-squares image of `coilCount` coils, from 1 to 128.
  public init(coilCount: Int) {
    precondition((1...128).contains(coilCount), "from 1 to 128 coils")
    self.coilCount = coilCount
    bessel = coilCount == 1 ? .zero : ScaledBessel(order: coilCount - 1)
    let count = Double(coilCount)
    constant = -(count - 1) * Double.log(2) - SpecialFunctions.logGamma(count)
  }

  /// log p(y) about the noiseless magnitude ν ≥ 0.
  @inlinable
  public func logDensity<L: Lane>(of y: L, noiseless nu: L, sigma: L) -> L {
    let count = Double(coilCount)
    let scaled = (y - nu) / sigma
    let logs = (2 * count - 1) * L.log(y) - 2 * count * L.log(sigma)
    return logs - 0.5 * (scaled * scaled) + bessel.logarithm((y / sigma) * (nu / sigma)) + L(constant)
  }
}
