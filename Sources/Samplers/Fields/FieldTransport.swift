public import InferenceCore
public import LaneMath

/// The proposal of a population: means, spreads, partial correlations and dependences on axes where their prior is normal or
/// nearly so (`FieldPrior.coordinates`).
///
/// Two kinds in turn: a random walk, whose size is led to an acceptance of 0.25, and an autoregression about the mean m,
/// x' = m + ρ(x − m) + √(1 − ρ²) ε, reversible with respect to N(m, S), which goes farther where the posterior is nearly
/// normal; ρ is drawn anew each time. S is a little wider than what was seen, as proposals that do not depend on the current
/// place get stuck in tails that are heavier than theirs. m and S are learned in the warm-up (Haario, Saksman and Tamminen 2001,
/// doi:10.2307/3318737), from all chains together if they warm up together, and frozen after it.
public struct FieldTransport: Sendable {
  /// The Cholesky factor of the proposal's covariance, packed.
  @usableFromInline var factor: [Double]
  @usableFromInline var logScale: Double
  /// The centre of the autoregression; nil until one is known.
  @usableFromInline var centre: [Double]?
  @usableFromInline var isWalk = true
  @usableFromInline var turn = 0
  /// Every how many proposals one is a random walk.
  @usableFromInline static var walkPeriod: Int { 2 }
  /// The width of the autoregression's normal distribution in SDs of the population in the warm-up.
  @usableFromInline static var inflation: Double { 1.2 }
  @usableFromInline var step: [Double]
  /// Moments of the populations seen in the warm-up.
  @usableFromInline var count = 0.0
  @usableFromInline var mean: [Double]
  @usableFromInline var scatter: [Double]
  /// Random walks and autoregressions made.
  public var tried = [0, 0]
  /// And accepted.
  public var accepted = [0, 0]
  /// Whether the last one was.
  @usableFromInline var wasAccepted = false

  @usableFromInline
  init(prior: FieldPrior) {
    var deviations: [Double] = []
    for (row, axis) in prior.axes.enumerated() {
      if prior.structure != .intrinsic { deviations.append(0.3 * axis.spread.typicalValue) }
      deviations.append(0.3)
      deviations += [Double](repeating: 0.3, count: row)
      if prior.structure == .leroux { deviations.append(0.4) }
    }
    let n = deviations.count
    factor = [Double](repeating: 0, count: packedIndex(n, 0))
    for k in 0..<n { factor[packedIndex(k, k)] = deviations[k] }
    step = [Double](repeating: 0, count: n)
    mean = step
    scatter = [Double](repeating: 0, count: packedIndex(n, 0))
    logScale = Double.log(2.38 / Double(n).squareRoot())
  }

  /// A proposal from the current `coordinates`, and what its asymmetry adds to the log ratio.
  @usableFromInline
  mutating func propose(from coordinates: [Double], using random: inout LaneRandom<Double>)
    -> (coordinates: [Double], correction: Double)
  {
    turn += 1
    wasAccepted = false
    isWalk = centre == nil || turn % Self.walkPeriod == 0
    tried[isWalk ? 0 : 1] += 1
    let n = step.count
    for k in 0..<n { step[k] = random.normalPair().0 }
    guard !isWalk, let centre else {
      let scale = Double.exp(logScale)
      var values = coordinates
      for i in 0..<n {
        for j in 0...i { values[i] += factor[packedIndex(i, j)] * (scale * step[j]) }
      }
      return (values, 0)
    }
    // In y = C⁻¹(x − m), C the widened factor: y' = ρ y + √(1 − ρ²) ε, and the ratio of N(0, I) between y and y'.
    let rho = random.uniform()
    let rest = (1 - rho * rho).squareRoot()
    var (old, values) = (coordinates, centre)
    var correction = 0.0
    for i in 0..<n {
      var sum = coordinates[i] - centre[i]
      for j in 0..<i { sum -= factor[packedIndex(i, j)] * (Self.inflation * old[j]) }
      old[i] = sum / (Self.inflation * factor[packedIndex(i, i)])
      step[i] = rho * old[i] + rest * step[i]
      correction += 0.5 * (step[i] * step[i] - old[i] * old[i])
    }
    for i in 0..<n {
      for j in 0...i { values[i] += factor[packedIndex(i, j)] * (Self.inflation * step[j]) }
    }
    return (values, correction)
  }

  /// Notes that the last proposal was accepted.
  @usableFromInline
  mutating func accept() {
    accepted[isWalk ? 0 : 1] += 1
    wasAccepted = true
  }

  /// Learns from the current coordinates; `time` counts the proposals since the last adaptation.
  @usableFromInline
  mutating func learn(_ values: [Double], time: Int) {
    let gain = min(0.5, 3 / Double.exp(0.6 * Double.log(Double(time + 1))))
    if isWalk { logScale += gain * ((wasAccepted ? 1 : 0) - 0.25) }
    count += 1
    let deviations = values.indices.map { values[$0] - mean[$0] }
    for k in values.indices { mean[k] += deviations[k] / count }
    for i in values.indices {
      for j in 0...i { scatter[packedIndex(i, j)] += deviations[i] * (values[j] - mean[j]) }
    }
  }

  /// Adds the moments that `other` has seen (Chan, Golub and LeVeque 1983, doi:10.1080/00031305.1983.10483115).
  @usableFromInline
  mutating func pool(_ other: FieldTransport) {
    let total = count + other.count
    guard other.count > 0 else { return }
    let deviations = mean.indices.map { other.mean[$0] - mean[$0] }
    for i in mean.indices {
      for j in 0...i {
        scatter[packedIndex(i, j)] +=
          other.scatter[packedIndex(i, j)] + deviations[i] * deviations[j] * (count * other.count / total)
      }
    }
    for k in mean.indices { mean[k] += deviations[k] * (other.count / total) }
    count = total
  }

  /// Takes over the mean and covariance of what was seen since the last time, if that was enough.
  @usableFromInline
  mutating func adapt() {
    let n = step.count
    defer {
      count = 0
      mean = [Double](repeating: 0, count: n)
      scatter = [Double](repeating: 0, count: scatter.count)
    }
    guard count > 10 * Double(n) else { return }
    // Draws of the warm-up are worth a twentieth of independent ones: SDs they tell well enough, correlations are drawn to 0.
    let worth = 0.05 * count
    let weight = worth / (worth + Double(n))
    let deviations = (0..<n).map { (scatter[packedIndex($0, $0)] / (count - 1) + 1e-8).squareRoot() }
    var covariance = scatter
    for i in 0..<n {
      for j in 0...i {
        let place = packedIndex(i, j)
        let share = i == j ? 1 : weight * scatter[place] / ((count - 1) * deviations[i] * deviations[j])
        covariance[place] = share * deviations[i] * deviations[j]
      }
    }
    LaneCholesky.factor(&covariance, dimension: n)
    factor = covariance
    centre = mean
    logScale = Double.log(2.38 / Double(n).squareRoot())
  }

  /// Sets the counts of proposals to zero.
  @usableFromInline
  mutating func forgetCounts() {
    tried = [0, 0]
    accepted = [0, 0]
  }
}
