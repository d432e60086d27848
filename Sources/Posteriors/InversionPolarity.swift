public import Acquisitions
internal import LaneMath
internal import SignalModels

/// How many of the earliest values of a magnitude inversion recovery were negative before the magnitude was taken.
///
/// For each k = 0 … N the first k values (by inversion time) are made negative and A − B e^(−TI/T1) is taken for Gaussian,
/// with A, B flat, p(σ) = 1/σ and log T1 normal. A fast approximation to what the Rician likelihood does without a
/// decision; k = 0 and k = N are one fit mirrored.
public struct InversionPolarity: Sendable {
  /// log ∫ p(log T1) m(signed values | T1) d log T1 for k = 0 … N, without the prior's constant.
  public let logMarginals: [Double]

  /// P(k | magnitudes) for k = 0 … N under equal prior probabilities.
  public var probabilities: [Double] {
    let peak = logMarginals.max() ?? 0
    let relative = logMarginals.map { Double.exp($0 - peak) }
    let total = relative.reduce(0, +)
    return relative.map { $0 / total }
  }

  /// The most probable k.
  public var negativeCount: Int {
    logMarginals.indices.max { logMarginals[$0] < logMarginals[$1] } ?? 0
  }

  /// The polarities of `magnitudes` at `times` under log T1 ~ N(mean, deviation), T1 in s, by the trapezium rule on
  /// ±5 deviations.
  public init(
    magnitudes: [Double], times: [InversionTime], priorMean mean: Double, priorDeviation deviation: Double,
    nodeCount: Int = 2000
  ) {
    let order = times.indices.sorted { times[$0].seconds < times[$1].seconds }
    let averages = [Double](repeating: 1, count: times.count)
    let shape = OffsetShape(
      MagnetizationRecovery(inversionTimes: times, fixedInversion: 1), averages: averages)
    let prior = NormalPrior<Lane8>(means: [mean], standardDeviations: [deviation])
    // log |X'X| has the factor N of the constant besides that of the deviations.
    let constant = -0.5 * Double.log(Double(times.count))
    let step = 10 * deviation / Double(nodeCount)
    logMarginals = (0...times.count).map { negative in
      var signed = magnitudes
      for index in order.prefix(negative) { signed[index] = -signed[index] }
      var posterior = AmplitudeMarginalPosterior(
        shape, signals: signed.map { Lane8($0) }, averages: averages,
        noise: .pooled(pseudoObservations: 0, variance: 1), prior: prior)
      var logs: [Double] = []
      for start in stride(from: 0, through: nodeCount, by: 8) {
        let places = Lane8((start..<start + 8).map { mean - 5 * deviation + step * Double($0) })
        logs += posterior.logDensity(at: [places]).array
      }
      logs.removeLast(logs.count - nodeCount - 1)
      let peak = logs.max() ?? 0
      let ends = 0.5 * (Double.exp(logs[0] - peak) + Double.exp(logs[nodeCount] - peak))
      let sum = logs.dropFirst().dropLast().reduce(ends) { $0 + Double.exp($1 - peak) }
      return peak + Double.log(step * sum) + constant
    }
  }
}
