public import Acquisitions
public import LaneMath

/// Recovery of the longitudinal magnetisation after an inversion or a saturation.
///
///     g(t) = 1 − k e^(−t/T1)                               without a repetition time
///     g(t) = 1 − k e^(−t/T1) + (k − 1) e^(−TR/T1)          with one, for spin echoes every TR
///
/// t is the inversion or saturation time in s. k = 2 is a perfect inversion, k = 1 a perfect saturation; the amplitude is
/// M₀ (with a repetition time) or the fully recovered signal A. Barral et al. 2010, doi:10.1002/mrm.22497; Chow et al.
/// 2014 (SASHA), doi:10.1002/mrm.24878.
///
/// Coordinates η = (log T1) with T1 in s, and k (`inversion`, `saturation`) unless it is fixed.
///
/// - Signed: a magnitude likelihood takes |g|, and needs no decision about polarity.
/// - A saturation time of infinity is an image without saturation.
public struct MagnetizationRecovery: SignalShape {
  /// log T1, then what is not fixed.
  public let coordinates: [TissueCoordinate]
  /// N.
  public let settingCount: Int
  /// Times in s; a repetition time stands last.
  @usableFromInline let times: [Double]
  @usableFromInline let plan: DecayPlan
  /// k, or nil if it is a coordinate.
  @usableFromInline let fixedDepth: Double?

  /// Inversion recovery at these inversion times with an inversion factor k to be estimated, or a fixed one.
  public init(inversionTimes: [InversionTime], repetitionTime: Double? = nil, fixedInversion: Double? = nil) {
    self.init(
      times: inversionTimes.map(\.seconds), repetitionTime: repetitionTime, depth: "inversion",
      fixedDepth: fixedInversion)
  }

  /// Saturation recovery at these saturation times: with a perfect saturation (two parameters: amplitude and T1), or
  /// with a saturation factor k to be estimated (three).
  public init(saturationTimes: [SaturationTime], isSaturationPerfect: Bool) {
    self.init(
      times: saturationTimes.map { min($0.seconds, Self.longestTime) }, repetitionTime: nil,
      depth: "saturation",
      fixedDepth: isSaturationPerfect ? 1 : nil)
  }

  private init(times: [Double], repetitionTime: Double?, depth: String, fixedDepth: Double?) {
    settingCount = times.count
    self.times = times + (repetitionTime.map { [$0] } ?? [])
    plan = DecayPlan(weightings: self.times)
    self.fixedDepth = fixedDepth
    let t1 = TissueCoordinate("t1", .log, unit: "s")
    coordinates = fixedDepth == nil ? [t1, TissueCoordinate(depth, .identity)] : [t1]
  }

  /// A time that stands for infinity: e^(−t/T1) is 0 for every T1 below 14,000 s.
  private static let longestTime = 1e7

  /// Lanes of workspace.
  @inlinable
  public var workspaceCount: Int { plan.nodeCount }

  /// g(η) at every setting.
  @inlinable
  public func evaluate<L: Lane>(at eta: [L], signal: inout [L], workspace: inout [L]) {
    plan.evaluate(rate: L.exp(-eta[0]), into: &workspace)
    let k = depth(eta)
    let full = recovered(k, workspace)
    for i in 0..<settingCount { signal[i] = full - k * workspace[i] }
  }

  /// As `evaluate`, with ∂g/∂log T1 = −k (t/T1) e^(−t/T1) + (k − 1)(TR/T1) e^(−TR/T1) and ∂g/∂k = e^(−TR/T1) − e^(−t/T1).
  @inlinable
  public func evaluate<L: Lane>(
    at eta: [L], signal: inout [L], derivatives: inout [L], workspace: inout [L]
  ) {
    let rate = L.exp(-eta[0])
    plan.evaluate(rate: rate, into: &workspace)
    let k = depth(eta)
    let n = settingCount
    let full = recovered(k, workspace)
    let last = n < times.count ? workspace[n] : L(0)
    let lastSlope = n < times.count ? (k - 1) * (times[n] * rate) * last : L(0)
    for i in 0..<n {
      let e = workspace[i]
      signal[i] = full - k * e
      derivatives[i] = lastSlope - k * (times[i] * rate) * e
      if fixedDepth == nil { derivatives[n + i] = last - e }
    }
  }

  @inlinable
  func depth<L: Lane>(_ eta: [L]) -> L { fixedDepth.map { L($0) } ?? eta[1] }

  /// 1 + (k − 1) e^(−TR/T1), or 1 without a repetition time.
  @inlinable
  func recovered<L: Lane>(_ k: L, _ decays: [L]) -> L {
    settingCount < times.count ? 1 + (k - 1) * decays[settingCount] : 1
  }
}
