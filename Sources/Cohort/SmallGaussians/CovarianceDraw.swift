internal import GSLSupport

/// A covariance matrix with its inverse, drawn together.
struct CovarianceDraw<let count: Int>: Sendable {
  private(set) var covariance: FeatureMatrix<count>
  private(set) var precision: FeatureMatrix<count>

  /// A known covariance.
  init(_ covariance: FeatureMatrix<count>) {
    self.covariance = covariance
    self.precision = TriangularFactor(covariance).inverse
  }

  /// log det of the precision.
  var logDeterminantOfPrecision: Double { -TriangularFactor(covariance).logDeterminant }

  /// A draw from the inverse Wishart distribution IW(`degreesOfFreedom`, `scale`), of mean scale/(ν − p − 1).
  ///
  /// With scale = L Lᵀ and Bartlett's lower triangle A (Aᵢᵢ² ~ χ²(ν − i), Aᵢⱼ ~ N(0, 1) below; Bartlett
  /// 1933), the precision is M Mᵀ, M = L⁻ᵀ A, and the covariance N Nᵀ, N = L A⁻ᵀ: no matrix is inverted
  /// twice.
  init(inverseWishart degreesOfFreedom: Double, scale: FeatureMatrix<count>, using stream: inout RandomStream)
  {
    var bartlett = FeatureMatrix<count>()
    for i in 0..<count {
      bartlett[i, i] = stream.chiSquared(degreesOfFreedom: degreesOfFreedom - Double(i)).squareRoot()
      for j in 0..<i { bartlett[i, j] = stream.normal() }
    }
    let (factor, triangle) = (TriangularFactor(scale), TriangularFactor(triangle: bartlett))
    (covariance, precision) = (FeatureMatrix(), FeatureMatrix())
    for j in 0..<count {
      // Column j of A, and column j of A⁻ᵀ, which solves Aᵀ x = eⱼ.
      var (column, unit) = (FeatureVector<count>(), FeatureVector<count>())
      for i in 0..<count { column[i] = bartlett[i, j] }
      unit[j] = 1
      precision.addOuterProduct(factor.backward(column))
      covariance.addOuterProduct(factor.times(triangle.backward(unit)))
    }
  }
}
