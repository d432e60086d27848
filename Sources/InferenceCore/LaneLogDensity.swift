public import LaneMath

/// Log densities of independent units side by side: the contract between posteriors and the lane samplers.
///
/// Each lane is its own density on ℝⁿ with its own position. The density owns its workspace, hence `mutating`; it
/// never allocates while it is evaluated.
public protocol LaneLogDensity<L> {
  associatedtype L: Lane

  /// n, the number of coordinates.
  var dimension: Int { get }

  /// log p(position) up to a constant of each lane; −∞ or NaN where the density is zero or cannot be evaluated.
  mutating func logDensity(at position: [L]) -> L

  /// log (p(position) / factor), with the same byproducts: the log of an importance weight, whose second logarithm some
  /// densities can save.
  mutating func logDensity(at position: [L], dividedBy factor: L) -> L

  /// What the last `logDensity` learned on its way and later work can use (a profiled amplitude, say); often empty.
  /// A chain keeps those of its current position.
  var byproducts: [L] { get }

  /// log p as above with its second-order expansion: ∂ log p / ∂ position in `gradient` (n values), and in
  /// `information` a positive definite stand-in for the negative Hessian (Gauss–Newton plus prior precision) as a
  /// packed lower triangle, row after row: (0,0), (1,0), (1,1), (2,0), ….
  mutating func expand(at position: [L], gradient: inout [L], information: inout [L]) -> L

  /// The gradient alone, as `expand` gives it; `information` is room that may be used (n (n + 1)/2 values).
  mutating func findGradient(at position: [L], to gradient: inout [L], using information: inout [L])
}

extension LaneLogDensity {
  /// The difference of two logarithms.
  @inlinable
  public mutating func logDensity(at position: [L], dividedBy factor: L) -> L {
    logDensity(at: position) - L.log(factor)
  }

  /// The expansion's.
  @inlinable
  public mutating func findGradient(at position: [L], to gradient: inout [L], using information: inout [L]) {
    _ = expand(at: position, gradient: &gradient, information: &information)
  }
}

/// The place of row `row`, column `column` (`column` ≤ `row`) in a packed lower triangle.
@inlinable
public func packedIndex(_ row: Int, _ column: Int) -> Int { row * (row + 1) / 2 + column }
