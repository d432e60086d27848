internal import Foundation
internal import GSLSupport

/// The lower Cholesky factor L of a small symmetric positive definite matrix, A = L Lᵀ.
struct TriangularFactor<let count: Int>: Sendable {
  private var lower: FeatureMatrix<count>

  /// The factor of `matrix`; a matrix that is not positive definite gives NaN throughout.
  init(_ matrix: FeatureMatrix<count>) {
    lower = FeatureMatrix()
    for i in 0..<count {
      for j in 0...i {
        var sum = matrix[i, j]
        for k in 0..<j { sum -= lower[i, k] * lower[j, k] }
        lower[i, j] = i == j ? sum.squareRoot() : sum / lower[j, j]
      }
    }
  }

  /// The factor whose lower triangle is already known; what stands above the diagonal is never read.
  init(triangle: FeatureMatrix<count>) { lower = triangle }

  /// log det A.
  var logDeterminant: Double {
    var product = 1.0
    for i in 0..<count { product *= lower[i, i] }
    return 2 * log(product)
  }

  /// L x.
  func times(_ x: FeatureVector<count>) -> FeatureVector<count> {
    var y = FeatureVector<count>()
    for i in 0..<count { for k in 0...i { y[i] += lower[i, k] * x[k] } }
    return y
  }

  /// L⁻¹ x, by forward substitution.
  func forward(_ x: FeatureVector<count>) -> FeatureVector<count> {
    var y = x
    for i in 0..<count {
      for k in 0..<i { y[i] -= lower[i, k] * y[k] }
      y[i] /= lower[i, i]
    }
    return y
  }

  /// L⁻ᵀ x, by back substitution.
  func backward(_ x: FeatureVector<count>) -> FeatureVector<count> {
    var y = x
    var i = count - 1
    while i >= 0 {
      var k = i + 1
      while k < count {
        y[i] -= lower[k, i] * y[k]
        k += 1
      }
      y[i] /= lower[i, i]
      i -= 1
    }
    return y
  }

  /// A⁻¹ x.
  func solve(_ x: FeatureVector<count>) -> FeatureVector<count> { backward(forward(x)) }

  /// A⁻¹.
  var inverse: FeatureMatrix<count> {
    var result = FeatureMatrix<count>()
    for j in 0..<count {
      var unit = FeatureVector<count>()
      unit[j] = 1
      let column = solve(unit)
      for i in 0..<count { result[i, j] = column[i] }
    }
    return result.symmetrised
  }

  /// A draw of N(A⁻¹ `linear`, A⁻¹): the normal distribution with precision A and linear term `linear`.
  func drawNormal(linear: FeatureVector<count>, using stream: inout RandomStream) -> FeatureVector<count> {
    var noise = FeatureVector<count>()
    for i in 0..<count { noise[i] = stream.normal() }
    // A⁻¹ b + L⁻ᵀ z = L⁻ᵀ (L⁻¹ b + z).
    return backward(forward(linear) + noise)
  }
}
