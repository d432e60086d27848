public import LaneMath

/// Tissue → relative signal: the noiseless signal at every setting of a protocol for an amplitude (S₀ or M₀) of 1.
///
/// A model is written once, over `Lane`. Settings are those of the acquisition it was made for, in its order.
public protocol SignalShape: Sendable {
  /// The coordinates η, in the order in which `evaluate` reads them.
  var coordinates: [TissueCoordinate] { get }
  /// The number of settings, N.
  var settingCount: Int { get }
  /// How many lanes of workspace an evaluation needs.
  var workspaceCount: Int { get }
  /// How many parameters as people know them an evaluation leaves at the end of the workspace; 0 unless said.
  var parameterCount: Int { get }

  /// gᵢ(η) for every setting i, written to `signal` (N values).
  func evaluate<L: Lane>(at eta: [L], signal: inout [L], workspace: inout [L])

  /// gᵢ(η) as above, with Σ n g² and Σ n g y for the weights n (none: 1) and the values y.
  func project<L: Lane>(
    at eta: [L], on values: [L], weights: [Double], signal: inout [L], workspace: inout [L]
  ) -> (square: L, product: L)

  /// gᵢ(η) as above and ∂gᵢ/∂ηₖ, written to `derivatives[k · N + i]`.
  func evaluate<L: Lane>(
    at eta: [L], signal: inout [L], derivatives: inout [L], workspace: inout [L])

  /// The number of linear parameters beside the amplitude that are integrated out already; 0 unless said.
  var absorbedCount: Int { get }

  /// What the absorbed parameters leave of the data: the values that `signal` is to be compared with.
  func reduced<L: Lane>(_ signals: [L]) -> [L]

  /// The constant that the shape absorbs, at its best for `signals`, η and the amplitude; 0 where there is none.
  func absorbedConstant<L: Lane>(of signals: [L], at eta: [L], amplitude: L) -> L
}

extension SignalShape {
  /// The signal first, the sums after it.
  @inlinable
  public func project<L: Lane>(
    at eta: [L], on values: [L], weights: [Double], signal: inout [L], workspace: inout [L]
  ) -> (square: L, product: L) {
    evaluate(at: eta, signal: &signal, workspace: &workspace)
    return LaneSums.squareAndProduct(signal, values, weights: weights, count: settingCount)
  }

  /// None.
  @inlinable
  public var parameterCount: Int { 0 }

  /// None.
  @inlinable
  public var absorbedCount: Int { 0 }

  /// The data themselves.
  @inlinable
  public func reduced<L: Lane>(_ signals: [L]) -> [L] { signals }

  /// Zero.
  @inlinable
  public func absorbedConstant<L: Lane>(of signals: [L], at eta: [L], amplitude: L) -> L { 0 }
}
