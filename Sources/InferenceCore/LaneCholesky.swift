public import LaneMath

/// Cholesky factors of small packed matrices, one matrix in each lane.
public enum LaneCholesky {
  /// Replaces the packed lower triangle of a positive definite `matrix` by its factor A, with M = A Aᵀ.
  ///
  /// A pivot that is not positive is raised to `floor`, so that lanes with a singular matrix stay finite.
  @inlinable
  public static func factor<L: Lane>(_ matrix: inout [L], dimension: Int, floor: Double = 1e-12) {
    for row in 0..<dimension {
      for column in 0...row {
        var sum = matrix[packedIndex(row, column)]
        for k in 0..<column { sum -= matrix[packedIndex(row, k)] * matrix[packedIndex(column, k)] }
        if row == column {
          matrix[packedIndex(row, row)] = L.select(L(floor) < sum, sum, L(floor)).squareRoot()
        } else {
          matrix[packedIndex(row, column)] = sum / matrix[packedIndex(column, column)]
        }
      }
    }
  }

  /// Replaces `vector` by A⁻ᵀ A⁻¹ `vector`: the solution of M x = b from the factor A of M.
  @inlinable
  public static func solve<L: Lane>(factor: [L], _ vector: inout [L], dimension: Int) {
    for row in 0..<dimension {
      var sum = vector[row]
      for k in 0..<row { sum -= factor[packedIndex(row, k)] * vector[k] }
      vector[row] = sum / factor[packedIndex(row, row)]
    }
    solveTransposed(factor: factor, &vector, dimension: dimension)
  }

  /// Replaces `vector` by A⁻ᵀ `vector`: with standard normal numbers, a draw of covariance M⁻¹.
  @inlinable
  public static func solveTransposed<L: Lane>(factor: [L], _ vector: inout [L], dimension: Int) {
    for row in stride(from: dimension - 1, through: 0, by: -1) {
      var sum = vector[row]
      for k in stride(from: row + 1, to: dimension, by: 1) { sum -= factor[packedIndex(k, row)] * vector[k] }
      vector[row] = sum / factor[packedIndex(row, row)]
    }
  }
}
