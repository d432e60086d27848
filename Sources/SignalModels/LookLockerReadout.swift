public import Acquisitions
public import LaneMath

/// What a train of excitations of angle α every TR makes of a recovery: the exact continuous Look-Locker.
///
///     1/T1* = 1/T1 − ln(cos α)/TR        A = M₀ (1 − E₁)/(1 − E₁ cos α), E₁ = e^(−TR/T1)        B = A + δ M₀
///
/// The signal is A − B e^(−t/T1*) with δ the efficiency of the inversion. Look and Locker 1970,
/// doi:10.1063/1.1684482; Deichmann and Haase 1992, doi:10.1016/0022-2364(92)90347-A, whose correction takes
/// A/M₀ ≈ T1*/T1, good to some 0.5 % at 8°.
public struct LookLockerReadout<L: Lane>: Sendable {
  /// T1*, in the unit of T1.
  public let apparentT1: L
  /// A for M₀ = 1.
  public let amplitude: L
  /// B for M₀ = 1.
  public let depth: L

  /// The train of excitations by `angle` every `repetitionTime` (in the unit of `t1`) in tissue of `t1`.
  @inlinable
  public init(t1: L, angle: FlipAngle, repetitionTime: Double, efficiency: L = 1) {
    let cosine = Double.cosineAndSine(turns: angle.degrees / 360).cosine
    let decay = L.exp(L(-repetitionTime) / t1)
    apparentT1 = 1 / (1 / t1 - L(Double.log(cosine) / repetitionTime))
    amplitude = (1 - decay) / (1 - cosine * decay)
    depth = amplitude + efficiency
  }

  /// A − B e^(−t/T1*) for M₀ = 1 at time `t`.
  @inlinable
  public func signal(at t: Double) -> L { amplitude - depth * L.exp(L(-t) / apparentT1) }
}
