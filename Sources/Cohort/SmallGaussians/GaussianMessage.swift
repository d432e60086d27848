internal import Foundation

/// What measurements say of an unknown vector x, as a function of x:
///
///     exp(logPeak − ½ (x − location)ᵀ precision (x − location))
///
/// A feature that was not measured has zeros in its row and column of `precision`; its location is never
/// used. Kept by peak and location, not by linear term and constant, so that very precise measurements do not
/// cancel.
struct GaussianMessage<let count: Int>: Sendable {
  /// The inverse of the measurement covariance over the measured features, zero elsewhere.
  private(set) var precision: FeatureMatrix<count>
  private(set) var location: FeatureVector<count>
  private(set) var logPeak: Double

  /// Nothing is said.
  static var silent: Self { Self(precision: FeatureMatrix(), location: FeatureVector(), logPeak: 0) }

  private init(precision: FeatureMatrix<count>, location: FeatureVector<count>, logPeak: Double) {
    self.precision = precision
    self.location = location
    self.logPeak = logPeak
  }

  /// The density N(`mean`; x, `covariance`) as a function of x; features whose mean is NaN are missing.
  init(mean: FeatureVector<count>, covariance: FeatureMatrix<count>) {
    // Missing features get unit variance and no covariance, which leaves the measured block of the inverse
    // alone.
    var (padded, location) = (covariance, mean)
    var measured = count
    for i in 0..<count where mean[i].isNaN {
      measured -= 1
      location[i] = 0
      for j in 0..<count {
        padded[i, j] = 0
        padded[j, i] = 0
      }
      padded[i, i] = 1
    }
    let factor = TriangularFactor(padded)
    var precision = factor.inverse
    for i in 0..<count where mean[i].isNaN { precision[i, i] = 0 }
    let logPeak = -0.5 * (factor.logDeterminant + Double(measured) * log(2 * Double.pi))
    self.init(precision: precision, location: location, logPeak: logPeak)
  }

  /// The logarithm of the message at `x`.
  func logValue(at x: FeatureVector<count>) -> Double {
    logPeak - 0.5 * precision.quadraticForm(x - location)
  }

  /// What is said of b when x ~ N(b, S) and `spread` is S⁻¹: x integrated out.
  ///
  /// Its precision is (S + precision⁻¹)⁻¹ over the measured features, computed as S⁻¹ (S⁻¹ + precision)⁻¹
  /// precision, which needs no inverse of a singular matrix and subtracts nothing.
  func passed(through spread: FeatureMatrix<count>, logDeterminant: Double) -> Self {
    let factor = TriangularFactor(spread + precision)
    return Self(
      precision: combinedPrecision(spread, factor), location: location,
      logPeak: logPeak + 0.5 * (logDeterminant - factor.logDeterminant))
  }

  /// The precision of ``passed(through:logDeterminant:)`` alone, for Gibbs steps that need no normalising
  /// constant.
  func precisionPassed(through spread: FeatureMatrix<count>) -> FeatureMatrix<count> {
    combinedPrecision(spread, TriangularFactor(spread + precision))
  }

  private func combinedPrecision(
    _ spread: FeatureMatrix<count>, _ factor: TriangularFactor<count>
  ) -> FeatureMatrix<count> {
    (spread * factor.inverse * precision).symmetrised
  }

  /// Two independent messages about the same x.
  static func + (left: Self, right: Self) -> Self {
    let precision = left.precision + right.precision
    let linear = left.precision * left.location + right.precision * right.location
    var regular = precision
    for i in 0..<count where regular[i, i] == 0 { regular[i, i] = 1 }
    let location = TriangularFactor(regular).solve(linear)
    return Self(
      precision: precision, location: location,
      logPeak: left.logValue(at: location) + right.logValue(at: location))
  }

  /// What all lesions of a patient say of b_p together, when x_j ~ N(b_p, `within`).
  static func ofPatient(_ lesions: [Self], within: FeatureMatrix<count>) -> Self {
    let factor = TriangularFactor(within)
    let spread = factor.inverse
    return lesions.reduce(.silent) { $0 + $1.passed(through: spread, logDeterminant: -factor.logDeterminant) }
  }

  /// precision · location: the linear term that a Gibbs step adds up.
  var linear: FeatureVector<count> { precision * location }
}
