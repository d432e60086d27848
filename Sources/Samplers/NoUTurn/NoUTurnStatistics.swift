/// What one transition of the no-U-turn sampler did: data, divergences included.
public struct NoUTurnStatistics: Sendable, Equatable {
  /// Mean of min(1, e^(H₀ − H)) over the trajectory; ArviZ: `acceptance_rate`.
  public var acceptance: Double
  /// Doublings of the trajectory; ArviZ: `tree_depth`.
  public var treeDepth: Int
  /// Gradients computed; ArviZ: `n_steps`.
  public var leapfrogCount: Int
  /// True if the energy rose by more than the limit, or the trajectory left the support: the integrator lost its way, and
  /// the chain may not reach the places where it does; ArviZ: `diverging`.
  public var isDivergent: Bool
  /// H at the start, with the fresh momentum; ArviZ: `energy`.
  public var energy: Double
  /// ε of this transition; ArviZ: `step_size`.
  public var stepSize: Double
  /// log p of the new position; ArviZ: `lp`.
  public var logDensity: Double
}
