public import InferenceCore

/// The population of a field: means, spreads, correlations and dependences.
public struct FieldHyperparameters: Sendable, Equatable {
  /// μ, one for each coordinate.
  public var mean: [Double]
  /// τ: the spread of each coordinate.
  public var spread: [Double]
  /// Canonical partial correlations, packed strict lower triangle: (1,0), (2,0), (2,1), ….
  public var partial: [Double]
  /// λ: the dependence between neighbours of each coordinate.
  public var dependence: [Double]

  /// These hyperparameters.
  public init(mean: [Double], spread: [Double], partial: [Double], dependence: [Double]) {
    self.mean = mean
    self.spread = spread
    self.partial = partial
    self.dependence = dependence
  }

  @usableFromInline
  mutating func transfer(through archive: inout StateArchive) {
    archive.transfer(&mean)
    archive.transfer(&spread)
    archive.transfer(&partial)
    archive.transfer(&dependence)
  }

  /// p, the number of coordinates.
  @inlinable
  public var dimension: Int { mean.count }

  /// Row `k` of L = diag(τ) chol(Ω): L_kj = τ_k z_kj √Π_{l<j}(1 − z_kl²), L_kk = τ_k √Π(1 − z_kl²).
  @usableFromInline
  func writeFactorRow(_ k: Int, into factor: inout [Double]) {
    var rest = 1.0
    for j in 0..<k {
      let z = partial[strictIndex(k, j)]
      factor[packedIndex(k, j)] = spread[k] * z * rest.squareRoot()
      rest *= 1 - z * z
    }
    factor[packedIndex(k, k)] = spread[k] * rest.squareRoot()
  }

  /// L as a packed lower triangle.
  public var factor: [Double] {
    var factor = [Double](repeating: 0, count: packedIndex(dimension, 0))
    for k in 0..<dimension { writeFactorRow(k, into: &factor) }
    return factor
  }

  /// Ω, as a packed strict lower triangle.
  public var correlations: [Double] {
    let factor = factor
    return (0..<dimension).flatMap { i in
      (0..<i).map { j in
        (0...j).reduce(0) { $0 + factor[packedIndex(i, $1)] * factor[packedIndex(j, $1)] }
          / (spread[i] * spread[j])
      }
    }
  }
}

/// The inverse of a packed lower triangle.
@usableFromInline
func packedInverse(_ factor: [Double], dimension p: Int) -> [Double] {
  var inverse = factor
  invert(factor, dimension: p, into: &inverse)
  return inverse
}

/// Writes the inverse of a packed lower triangle to `inverse`.
@usableFromInline
func invert(_ factor: [Double], dimension p: Int, into inverse: inout [Double]) {
  for column in 0..<p {
    inverse[packedIndex(column, column)] = 1 / factor[packedIndex(column, column)]
    for row in column + 1..<max(column + 1, p) {
      var sum = 0.0
      for k in column..<row { sum += factor[packedIndex(row, k)] * inverse[packedIndex(k, column)] }
      inverse[packedIndex(row, column)] = -sum / factor[packedIndex(row, row)]
    }
  }
}
