public import InferenceCore
public import LaneMath

/// The proposal of one row of the population: μ_k, τ_k, partial correlations and λ_k on axes where their prior is normal or
/// nearly so (`FieldPrior.coordinates`).
///
/// Two kinds in turn: a random walk, whose size is led to an acceptance of 0.3, and an autoregression about the mean m,
/// x' = m + ρ(x − m) + √(1 − ρ²) ε, reversible with respect to N(m, S), which goes farther where the posterior is nearly
/// normal. m and S are learned in the warm-up (Haario, Saksman and Tamminen 2001, doi:10.2307/3318737) and frozen after it.
public struct FieldTransport: Sendable {
  @usableFromInline let row: Int
  /// The Cholesky factor of the proposal's covariance, packed.
  @usableFromInline var factor: [Double]
  @usableFromInline var logScale = 0.0
  /// The centre of the autoregression; nil until one is known.
  @usableFromInline var centre: [Double]?
  @usableFromInline var isWalk = true
  /// ρ.
  @usableFromInline static var persistence: Double { 0.5 }
  @usableFromInline var step: [Double]
  /// Moments of the rows seen in the warm-up.
  @usableFromInline var count = 0.0
  @usableFromInline var mean: [Double]
  @usableFromInline var scatter: [Double]
  /// Proposals made.
  public var tried = 0
  /// Proposals accepted.
  public var accepted = 0
  /// Whether the last one was.
  @usableFromInline var wasAccepted = false

  @usableFromInline
  init(row: Int, prior: FieldPrior) {
    self.row = row
    let spread = prior.axes[row].spread.typicalValue
    var deviations = (prior.structure != .intrinsic ? [0.3 * spread] : []) + [0.3]
    deviations += [Double](repeating: 0.3, count: row)
    if prior.structure == .leroux { deviations.append(0.4) }
    let n = deviations.count
    factor = [Double](repeating: 0, count: packedIndex(n, 0))
    for k in 0..<n { factor[packedIndex(k, k)] = deviations[k] }
    step = [Double](repeating: 0, count: n)
    mean = step
    scatter = [Double](repeating: 0, count: packedIndex(n, 0))
    logScale = Double.log(2.38 / Double(n).squareRoot())
  }

  /// A proposal from the row's current `coordinates`, and what its asymmetry adds to the log ratio.
  @usableFromInline
  mutating func propose(from coordinates: [Double], using random: inout LaneRandom<Double>)
    -> (coordinates: [Double], correction: Double)
  {
    tried += 1
    wasAccepted = false
    isWalk = centre == nil || !isWalk
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
    // In y = C⁻¹(x − m): y' = ρ y + √(1 − ρ²) ε, and the ratio of N(0, I) between y and y'.
    let rho = Self.persistence
    let rest = (1 - rho * rho).squareRoot()
    var (old, values) = (coordinates, centre)
    var correction = 0.0
    for i in 0..<n {
      var sum = coordinates[i] - centre[i]
      for j in 0..<i { sum -= factor[packedIndex(i, j)] * old[j] }
      old[i] = sum / factor[packedIndex(i, i)]
      step[i] = rho * old[i] + rest * step[i]
      correction += 0.5 * (step[i] * step[i] - old[i] * old[i])
    }
    for i in 0..<n {
      for j in 0...i { values[i] += factor[packedIndex(i, j)] * step[j] }
    }
    return (values, correction)
  }

  /// Learns from the current coordinates of the row; `time` counts the proposals of the warm-up.
  @usableFromInline
  mutating func learn(_ values: [Double], time: Int) {
    let gain = min(0.5, 3 / Double.exp(0.6 * Double.log(Double(time + 1))))
    if isWalk { logScale += gain * ((wasAccepted ? 1 : 0) - 0.3) }
    count += 1
    let deviations = values.indices.map { values[$0] - mean[$0] }
    for k in values.indices { mean[k] += deviations[k] / count }
    for i in values.indices {
      for j in 0...i { scatter[packedIndex(i, j)] += deviations[i] * (values[j] - mean[j]) }
    }
  }

  /// Takes over the covariance of what was seen since the last time, if that was enough.
  @usableFromInline
  mutating func adapt() {
    let n = step.count
    defer {
      count = 0
      mean = [Double](repeating: 0, count: n)
      scatter = [Double](repeating: 0, count: scatter.count)
    }
    guard count > 10 * Double(n) else { return }
    // Draws of the warm-up are worth a fiftieth of independent ones: SDs they tell well enough, correlations are drawn to 0.
    let worth = 0.02 * count
    let weight = worth / (worth + 4)
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
}
