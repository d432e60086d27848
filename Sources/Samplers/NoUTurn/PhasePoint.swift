internal import InferenceCore

/// A point of a Hamiltonian trajectory: where it is, where it goes, and the density there.
struct PhasePoint: Sendable {
  var position: [Double]
  var momentum: [Double]
  /// ∂ log p / ∂ position.
  var gradient: [Double]
  /// log p(position); −∞ outside the support.
  var logDensity: Double

  /// The point at `position` at rest.
  init(at position: [Double], of density: some DifferentiableLogDensity) throws(LogDensityError) {
    self.position = position
    momentum = [Double](repeating: 0, count: position.count)
    gradient = momentum
    logDensity = try density.logDensity(at: position, gradient: &gradient)
  }

  /// H = K(p) − log p(x); infinite where it has no value, so that no such point is ever chosen.
  func energy(_ metric: DiagonalMetric) -> Double {
    let energy = metric.kineticEnergy(of: momentum) - logDensity
    return energy.isNaN ? .infinity : energy
  }

  /// One leapfrog step of `time`, which may be negative: half a kick, a drift, half a kick (Neal 2011, equation 5.18).
  ///
  /// Outside the support log p becomes −∞ and the gradient zero: the caller sees infinite energy.
  ///
  /// - Throws: `.unusable` if the density cannot be evaluated.
  mutating func leap(
    _ time: Double, metric: DiagonalMetric, of density: some DifferentiableLogDensity
  ) throws(LogDensityError) {
    for i in momentum.indices { momentum[i] += 0.5 * time * gradient[i] }
    for i in position.indices { position[i] += time * metric.variances[i] * momentum[i] }
    do {
      logDensity = try density.logDensity(at: position, gradient: &gradient)
    } catch .outsideSupport {
      logDensity = -.infinity
      for i in gradient.indices { gradient[i] = 0 }
    }
    for i in momentum.indices { momentum[i] += 0.5 * time * gradient[i] }
  }
}
