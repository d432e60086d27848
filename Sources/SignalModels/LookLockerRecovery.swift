public import Acquisitions
public import LaneMath

/// Look-Locker and MOLLI: recovery that the readouts drive to a lower end with a shorter time T1*.
///
///     g(t) = 1 − (1 + δ T1/T1*) e^(−t/T1*)
///
/// This is A − B e^(−t/T1*) in units of A with the correction T1 = T1* (B/A − 1)/δ solved for B (Deichmann and Haase 1992,
/// doi:10.1016/0022-2364(92)90347-A): a draw of η is a draw of the corrected T1, and its prior is the prior of T1.
/// δ is the efficiency of the inversion, 1 if perfect.
///
/// Coordinates η = (log T1, log(T1/T1*)), T1 in s, and δ (`inversion_efficiency`) unless it is fixed.
///
/// - Signed: a magnitude likelihood takes |g|.
/// - MOLLI is not a continuous Look-Locker: its T1 depends on protocol, T2 and heart rate.
/// - Quote quantiles of T1: B/A has no moments where A may be 0.
public struct LookLockerRecovery: SignalShape {
  /// log T1, then what is not fixed.
  public let coordinates: [TissueCoordinate]
  @usableFromInline let times: [Double]
  @usableFromInline let plan: DecayPlan
  @usableFromInline let fixedEfficiency: Double?

  /// The model at these inversion times; without a fixed `efficiency` it is a coordinate.
  public init(inversionTimes: [InversionTime], efficiency: Double? = 1) {
    times = inversionTimes.map(\.seconds)
    plan = DecayPlan(weightings: times)
    fixedEfficiency = efficiency
    let tissue = [TissueCoordinate("t1", .log, unit: "s"), TissueCoordinate("t1_over_t1star", .log)]
    coordinates = efficiency == nil ? tissue + [TissueCoordinate("inversion_efficiency", .identity)] : tissue
  }

  /// N.
  @inlinable
  public var settingCount: Int { times.count }
  /// Lanes of workspace.
  @inlinable
  public var workspaceCount: Int { plan.nodeCount }

  /// g(η) at every setting.
  @inlinable
  public func evaluate<L: Lane>(at eta: [L], signal: inout [L], workspace: inout [L]) {
    plan.evaluate(rate: L.exp(eta[1] - eta[0]), into: &workspace)
    let depth = 1 + efficiency(eta) * L.exp(eta[1])
    for i in 0..<settingCount { signal[i] = 1 - depth * workspace[i] }
  }

  /// As `evaluate`, with E = e^(−t/T1*): ∂g/∂log T1 = −(1 + δρ)(t/T1*) E, ∂g/∂log ρ = −δρ E − ∂g/∂log T1, ∂g/∂δ = −ρ E for
  /// ρ = T1/T1*.
  @inlinable
  public func evaluate<L: Lane>(
    at eta: [L], signal: inout [L], derivatives: inout [L], workspace: inout [L]
  ) {
    let rate = L.exp(eta[1] - eta[0])
    plan.evaluate(rate: rate, into: &workspace)
    let ratio = L.exp(eta[1])
    let driven = efficiency(eta) * ratio
    let depth = 1 + driven
    let n = settingCount
    for i in 0..<n {
      let e = workspace[i]
      let slope = depth * (times[i] * rate) * e
      signal[i] = 1 - depth * e
      derivatives[i] = -slope
      derivatives[n + i] = slope - driven * e
      if fixedEfficiency == nil { derivatives[2 * n + i] = -ratio * e }
    }
  }

  @inlinable
  func efficiency<L: Lane>(_ eta: [L]) -> L { fixedEfficiency.map { L($0) } ?? eta[2] }

  /// T1 = T1* (B/A − 1)/δ, in the unit of T1*, from the three numbers of A − B e^(−t/T1*).
  @inlinable
  public static func correctedT1<L: Lane>(
    amplitude a: L, depth b: L, apparent t1star: L, efficiency: L = 1
  ) -> L {
    t1star * (b / a - 1) / efficiency
  }
}
