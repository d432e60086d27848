internal import CGSL

/// Eigenvalues of dense symmetric matrices.
public enum SymmetricEigenvalues {
  /// The eigenvalues of `matrix` (row-major, `order`²; the lower triangle is read), ascending.
  ///
  /// - Complexity: O(order³); for orders of a few hundred.
  public static func of(_ matrix: [Double], order: Int) -> [Double] {
    precondition(matrix.count == order * order, "\(matrix.count) numbers are no \(order) × \(order) matrix")
    guard order > 0 else { return [] }
    _ = GSL.quiet
    var (copy, values) = (matrix, [Double](repeating: 0, count: order))
    guard let workspace = unsafe gsl_eigen_symm_alloc(order) else {
      preconditionFailure("out of memory: eigenvalues of order \(order)")
    }
    defer { unsafe gsl_eigen_symm_free(workspace) }
    unsafe copy.withUnsafeMutableBufferPointer { matrix in
      unsafe values.withUnsafeMutableBufferPointer { result in
        var matrixView = unsafe gsl_matrix_view_array(matrix.baseAddress, order, order)
        var resultView = unsafe gsl_vector_view_array(result.baseAddress, order)
        _ = unsafe gsl_eigen_symm(&matrixView.matrix, &resultView.vector, workspace)
      }
    }
    return values.sorted()
  }
}
