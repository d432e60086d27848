internal import InferenceCore

/// One draw of the parameters of the two-group model.
struct TwoGroupState<let count: Int>: Sendable {
  var effective: FeatureVector<count>
  var ineffective: FeatureVector<count>
  /// Σ_b.
  var between: FeatureMatrix<count>
  /// Σ_w; nil if the cohort has one lesion for each patient.
  var within: FeatureMatrix<count>?
  /// π.
  var prevalence: Double

  init(
    effective: FeatureVector<count>, ineffective: FeatureVector<count>, between: FeatureMatrix<count>,
    within: FeatureMatrix<count>?, prevalence: Double
  ) {
    self.effective = effective
    self.ineffective = ineffective
    self.between = between
    self.within = within
    self.prevalence = prevalence
  }

  /// The draw that begins at `first` among the values of a draws table.
  init(_ values: [Double], from first: Int, hasWithin: Bool) {
    let size = SpreadCoordinates<count>.size
    let spread = first + 2 * count
    self.init(
      effective: FeatureVector(values, from: first), ineffective: FeatureVector(values, from: first + count),
      between: SpreadCoordinates.covariance(values, from: spread),
      within: hasWithin ? SpreadCoordinates.covariance(values, from: spread + size) : nil,
      prevalence: values[spread + (hasWithin ? 2 * size : size)])
  }

  /// Appends the numbers that a draws table keeps, in the order of ``parameters(features:hasWithin:)``.
  func append(to values: inout [Double]) {
    effective.append(to: &values)
    ineffective.append(to: &values)
    SpreadCoordinates.append(between, to: &values)
    if let within { SpreadCoordinates.append(within, to: &values) }
    values.append(prevalence)
  }

  /// Names of the numbers of a draw: means, then standard deviations and correlations, then the prevalence.
  static func parameters(features: [String], hasWithin: Bool) -> [Parameter] {
    features.map { Parameter("mu_effective[\($0)]") } + features.map { Parameter("mu_ineffective[\($0)]") }
      + SpreadCoordinates<count>.parameters("between", features: features)
      + (hasWithin ? SpreadCoordinates<count>.parameters("within", features: features) : [])
      + [Parameter("prevalence")]
  }
}
