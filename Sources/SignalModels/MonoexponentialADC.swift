public import Acquisitions
public import LaneMath

/// Monoexponential decay: the apparent diffusion coefficient.
///
///     g(b) = e^(−b ADC)        Le Bihan 1986, doi:10.1148/radiology.161.2.3763909
///
/// Coordinate η = (log ADC), ADC in µm²/ms (= 10⁻³ mm²/s). g(0) = 1.
public struct MonoexponentialADC: SignalShape {
  /// log ADC.
  public let coordinates = [TissueCoordinate("adc", .log, unit: "µm²/ms")]
  @usableFromInline let weightings: [Double]
  @usableFromInline let plan: DecayPlan

  /// The model at these b-values, in their order.
  @inlinable
  public init(bValues: [BValue]) {
    weightings = bValues.map(\.millisecondsPerSquareMicrometer)
    plan = DecayPlan(weightings: weightings)
  }

  /// N, the number of b-values.
  @inlinable
  public var settingCount: Int { weightings.count }
  /// The decay of every b-value and of the intermediate steps of the plan.
  @inlinable
  public var workspaceCount: Int { plan.nodeCount }

  /// gᵢ = e^(−bᵢ ADC) for every b-value, in the protocol's order.
  @inlinable
  public func evaluate<L: Lane>(at eta: [L], signal: inout [L], workspace: inout [L]) {
    plan.evaluate(rate: L.exp(eta[0]), into: &workspace)
    for i in 0..<settingCount { signal[i] = workspace[i] }
  }

  /// As `evaluate`, with ∂g/∂log ADC = −b ADC g.
  @inlinable
  public func evaluate<L: Lane>(
    at eta: [L], signal: inout [L], derivatives: inout [L], workspace: inout [L]
  ) {
    let adc = L.exp(eta[0])
    plan.evaluate(rate: adc, into: &workspace)
    for i in 0..<settingCount {
      signal[i] = workspace[i]
      derivatives[i] = (-weightings[i] * adc) * workspace[i]
    }
  }
}
