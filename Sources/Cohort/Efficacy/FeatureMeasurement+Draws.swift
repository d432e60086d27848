internal import Diagnostics
public import Lesions

extension FeatureMeasurement {
  /// The features of one lesion from its joint draws, in reference units.
  ///
  /// Means and covariance of the draws, so that features of one scan keep their correlation, plus scan-to-scan variation:
  /// w² for a visit, 2 w² for a change, w² between a change and the visit after, −w² between it and the visit before.
  /// A feature that is missing is NaN. No covariance may be zero: 1 % of the axis is the least standard deviation.
  public init(
    _ draws: LesionDraws, features: [CohortFeature], variabilities: [LesionParameter: ScanVariability]
  ) {
    let columns = features.map { feature in draws.places(of: feature)?.map(feature.reference) }
    func loading(_ phase: CohortFeature.Phase) -> (pre: Double, post: Double) {
      switch phase {
      case .pre: (1, 0)
      case .post: (0, 1)
      case .delta: (-1, 1)
      }
    }
    /// w² of one visit on the axis, at the level of its median.
    func scanVariance(_ parameter: LesionParameter, _ visit: [LesionParameter: [Double]]) -> Double {
      guard let values = visit[parameter]?.sorted(), !values.isEmpty else { return 0 }
      let step = parameter.axisStep(
        relative: variabilities[parameter]?.physiological ?? 0, at: values.quantile(0.5))
      return step * step
    }
    var covariance: [Double] = []
    for (r, row) in features.enumerated() {
      for (c, column) in features.enumerated() {
        guard let one = columns[r], let two = columns[c] else {
          covariance.append(.nan)
          continue
        }
        var entry = one.sampleCovariance(with: two)
        if row.parameter == column.parameter {
          let (left, right) = (loading(row.phase), loading(column.phase))
          let scan =
            left.pre * right.pre * scanVariance(row.parameter, draws.pre)
            + left.post * right.post * scanVariance(row.parameter, draws.post)
          entry += scan / (row.unit * column.unit)
        }
        covariance.append(r == c ? max(entry, 1e-4 / (row.unit * row.unit)) : entry)
      }
    }
    self.init(means: columns.map { $0?.mean ?? .nan }, covariance: covariance)
  }
}
