public import Acquisitions
public import LaneMath

/// Biexponential IVIM: a share f of the signal comes from blood in capillaries.
///
///     g(b) = (1 − f) e^(−b D) + f e^(−b D*)        Le Bihan 1988, doi:10.1148/radiology.168.2.3393671
///
/// Coordinates η = (log D, logit f, log(D* − D)), with D and D* in µm²/ms (= 10⁻³ mm²/s): D* > D without a wall.
///
/// - g(0) = 1 for every η.
/// - With f → 0 the signal forgets D*, with D* → D it forgets f: both are left to the prior.
/// - Takes no account of the T1 and T2 of blood.
public struct BiexponentialIVIM: SignalShape {
  /// The axis logit f: given f the other two coordinates are nearly normal, for every f; a proposal is tabulated along it.
  public static let openAxis = 1

  /// log D, logit f and log(D* − D).
  public let coordinates = [
    TissueCoordinate("d", .log, unit: "µm²/ms"),
    TissueCoordinate("f", .logit),
    TissueCoordinate("dstar_minus_d", .log, unit: "µm²/ms"),
  ]
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
  /// Both decays of every b-value and of the intermediate steps of the plan, then D, f and D* − D.
  @inlinable
  public var workspaceCount: Int { 2 * plan.nodeCount + parameterCount }
  /// D and D* − D in µm²/ms, with f between them.
  @inlinable
  public var parameterCount: Int { 3 }

  /// gᵢ = (1 − f) e^(−bᵢD) + f e^(−bᵢD*) for every b-value, in the protocol's order.
  @inlinable
  public func evaluate<L: Lane>(at eta: [L], signal: inout [L], workspace: inout [L]) {
    let f = decays(at: eta, into: &workspace).perfusionFraction
    LaneSums.mix(1 - f, workspace, f, at: plan.nodeCount, into: &signal, count: settingCount)
  }

  /// As `evaluate` with the sums in one pass.
  @inlinable
  public func project<L: Lane>(
    at eta: [L], on values: [L], weights: [Double], signal: inout [L], workspace: inout [L]
  ) -> (square: L, product: L) {
    guard weights.isEmpty else {
      evaluate(at: eta, signal: &signal, workspace: &workspace)
      return LaneSums.squareAndProduct(signal, values, weights: weights, count: settingCount)
    }
    let f = decays(at: eta, into: &workspace).perfusionFraction
    return LaneSums.project(
      1 - f, workspace, f, at: plan.nodeCount, into: &signal, on: values, count: settingCount)
  }

  /// As `evaluate`, with ∂g/∂log D = −bD[(1−f)E₁ + fE₂], ∂g/∂logit f = f(1−f)(E₂ − E₁), ∂g/∂log(D*−D) = −b(D*−D)fE₂
  /// (moving log D at fixed D* − D moves D* too).
  @inlinable
  public func evaluate<L: Lane>(
    at eta: [L], signal: inout [L], derivatives: inout [L], workspace: inout [L]
  ) {
    let (d, f, delta) = decays(at: eta, into: &workspace)
    let tissue = 1 - f
    let mixing = f * tissue
    let n = settingCount
    for i in 0..<n {
      let slow = workspace[i]
      let fast = workspace[plan.nodeCount + i]
      let g = tissue * slow + f * fast
      let minusB = -weightings[i]
      signal[i] = g
      derivatives[i] = (minusB * d) * g
      derivatives[n + i] = mixing * (fast - slow)
      derivatives[2 * n + i] = (minusB * delta) * (f * fast)
    }
  }

  /// Writes e^(−bD) and e^(−bD*) to the workspace; returns D, f and D* − D.
  @inlinable
  func decays<L: Lane>(at eta: [L], into workspace: inout [L])
    -> (diffusion: L, perfusionFraction: L, difference: L)
  {
    let d = L.exp(eta[0])
    let delta = L.exp(eta[2])
    plan.evaluate(rate: d, into: &workspace)
    plan.evaluate(rate: d + delta, into: &workspace, at: plan.nodeCount)
    let f = L.logistic(eta[1])
    let first = 2 * plan.nodeCount
    workspace[first] = d
    workspace[first + 1] = f
    workspace[first + 2] = delta
    return (d, f, delta)
  }
}
