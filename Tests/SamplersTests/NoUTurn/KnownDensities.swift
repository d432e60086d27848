import Foundation
import InferenceCore

/// N(0, Σ) with Σ_ij = s_i s_j φ^|i − j|: neighbours correlate by φ, scales differ.
struct CorrelatedNormal: DifferentiableLogDensity {
  let scales: [Double]
  let phi: Double
  /// A fault to plant: the gradient is multiplied by it.
  var gradientFactor = 1.0

  var dimension: Int { scales.count }

  /// log p = −½ Σ (z_i − φ z_(i−1))² / (1 − φ²) with z = x / s, the first term z_0² alone.
  func logDensity(at x: [Double]) throws(LogDensityError) -> Double {
    var gradient = x
    return try logDensity(at: x, gradient: &gradient)
  }

  func logDensity(at x: [Double], gradient: inout [Double]) throws(LogDensityError) -> Double {
    let z = zip(x, scales).map { $0 / $1 }
    let rest = 1 - phi * phi
    var sum = z[0] * z[0]
    var slope = [Double](repeating: 0, count: z.count)
    slope[0] = -z[0]
    for i in z.indices.dropFirst() {
      let step = z[i] - phi * z[i - 1]
      sum += step * step / rest
      slope[i] -= step / rest
      slope[i - 1] += phi * step / rest
    }
    gradient = zip(slope, scales).map { gradientFactor * $0 / $1 }
    return -0.5 * sum
  }
}

/// Neal's funnel: v ~ N(0, 3), x_i ~ N(0, e^(v/2)), i = 1 … 9 (Neal 2003, section 8).
struct Funnel: DifferentiableLogDensity {
  var dimension: Int { 10 }

  func logDensity(at x: [Double]) throws(LogDensityError) -> Double {
    var gradient = x
    return try logDensity(at: x, gradient: &gradient)
  }

  func logDensity(at x: [Double], gradient: inout [Double]) throws(LogDensityError) -> Double {
    let v = x[0]
    let squares = x.dropFirst().reduce(0) { $0 + $1 * $1 }
    gradient[0] = -v / 9 - 4.5 + 0.5 * squares * exp(-v)
    for i in 1..<10 { gradient[i] = -x[i] * exp(-v) }
    return -v * v / 18 - 4.5 * v - 0.5 * squares * exp(-v)
  }
}

/// x ~ Exp(1): zero density below 0, which the sampler must survive.
struct Exponential: DifferentiableLogDensity {
  var dimension: Int { 1 }

  func logDensity(at x: [Double]) throws(LogDensityError) -> Double {
    if x[0] < 0 { throw .outsideSupport }
    return -x[0]
  }

  func logDensity(at x: [Double], gradient: inout [Double]) throws(LogDensityError) -> Double {
    gradient = [-1]
    return try logDensity(at: x)
  }
}

/// A density that cannot be evaluated beyond a distance.
struct Breaking: DifferentiableLogDensity {
  let limit: Double
  var dimension: Int { 1 }

  func logDensity(at x: [Double]) throws(LogDensityError) -> Double {
    if abs(x[0]) > limit { throw .unusable(reason: "no table beyond \(limit)") }
    return -x[0] * x[0] / 2
  }

  func logDensity(at x: [Double], gradient: inout [Double]) throws(LogDensityError) -> Double {
    gradient = [-x[0]]
    return try logDensity(at: x)
  }
}
