internal import InferenceCore

/// One draw of the parameters of the errors-in-variables logistic model.
struct LogisticState<let count: Int>: Sendable {
  /// α.
  var intercept: Double
  /// β.
  var slope: FeatureVector<count>
  /// μ_x.
  var mean: FeatureVector<count>
  /// Σ_x.
  var spread: FeatureMatrix<count>
  /// Σ_w; nil if the cohort has one lesion for each patient.
  var within: FeatureMatrix<count>?

  init(
    intercept: Double, slope: FeatureVector<count>, mean: FeatureVector<count>, spread: FeatureMatrix<count>,
    within: FeatureMatrix<count>?
  ) {
    self.intercept = intercept
    self.slope = slope
    self.mean = mean
    self.spread = spread
    self.within = within
  }

  /// The draw that begins at `first` among the values of a draws table.
  init(_ values: [Double], from first: Int, hasWithin: Bool) {
    let size = SpreadCoordinates<count>.size
    let spread = first + 1 + 2 * count
    self.init(
      intercept: values[first], slope: FeatureVector(values, from: first + 1),
      mean: FeatureVector(values, from: first + 1 + count),
      spread: SpreadCoordinates.covariance(values, from: spread),
      within: hasWithin ? SpreadCoordinates.covariance(values, from: spread + size) : nil)
  }

  /// Appends the numbers that a draws table keeps, in the order of ``parameters(features:hasWithin:)``.
  func append(to values: inout [Double]) {
    values.append(intercept)
    slope.append(to: &values)
    mean.append(to: &values)
    SpreadCoordinates.append(spread, to: &values)
    if let within { SpreadCoordinates.append(within, to: &values) }
  }

  /// Names of the numbers of a draw.
  static func parameters(features: [String], hasWithin: Bool) -> [Parameter] {
    [Parameter("intercept")] + features.map { Parameter("slope[\($0)]") }
      + features.map { Parameter("mu[\($0)]") }
      + SpreadCoordinates<count>.parameters("between", features: features)
      + (hasWithin ? SpreadCoordinates<count>.parameters("within", features: features) : [])
  }
}
