public import Acquisitions
public import LaneMath

/// Steady state of a spoiled gradient echo at variable flip angles (VFA).
///
///     g(α) = sin(κα) (1 − E)/(1 − E cos(κα)),  E = e^(−TR/T1)        Ernst and Anderson 1966, doi:10.1063/1.1719961
///
/// κ = B1 is the ratio of the true flip angle to the nominal one: T1 scales about as κ², so that an error of B1 enters T1
/// twice. The amplitude is M₀.
///
/// Coordinates η = (log T1), T1 in s, and κ (`b1`) unless it is fixed.
///
/// - Spoiling is taken to be perfect, and T2* to be the same at all angles.
public struct SpoiledGradientEcho: SignalShape {
  /// log T1, then what is not fixed.
  public let coordinates: [TissueCoordinate]
  /// Flip angles as fractions of a turn.
  @usableFromInline let turns: [Double]
  @usableFromInline let repetitionTime: Double
  @usableFromInline let fixedB1: Double?

  /// The model at these nominal angles, with excitations every `repetitionTime` s; without `fixedB1` it is a coordinate.
  public init(flipAngles: [FlipAngle], repetitionTime: Double, fixedB1: Double? = nil) {
    turns = flipAngles.map { $0.degrees / 360 }
    self.repetitionTime = repetitionTime
    self.fixedB1 = fixedB1
    let t1 = TissueCoordinate("t1", .log, unit: "s")
    coordinates = fixedB1 == nil ? [t1, TissueCoordinate("b1", .identity)] : [t1]
  }

  /// N.
  @inlinable
  public var settingCount: Int { turns.count }
  /// Lanes of workspace.
  @inlinable
  public var workspaceCount: Int { 0 }

  /// g(η) at every setting.
  @inlinable
  public func evaluate<L: Lane>(at eta: [L], signal: inout [L], workspace: inout [L]) {
    let (decay, _, factor) = steadyState(eta)
    for i in 0..<settingCount {
      let (cosine, sine) = L.cosineAndSine(turns: turns[i] * factor)
      signal[i] = sine * (1 - decay) * (1 / (1 - decay * cosine))
    }
  }

  /// As `evaluate`, with ∂g/∂log T1 = −sin θ (1 − cos θ) E (TR/T1)/(1 − E cos θ)² and
  /// ∂g/∂κ = α (1 − E)(cos θ − E)/(1 − E cos θ)² for θ = κα.
  @inlinable
  public func evaluate<L: Lane>(
    at eta: [L], signal: inout [L], derivatives: inout [L], workspace: inout [L]
  ) {
    let (decay, ratio, factor) = steadyState(eta)
    let n = settingCount
    for i in 0..<n {
      let (cosine, sine) = L.cosineAndSine(turns: turns[i] * factor)
      let inverse = 1 / (1 - decay * cosine)
      let square = inverse * inverse
      signal[i] = sine * (1 - decay) * inverse
      derivatives[i] = -(sine * (1 - cosine)) * (decay * ratio) * square
      guard fixedB1 == nil else { continue }
      derivatives[n + i] = (2 * .pi * turns[i]) * ((1 - decay) * (cosine - decay) * square)
    }
  }

  /// E, TR/T1 and κ.
  @inlinable
  func steadyState<L: Lane>(_ eta: [L]) -> (decay: L, ratio: L, factor: L) {
    let ratio = repetitionTime * L.exp(-eta[0])
    return (L.exp(-ratio), ratio, fixedB1.map { L($0) } ?? eta[1])
  }
}
