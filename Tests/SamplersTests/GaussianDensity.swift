import Foundation
import InferenceCore
import LaneMath

/// A Gaussian with equal correlations between all coordinates: everything about it is known.
struct GaussianDensity<L: Lane>: LaneLogDensity {
  let centre: [Double]
  let deviations: [Double]
  /// Packed lower triangle.
  let precision: [Double]
  /// log ∫ exp(log density).
  let logMass: Double
  var byproducts: [L] { [] }

  init(dimension n: Int, correlation r: Double, lanes: L.Type = Double.self) {
    let centre = (0..<n).map { 3 - Double($0) }
    let deviations = (0..<n).map { pow(10, Double($0) - 1) }
    self.centre = centre
    self.deviations = deviations
    // The inverse of (1 − r) I + r 11ᵀ is (I − r/(1 + (n−1) r) 11ᵀ)/(1 − r).
    let shared = r / (1 + Double(n - 1) * r)
    precision = (0..<n).flatMap { row in
      (0...row).map { column in
        ((row == column ? 1 : 0) - shared) / ((1 - r) * deviations[row] * deviations[column])
      }
    }
    let logDeterminant =
      Double(n - 1) * log(1 - r) + log(1 + Double(n - 1) * r) + 2 * deviations.map { log($0) }.reduce(0, +)
    logMass = 0.5 * (Double(n) * log(2 * .pi) + logDeterminant)
  }

  var dimension: Int { centre.count }

  mutating func logDensity(at position: [L]) -> L {
    var gradient = position
    var information = precision.map { L($0) }
    return expand(at: position, gradient: &gradient, information: &information)
  }

  mutating func expand(at position: [L], gradient: inout [L], information: inout [L]) -> L {
    var sum = L(0)
    for row in 0..<dimension {
      var slope = L(0)
      for column in 0..<dimension {
        let p = precision[packedIndex(max(row, column), min(row, column))]
        slope -= p * (position[column] - L(centre[column]))
      }
      gradient[row] = slope
      sum += 0.5 * (slope * (position[row] - L(centre[row])))
    }
    information = precision.map { L($0) }
    return sum
  }
}
