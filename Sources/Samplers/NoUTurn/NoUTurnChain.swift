internal import Foundation
public import GSLSupport
public import InferenceCore

/// One chain of the no-U-turn sampler: a position, a metric, a step size and a stream of random numbers.
public struct NoUTurnChain<Density: DifferentiableLogDensity>: ~Copyable {
  private let density: Density
  private let sampler: NoUTurnSampler
  private var random: RandomStream
  private var current: PhasePoint
  private var metric: DiagonalMetric

  /// ε of the next transition.
  public internal(set) var stepSize: Double

  /// The current position.
  public var position: [Double] { current.position }
  /// The variances of the metric, one for each coordinate; 1 before warm-up.
  public var variances: [Double] { metric.variances }

  /// A chain on `density` that starts at `position` with the unit metric.
  ///
  /// - Throws: `.outsideSupport` if the density is zero or not finite at the start, `.unusable` from the density.
  public init(
    on density: Density, from position: [Double], sampler: NoUTurnSampler = NoUTurnSampler(),
    random: consuming RandomStream
  ) throws(LogDensityError) {
    precondition(position.count == density.dimension, "\(position.count) coordinates of \(density.dimension)")
    let start = try PhasePoint(at: position, of: density)
    guard start.logDensity.isFinite, start.gradient.allSatisfy(\.isFinite) else { throw .outsideSupport }
    let metric = DiagonalMetric(variances: [Double](repeating: 1, count: position.count))
    self.density = density
    self.sampler = sampler
    self.random = random
    current = start
    self.metric = metric
    stepSize = 1
  }

  /// Learns step size and metric in `count` transitions, then freezes both.
  ///
  /// - Throws: `.unusable` from the density.
  public mutating func warmUp(_ count: Int) throws(LogDensityError) {
    guard count > 0 else { return }
    let schedule = WarmupSchedule(count: count)
    try findStepSize()
    var averaging = DualAveraging(target: sampler.targetAcceptance, stepSize: stepSize)
    var variance = RunningVariance(dimension: density.dimension)
    for index in 0..<count {
      stepSize = averaging.stepSize
      averaging.learn(acceptance: try step().acceptance)
      guard let window = schedule.windows.first(where: { $0.contains(index) }) else { continue }
      variance.add(position)
      if index == window.upperBound - 1 {
        metric.variances = variance.regularised
        variance = RunningVariance(dimension: density.dimension)
        stepSize = averaging.stepSize
        try findStepSize()
        averaging = DualAveraging(target: sampler.targetAcceptance, stepSize: stepSize)
      }
    }
    stepSize = averaging.finalStepSize
  }

  /// Makes one transition and says what happened.
  ///
  /// - Throws: `.unusable` from the density; leaving the support is a divergence, not an error.
  @discardableResult
  public mutating func step() throws(LogDensityError) -> NoUTurnStatistics {
    current.momentum = metric.momentum(using: &random)
    let energy = current.energy(metric)
    var trajectory = Trajectory(
      of: density, metric: metric, stepSize: stepSize, startEnergy: energy, energyLimit: sampler.energyLimit)
    // The trajectory so far, `near` its backward end and `far` its forward end.
    var whole = Stretch(
      near: current, far: current, momentumSum: current.momentum, logWeight: 0, proposal: current)
    var depth = 0
    while depth < sampler.maximumTreeDepth {
      let forwards = random.uniform() > 0.5
      let end = forwards ? whole.far : whole.near
      guard
        let grown = try trajectory.stretch(depth: depth, beyond: end, forwards: forwards, using: &random)
      else { break }
      depth += 1
      let old = forwards ? whole : reversed(whole)
      var both = trajectory.joined(old, grown)
      // Between doublings the choice leans to the new half: min(1, ratio of weights) (Betancourt 2017, A.3.2).
      if log(random.uniformPositive()) < grown.logWeight - old.logWeight { both.proposal = grown.proposal }
      let isTurning = trajectory.turns(old, grown, both)
      whole = forwards ? both : reversed(both)
      if isTurning { break }
    }
    current = whole.proposal
    return NoUTurnStatistics(
      acceptance: trajectory.acceptanceSum / Double(max(1, trajectory.leapfrogCount)), treeDepth: depth,
      leapfrogCount: trajectory.leapfrogCount, isDivergent: trajectory.isDivergent, energy: energy,
      stepSize: stepSize, logDensity: current.logDensity)
  }

  /// The same stretch with its ends exchanged.
  private func reversed(_ stretch: Stretch) -> Stretch {
    var reversed = stretch
    (reversed.near, reversed.far) = (stretch.far, stretch.near)
    return reversed
  }

  /// Doubles or halves ε until one leapfrog step crosses an acceptance of 0.8 (Hoffman and Gelman 2014, algorithm 4;
  /// 0.8 as in Stan).
  private mutating func findStepSize() throws(LogDensityError) {
    let threshold = log(0.8)
    var direction = 0.0
    // 2^±60 covers every scale that double precision can resolve.
    for _ in 0..<60 {
      var trial = current
      trial.momentum = metric.momentum(using: &random)
      let before = trial.energy(metric)
      try trial.leap(stepSize, metric: metric, of: density)
      let side: Double = before - trial.energy(metric) > threshold ? 1 : -1
      if direction == 0 { direction = side }
      if side != direction { return }
      stepSize *= direction > 0 ? 2 : 0.5
    }
  }
}
