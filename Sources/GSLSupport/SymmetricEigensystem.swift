internal import CGSL

/// Eigenvalues and eigenvectors of a dense symmetric matrix: A = V diag(values) Vᵀ.
public struct SymmetricEigensystem: Sendable {
  /// The eigenvalues, in the order of the vectors.
  public let values: [Double]
  /// V, row-major: column k belongs to value k.
  public let vectors: [Double]

  /// The eigensystem of `matrix` (row-major, `order`²; the lower triangle is read).
  ///
  /// - Complexity: O(order³).
  public init(of matrix: [Double], order: Int) {
    precondition(matrix.count == order * order, "\(matrix.count) numbers are no \(order) × \(order) matrix")
    _ = GSL.quiet
    var (copy, values) = (matrix, [Double](repeating: 0, count: order))
    var vectors = copy
    if order > 0 {
      guard let workspace = unsafe gsl_eigen_symmv_alloc(order) else {
        preconditionFailure("out of memory: eigenvectors of order \(order)")
      }
      defer { unsafe gsl_eigen_symmv_free(workspace) }
      unsafe copy.withUnsafeMutableBufferPointer { matrix in
        unsafe values.withUnsafeMutableBufferPointer { values in
          unsafe vectors.withUnsafeMutableBufferPointer { vectors in
            var matrix = unsafe gsl_matrix_view_array(matrix.baseAddress, order, order)
            var result = unsafe gsl_vector_view_array(values.baseAddress, order)
            var columns = unsafe gsl_matrix_view_array(vectors.baseAddress, order, order)
            _ = unsafe gsl_eigen_symmv(&matrix.matrix, &result.vector, &columns.matrix, workspace)
          }
        }
      }
    }
    (self.values, self.vectors) = (values, vectors)
  }
}
