internal import LaneMath
internal import Posteriors

/// What least squares makes of one curve: one value and one standard error for each quantity; NaN where there is none.
struct VoxelEstimate: Sendable, Equatable {
  var values: [Double]
  var standardErrors: [Double]

  /// The quantities of a fit that did not settle.
  static func missing(_ count: Int) -> VoxelEstimate {
    let none = [Double](repeating: .nan, count: count)
    return VoxelEstimate(values: none, standardErrors: none)
  }

  /// True if every value was found.
  var isFound: Bool { values.allSatisfy(\.isFinite) }

  /// The estimates of both, in this order.
  func joined(with other: VoxelEstimate) -> VoxelEstimate {
    VoxelEstimate(values: values + other.values, standardErrors: standardErrors + other.standardErrors)
  }
}

extension LeastSquaresFit {
  /// The estimate of functions of (η, amplitude), and of σ last; missing if the fit did not settle.
  ///
  /// Standard errors by the delta method, √(∇ᵀ C ∇), with ∇ by central differences; that of σ̂ is σ̂/√(2 degrees of
  /// freedom). A function of which the signals say nothing has none.
  func estimate(_ functions: ([Double]) -> [Double]) -> VoxelEstimate {
    let place = coordinates + [amplitude]
    let values = functions(place)
    guard converged, values.allSatisfy(\.isFinite) else { return .missing(values.count + 1) }
    let slopes = place.indices.map { k -> [Double] in
      let step = 1e-5 * max(1, abs(place[k]))
      var (below, above) = (place, place)
      below[k] -= step
      above[k] += step
      return zip(functions(below), functions(above)).map { ($1 - $0) / (2 * step) }
    }
    let p = place.count
    let errors = values.indices.map { q -> Double in
      var variance = 0.0
      for j in 0..<p {
        for k in 0..<p { variance += slopes[j][q] * covariance[j * p + k] * slopes[k][q] }
      }
      return variance > 0 ? variance.squareRoot() : .nan
    }
    let sigmaError = degreesOfFreedom > 0 ? sigma / (2 * Double(degreesOfFreedom)).squareRoot() : .nan
    return VoxelEstimate(values: values + [sigma], standardErrors: errors + [sigmaError])
  }
}
