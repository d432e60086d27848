public import InferenceCore
public import LaneMath

/// The proposal of one row of the population: (μ_k, log τ_k, atanh of partial correlations, logit λ_k) by a random walk.
///
/// Its covariance is learned in the warm-up (Haario, Saksman and Tamminen 2001, doi:10.2307/3318737), its size is led to an
/// acceptance of 0.3; both are frozen afterwards.
public struct FieldTransport: Sendable {
  @usableFromInline let row: Int
  @usableFromInline let structure: FieldPrior.Structure
  /// Whether μ_k is a coordinate.
  @usableFromInline let hasMean: Bool
  /// The Cholesky factor of the proposal's covariance, packed.
  @usableFromInline var factor: [Double]
  @usableFromInline var logScale = 0.0
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
    structure = prior.structure
    hasMean = prior.structure != .intrinsic
    let spread = prior.axes[row].spread.typicalValue
    var deviations = (hasMean ? [0.3 * spread] : []) + [0.3]
    deviations += [Double](repeating: 0.3, count: row)
    if prior.structure == .leroux { deviations.append(0.7) }
    let n = deviations.count
    factor = [Double](repeating: 0, count: packedIndex(n, 0))
    for k in 0..<n { factor[packedIndex(k, k)] = deviations[k] }
    step = [Double](repeating: 0, count: n)
    mean = step
    scatter = [Double](repeating: 0, count: packedIndex(n, 0))
    logScale = Double.log(2.38 / Double(n).squareRoot())
  }

  /// The row's coordinates.
  @usableFromInline
  func coordinates(_ hyper: FieldHyperparameters) -> [Double] {
    var values = hasMean ? [hyper.mean[row]] : []
    values.append(Double.log(hyper.spread[row]))
    for j in 0..<row { values.append(hyperbolicArctangent(hyper.partial[strictIndex(row, j)])) }
    if structure == .leroux { values.append(logit(hyper.dependence[row])) }
    return values
  }

  /// `hyper` with a proposal for the row; nil where it runs out of numbers.
  @usableFromInline
  mutating func propose(from hyper: FieldHyperparameters, using random: inout LaneRandom<Double>)
    -> FieldHyperparameters?
  {
    tried += 1
    wasAccepted = false
    let n = step.count
    for k in 0..<n { step[k] = Double.exp(logScale) * random.normalPair().0 }
    var values = coordinates(hyper)
    for i in 0..<n {
      for j in 0...i { values[i] += factor[packedIndex(i, j)] * step[j] }
    }
    guard values.dropFirst(hasMean ? 1 : 0).allSatisfy({ abs($0) < 18 }) else { return nil }
    var new = hyper
    var place = 0
    if hasMean {
      new.mean[row] = values[0]
      place = 1
    }
    new.spread[row] = Double.exp(values[place])
    for j in 0..<row { new.partial[strictIndex(row, j)] = hyperbolicTangent(values[place + 1 + j]) }
    if structure == .leroux { new.dependence[row] = Double.logistic(values[n - 1]) }
    return new
  }

  /// Learns from the current row; `time` counts the proposals of the warm-up.
  @usableFromInline
  mutating func learn(_ hyper: FieldHyperparameters, time: Int) {
    let gain = min(0.5, 3 / Double.exp(0.6 * Double.log(Double(time + 1))))
    logScale += gain * ((wasAccepted ? 1 : 0) - 0.3)
    count += 1
    let values = coordinates(hyper)
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
    var covariance = scatter.map { $0 / (count - 1) }
    // As from some earlier draws with the old covariance.
    let weight = count / (count + 5 * Double(n))
    for i in 0..<n {
      for j in 0...i {
        let old = (0...j).reduce(0) { $0 + factor[packedIndex(i, $1)] * factor[packedIndex(j, $1)] }
        let place = packedIndex(i, j)
        covariance[place] = weight * covariance[place] + (i == j ? (1 - weight) * min(old, 1e-2) : 0)
      }
    }
    LaneCholesky.factor(&covariance, dimension: n)
    factor = covariance
    logScale = Double.log(2.38 / Double(n).squareRoot())
  }
}
