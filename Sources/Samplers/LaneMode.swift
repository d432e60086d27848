public import InferenceCore
public import LaneMath

/// The mode of a log density in every lane, and the curvature there.
public struct LaneMode<L: Lane>: Sendable {
  /// The mode.
  public var position: [L]
  /// log p at the mode.
  public var logDensity: L
  /// The Cholesky factor A of the information at the mode (packed, I = A Aᵀ).
  public var factor: [L]

  /// Climbs from `start` by damped Gauss–Newton steps (Levenberg 1944, Marquardt 1963), all lanes in lockstep.
  ///
  /// A step that does not raise log p is not taken and raises that lane's damping tenfold; one that does lowers it. A lane
  /// whose step promises less than ½ `tolerance` stays where it is, and the climb ends when all do or after `iterations`.
  @inlinable
  public init<Density: LaneLogDensity<L>>(
    of density: inout Density, from start: [L], iterations: Int = 12, tolerance: Double = 0
  ) {
    let n = density.dimension
    var position = start
    var gradient = [L](repeating: 0, count: n)
    var information = [L](repeating: 0, count: packedIndex(n, 0))
    var current = density.expand(at: position, gradient: &gradient, information: &information)
    var trialGradient = gradient
    var trialInformation = information
    var trial = position
    var damping = L(1e-2)
    var damped = information
    var isClimbing = L.Mask(repeating: true)
    for _ in 0..<iterations {
      damped = information
      for k in 0..<n { damped[packedIndex(k, k)] *= 1 + damping }
      LaneCholesky.factor(&damped, dimension: n)
      var step = gradient
      LaneCholesky.solve(factor: damped, &step, dimension: n)
      // What the quadratic gains by the step, twice over; NaN where the density has none, which never climbs.
      var gain = L(0)
      for k in 0..<n { gain += gradient[k] * step[k] }
      isClimbing = L.Mask.and(isClimbing, L(tolerance) < gain)
      if L.select(isClimbing, 1, 0) == L(0) { break }
      // Coordinates are logs and logits: a step beyond 2 leaves the range of the quadratic.
      for k in 0..<n { trial[k] = position[k] + L.maximum(L(-2), L.minimum(L(2), step[k])) }
      let value = density.expand(at: trial, gradient: &trialGradient, information: &trialInformation)
      let better = L.Mask.and(isClimbing, current < value)
      current = L.select(better, value, current)
      for k in 0..<n {
        position[k] = L.select(better, trial[k], position[k])
        gradient[k] = L.select(better, trialGradient[k], gradient[k])
      }
      for k in 0..<information.count {
        information[k] = L.select(better, trialInformation[k], information[k])
      }
      damping = L.select(better, 0.2 * damping, 10 * damping)
    }
    LaneCholesky.factor(&information, dimension: n)
    self.position = position
    self.logDensity = current
    self.factor = information
  }
}
