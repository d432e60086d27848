internal import Foundation
internal import Lesions

/// What a model says of one new measurement, draw by draw: its density, and the first two moments over the
/// true features x of p(effective | x, θ).
///
/// Each draw θ of the cohort's posterior is weighted by its predictive density of the measurement, because
/// seeing the measurement changes what is known of θ too. With these weights the means average to the printed
/// probability; with equal weights they would not.
struct PredictiveMoments {
  /// log p(measurement | θ), up to a constant common to all draws.
  var logWeights: [Double] = []
  /// p(effective | measurement, θ), the mean of p(effective | x, θ) over x.
  var means: [Double] = []
  /// The mean of p(effective | x, θ)² over x.
  var secondMoments: [Double] = []

  mutating func append(logWeight: Double, mean: Double, secondMoment: Double) {
    logWeights.append(logWeight)
    means.append(mean)
    // p² lies between (E p)² and E p; quadrature may leave that range by a rounding.
    secondMoments.append(min(max(secondMoment, mean * mean), mean))
  }

  /// The weights, summing to one.
  var weights: [Double] {
    let largest = logWeights.max() ?? 0
    let raw = logWeights.map { exp($0 - largest) }
    let total = raw.reduce(0, +)
    return raw.map { $0 / total }
  }

  /// The prediction, but for what needs draws of x or the two groups.
  func prediction(ifKnown: Interval, bayesFactor: Double) -> EfficacyPrediction {
    let weights = weights
    let probability = zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 }
    let within = zip(weights, zip(secondMoments, means)).reduce(0) { $0 + $1.0 * ($1.1.0 - $1.1.1 * $1.1.1) }
    let between = zip(weights, means).reduce(0) { $0 + $1.0 * ($1.1 - probability) * ($1.1 - probability) }
    let total = within + between
    return EfficacyPrediction(
      probability: probability,
      modelInterval: Interval(
        lower: WeightedDraws(means, weights: weights).quantile(0.05),
        upper: WeightedDraws(means, weights: weights).quantile(0.95)),
      ifKnown: ifKnown, bayesFactor: bayesFactor, imagingShare: within / total, cohortShare: between / total,
      standardDeviation: total.squareRoot())
  }
}

/// Draws of unequal weight, sorted for quantiles and for resampling.
struct WeightedDraws {
  private let order: [Int]
  private let values: [Double]
  /// The weight of all draws up to each place of `order`, the last being 1.
  private let cumulative: [Double]

  init(_ values: [Double], weights: [Double]) {
    self.values = values
    order = values.indices.sorted { values[$0] < values[$1] }
    var sum = 0.0
    let running = order.map { index in
      sum += weights[index]
      return sum
    }
    cumulative = running.map { $0 / sum }
  }

  /// The smallest draw with at least `probability` of the weight at or below it.
  func quantile(_ probability: Double) -> Double { values[index(at: probability)] }

  /// The index, in the original order, of the draw that holds the share `probability` of the weight.
  func index(at probability: Double) -> Int {
    var (low, high) = (0, order.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] < probability { low = middle + 1 } else { high = middle }
    }
    return order[low]
  }
}
