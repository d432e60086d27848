internal import Foundation
internal import GSLSupport
internal import InferenceCore

/// A stretch of a trajectory: its two ends, the sum of its momenta, and a point drawn from it by weight e^(−H).
struct Stretch: Sendable {
  /// The end nearer to the start of the whole trajectory.
  var near: PhasePoint
  /// The end away from it, where the trajectory goes on.
  var far: PhasePoint
  /// ρ = Σ p over the points of the stretch.
  var momentumSum: [Double]
  /// log Σ e^(H₀ − H).
  var logWeight: Double
  var proposal: PhasePoint
}

/// Grows a trajectory by doubling until it turns back, and draws a point from it.
///
/// Hoffman and Gelman 2014, algorithm 3, with the multinomial choice and the generalised criterion of Betancourt 2017
/// (arXiv:1701.02434, appendix A), and Stan's further checks between neighbouring halves, which catch trajectories
/// that turn within one doubling.
struct Trajectory<Density: DifferentiableLogDensity> {
  let density: Density
  let metric: DiagonalMetric
  let stepSize: Double
  /// H of the start.
  let startEnergy: Double
  /// Energy error at which a trajectory counts as divergent: 1000, that is e^1000 too unlikely (Stan).
  let energyLimit: Double

  private(set) var leapfrogCount = 0
  private(set) var acceptanceSum = 0.0
  private(set) var isDivergent = false

  init(
    of density: Density, metric: DiagonalMetric, stepSize: Double, startEnergy: Double, energyLimit: Double
  ) {
    self.density = density
    self.metric = metric
    self.stepSize = stepSize
    self.startEnergy = startEnergy
    self.energyLimit = energyLimit
  }

  /// A stretch of 2^`depth` steps beyond `point`, forwards or backwards in time; nil if it turns back or diverges.
  mutating func stretch(
    depth: Int, beyond point: PhasePoint, forwards: Bool, using random: inout RandomStream
  ) throws(LogDensityError) -> Stretch? {
    if depth == 0 { return try step(beyond: point, forwards: forwards) }
    guard let first = try stretch(depth: depth - 1, beyond: point, forwards: forwards, using: &random),
      let second = try stretch(depth: depth - 1, beyond: first.far, forwards: forwards, using: &random)
    else { return nil }
    var both = joined(first, second)
    // Within a stretch the choice is by weight: uniform over the points, each e^(−H).
    if log(random.uniformPositive()) < second.logWeight - both.logWeight { both.proposal = second.proposal }
    return turns(first, second, both) ? nil : both
  }

  private mutating func step(beyond point: PhasePoint, forwards: Bool) throws(LogDensityError) -> Stretch? {
    var next = point
    try next.leap(forwards ? stepSize : -stepSize, metric: metric, of: density)
    leapfrogCount += 1
    let error = next.energy(metric) - startEnergy
    acceptanceSum += min(1, exp(-error))
    guard error <= energyLimit else {
      isDivergent = true
      return nil
    }
    return Stretch(near: next, far: next, momentumSum: next.momentum, logWeight: -error, proposal: next)
  }

  /// `first` and what lies beyond it, with the proposal of the first.
  func joined(_ first: Stretch, _ second: Stretch) -> Stretch {
    let (larger, smaller) = (max(first.logWeight, second.logWeight), min(first.logWeight, second.logWeight))
    return Stretch(
      near: first.near, far: second.far,
      momentumSum: sum(first.momentumSum, second.momentumSum),
      logWeight: larger + log1p(exp(smaller - larger)), proposal: first.proposal)
  }

  /// True if `both` halves together, or either with the nearest point of the other, have turned back.
  func turns(_ first: Stretch, _ second: Stretch, _ both: Stretch) -> Bool {
    func turned(_ one: PhasePoint, _ other: PhasePoint, along sum: [Double]) -> Bool {
      metric.progress(of: one.momentum, along: sum) <= 0
        || metric.progress(of: other.momentum, along: sum) <= 0
    }
    return turned(both.near, both.far, along: both.momentumSum)
      || turned(first.near, second.near, along: sum(first.momentumSum, second.near.momentum))
      || turned(first.far, second.far, along: sum(second.momentumSum, first.far.momentum))
  }

  private func sum(_ a: [Double], _ b: [Double]) -> [Double] {
    var sum = a
    for i in a.indices { sum[i] += b[i] }
    return sum
  }
}
