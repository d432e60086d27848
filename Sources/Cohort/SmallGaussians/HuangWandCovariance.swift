internal import GSLSupport

/// A covariance under the prior of Huang and Wand 2013 (doi:10.1214/13-BA815), in its Gibbs form.
///
///     Σ | a ~ IW(ν + p − 1, 2ν diag(1/a)),   aₖ ~ IG(1/2, 1/A²)
///
/// Each standard deviation is then half-t_ν(A); with ν = 2 the correlations of two features are uniform on
/// (−1, 1).
struct HuangWandCovariance<let count: Int>: Sendable {
  /// ν.
  static var degreesOfFreedom: Double { 2 }
  /// A, in reference units.
  let scale: Double
  var current: CovarianceDraw<count>
  private var auxiliaries: FeatureVector<count>

  /// Starts at the covariance A² · identity.
  init(scale: Double) {
    self.scale = scale
    current = CovarianceDraw(FeatureMatrix(diagonal: scale * scale))
    auxiliaries = FeatureVector()
    for k in 0..<count { auxiliaries[k] = 1 / (scale * scale) }
  }

  /// A covariance drawn from the prior.
  init(priorScale scale: Double, using stream: inout RandomStream) {
    self.init(scale: scale)
    for k in 0..<count { auxiliaries[k] = stream.inverseGamma(shape: 0.5, scale: 1 / (scale * scale)) }
    drawCovariance(squares: FeatureMatrix(), items: 0, using: &stream)
  }

  /// One Gibbs step given `items` vectors around their means with sum of squares `squares`.
  ///
  /// aₖ | Σ ~ IG((ν + p)/2, ν (Σ⁻¹)ₖₖ + 1/A²), then Σ | a ~ IW(ν + p − 1 + n, SS + 2ν diag(1/a)).
  mutating func update(squares: FeatureMatrix<count>, items: Int, using stream: inout RandomStream) {
    for k in 0..<count {
      let (shape, rate) = auxiliaryConditional(k)
      auxiliaries[k] = stream.inverseGamma(shape: shape, scale: rate)
    }
    drawCovariance(squares: squares, items: items, using: &stream)
  }

  /// Shape and scale of the inverse gamma distribution of aₖ given Σ.
  func auxiliaryConditional(_ k: Int) -> (shape: Double, scale: Double) {
    let nu = Self.degreesOfFreedom
    return ((nu + Double(count)) / 2, nu * current.precision[k, k] + 1 / (scale * scale))
  }

  /// Degrees of freedom and scale of the inverse Wishart distribution of Σ given the auxiliaries.
  static func covarianceConditional(
    squares: FeatureMatrix<count>, items: Int, auxiliaries: FeatureVector<count>
  ) -> (degreesOfFreedom: Double, scale: FeatureMatrix<count>) {
    var scale = squares
    for k in 0..<count { scale[k, k] += 2 * degreesOfFreedom / auxiliaries[k] }
    return (degreesOfFreedom + Double(count - 1 + items), scale)
  }

  private mutating func drawCovariance(
    squares: FeatureMatrix<count>, items: Int, using stream: inout RandomStream
  ) {
    let (freedom, matrix) = Self.covarianceConditional(
      squares: squares, items: items, auxiliaries: auxiliaries)
    current = CovarianceDraw(inverseWishart: freedom, scale: matrix, using: &stream)
  }
}
