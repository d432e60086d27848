public import LaneMath

/// A model with a constant of its own: y = β₀ + β₁ g(η), with β₀ integrated out under a flat prior.
///
/// A flat β₀ leaves the deviations from the weighted means: gᵢ − ḡ stand for gᵢ, with ḡ = Σ n g/Σ n, and the data count
/// for one less. (From det(X'X) = Σ n · Σ n (g − ḡ)² for X = [1, g], and the residuals of the regression on both.)
/// With g = e^(−t/T) this is the three-parameter recovery A − B e^(−t/T): A = β₀, B = −β₁.
///
public struct OffsetShape<Base: SignalShape>: SignalShape {
  /// g, before its mean is taken off.
  public let base: Base
  /// nᵢ/Σ n, one for each setting.
  public let weights: [Double]

  /// `base` with a constant of its own, for values with these averages n.
  public init(_ base: Base, averages: [Double]) {
    precondition(averages.count == base.settingCount, "one number of averages for each setting")
    self.base = base
    let total = averages.reduce(0, +)
    weights = averages.map { $0 / total }
  }

  /// Those of `base`.
  @inlinable
  public var coordinates: [TissueCoordinate] { base.coordinates }
  /// N.
  @inlinable
  public var settingCount: Int { base.settingCount }
  /// Lanes of workspace.
  @inlinable
  public var workspaceCount: Int { base.workspaceCount }
  /// β₀.
  @inlinable
  public var absorbedCount: Int { 1 }

  /// g(η) at every setting.
  @inlinable
  public func evaluate<L: Lane>(at eta: [L], signal: inout [L], workspace: inout [L]) {
    base.evaluate(at: eta, signal: &signal, workspace: &workspace)
    centre(&signal, at: 0)
  }

  /// gᵢ − ḡ and its derivatives.
  @inlinable
  public func evaluate<L: Lane>(
    at eta: [L], signal: inout [L], derivatives: inout [L], workspace: inout [L]
  ) {
    base.evaluate(at: eta, signal: &signal, derivatives: &derivatives, workspace: &workspace)
    centre(&signal, at: 0)
    for k in 0..<base.coordinates.count { centre(&derivatives, at: k * settingCount) }
  }

  /// yᵢ − ȳ.
  @inlinable
  public func reduced<L: Lane>(_ signals: [L]) -> [L] {
    var deviations = signals
    centre(&deviations, at: 0)
    return deviations
  }

  /// β₀ = ȳ − β₁ ḡ.
  @inlinable
  public func absorbedConstant<L: Lane>(of signals: [L], at eta: [L], amplitude: L) -> L {
    var signal = [L](repeating: 0, count: settingCount)
    var workspace = [L](repeating: 0, count: workspaceCount)
    base.evaluate(at: eta, signal: &signal, workspace: &workspace)
    return weightedMean(signals) - amplitude * weightedMean(signal)
  }

  /// Σ n v/Σ n.
  @inlinable
  public func weightedMean<L: Lane>(_ values: [L]) -> L {
    var mean = L(0)
    for i in 0..<settingCount { mean += weights[i] * values[i] }
    return mean
  }

  /// Takes the weighted mean off the values from `start` on.
  @inlinable
  func centre<L: Lane>(_ values: inout [L], at start: Int) {
    var mean = L(0)
    for i in 0..<settingCount { mean += weights[i] * values[start + i] }
    for i in 0..<settingCount { values[start + i] -= mean }
  }
}
