public import InferenceCore
internal import LaneMath

/// Mean and covariance of a population's coordinates (`FieldPrior.coordinates`) over the warm-up.
@usableFromInline
struct PopulationMoments: Sendable {
  @usableFromInline var count = 0.0
  @usableFromInline var mean: [Double]
  /// Packed lower triangle.
  @usableFromInline var scatter: [Double]

  @usableFromInline
  init(dimension: Int) {
    mean = [Double](repeating: 0, count: dimension)
    scatter = [Double](repeating: 0, count: packedIndex(dimension, 0))
  }

  @usableFromInline
  mutating func transfer(through archive: inout StateArchive) {
    archive.transfer(&count)
    archive.transfer(&mean)
    archive.transfer(&scatter)
  }

  /// Counts `values`, unless one of them has left the range of numbers.
  @usableFromInline
  mutating func add(_ values: [Double]) {
    guard values.allSatisfy(\.isFinite) else { return }
    count += 1
    let deviations = values.indices.map { values[$0] - mean[$0] }
    for k in values.indices { mean[k] += deviations[k] / count }
    for i in values.indices {
      for j in 0...i { scatter[packedIndex(i, j)] += deviations[i] * (values[j] - mean[j]) }
    }
  }

  /// Adds what `other` has seen (Chan, Golub and LeVeque 1983, doi:10.1080/00031305.1983.10483115).
  @usableFromInline
  mutating func pool(_ other: PopulationMoments) {
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

  /// The Cholesky factor of the covariance, packed; nil if too little was seen.
  ///
  /// Draws of the warm-up are worth a twentieth of independent ones: SDs they tell well enough, correlations are drawn to 0.
  @usableFromInline
  var factor: [Double]? {
    let n = mean.count
    guard count > 10 * Double(n) else { return nil }
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
    return covariance
  }
}

extension FieldPrior {
  /// A diagonal factor for chains that have seen nothing yet, packed.
  @usableFromInline
  var firstFactor: [Double] {
    var deviations: [Double] = []
    for (row, axis) in axes.enumerated() {
      if structure != .intrinsic { deviations.append(0.3 * axis.spread.typicalValue) }
      deviations += [Double](repeating: 0.3, count: row + 1)
      if structure == .leroux { deviations.append(0.4) }
    }
    var factor = [Double](repeating: 0, count: packedIndex(deviations.count, 0))
    for (k, deviation) in deviations.enumerated() { factor[packedIndex(k, k)] = deviation }
    return factor
  }
}
