public import InferenceCore
public import LaneMath

/// A normal prior on the coordinates η of a voxel, one in each lane: mean and packed precision matrix.
public struct NormalPrior<L: Lane>: Sendable {
  /// The prior means, one for each coordinate.
  public var mean: [L]
  /// The precision (inverse covariance) as a packed lower triangle.
  public var precision: [L]

  /// Independent coordinates with these means and standard deviations, the same in every lane.
  @inlinable
  public init(means: [Double], standardDeviations: [Double]) {
    precondition(means.count == standardDeviations.count, "one standard deviation for each mean")
    mean = means.map { L($0) }
    precision = [L](repeating: 0, count: packedIndex(means.count, 0))
    for (k, sd) in standardDeviations.enumerated() { precision[packedIndex(k, k)] = L(1 / (sd * sd)) }
  }

  /// No prior of `count` coordinates: density 1 everywhere.
  @inlinable
  public static func flat(count: Int) -> NormalPrior {
    NormalPrior(
      means: [Double](repeating: 0, count: count),
      standardDeviations: [Double](repeating: .infinity, count: count))
  }

  /// −½ (η − μ)ᵀ P (η − μ), the log density up to its constant.
  @inlinable
  public func logDensity(at eta: [L]) -> L {
    var sum = L(0)
    for row in 0..<mean.count {
      let deviation = eta[row] - mean[row]
      var inner = 0.5 * (precision[packedIndex(row, row)] * deviation)
      for column in 0..<row { inner += precision[packedIndex(row, column)] * (eta[column] - mean[column]) }
      sum += deviation * inner
    }
    return -sum
  }

  /// Adds −P (η − μ) to `gradient` and P to `information`.
  @inlinable
  func addExpansion(at eta: [L], gradient: inout [L], information: inout [L]) {
    for k in precision.indices { information[k] += precision[k] }
    addGradient(at: eta, to: &gradient)
  }

  /// Adds −P (η − μ) to `gradient`.
  @inlinable
  func addGradient(at eta: [L], to gradient: inout [L]) {
    for row in 0..<mean.count {
      for column in 0...row {
        let p = precision[packedIndex(row, column)]
        gradient[row] -= p * (eta[column] - mean[column])
        if column < row { gradient[column] -= p * (eta[row] - mean[row]) }
      }
    }
  }
}
