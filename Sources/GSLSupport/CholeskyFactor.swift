internal import CGSL
internal import Foundation

/// The Cholesky factor of a symmetric positive definite matrix: A = L Lᵀ.
///
/// For the small systems of regressions and summaries; matrices are row-major arrays of `order`² numbers.
public struct CholeskyFactor: Sendable, Equatable {
  /// The number of rows.
  public let order: Int
  /// L in its lower triangle; GSL's leftovers above the diagonal are never read.
  private var factor: [Double]

  /// The factor of `matrix`, of which only the lower triangle is read; nil unless it is positive definite.
  public init?(_ matrix: [Double], order: Int) {
    precondition(matrix.count == order * order, "\(matrix.count) numbers are no \(order) × \(order) matrix")
    _ = GSL.quiet
    self.order = order
    self.factor = matrix
    guard order > 0, matrix.allSatisfy(\.isFinite) else { return nil }
    let status = unsafe factor.withUnsafeMutableBufferPointer { buffer in
      var view = unsafe gsl_matrix_view_array(buffer.baseAddress, order, order)
      return unsafe gsl_linalg_cholesky_decomp1(&view.matrix)
    }
    guard status == GSL_SUCCESS else { return nil }
  }

  /// log det A = 2 Σ log L_ii.
  public var logDeterminant: Double {
    (0..<order).reduce(0) { $0 + 2 * log(factor[$1 * order + $1]) }
  }

  /// A⁻¹ `vector`.
  public func solve(_ vector: [Double]) -> [Double] {
    precondition(vector.count == order, "a vector of \(vector.count) for a matrix of order \(order)")
    var (copy, solution) = (factor, vector)
    unsafe copy.withUnsafeMutableBufferPointer { matrix in
      unsafe solution.withUnsafeMutableBufferPointer { right in
        var matrixView = unsafe gsl_matrix_view_array(matrix.baseAddress, order, order)
        var vectorView = unsafe gsl_vector_view_array(right.baseAddress, order)
        _ = unsafe gsl_linalg_cholesky_svx(&matrixView.matrix, &vectorView.vector)
      }
    }
    return solution
  }

  /// L `vector`: turns independent standard normal numbers into numbers with covariance A.
  public func multiply(_ vector: [Double]) -> [Double] {
    precondition(vector.count == order, "a vector of \(vector.count) for a matrix of order \(order)")
    return (0..<order).map { row in
      (0...row).reduce(0) { $0 + factor[row * order + $1] * vector[$1] }
    }
  }

  /// A⁻¹, row-major.
  public var inverse: [Double] {
    var inverse = factor
    unsafe inverse.withUnsafeMutableBufferPointer { buffer in
      var view = unsafe gsl_matrix_view_array(buffer.baseAddress, order, order)
      _ = unsafe gsl_linalg_cholesky_invert(&view.matrix)
    }
    return inverse
  }
}
