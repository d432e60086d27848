public import Lesions

/// One parameter of one lesion at both visits, on the parameter's axis: what features are made of.
public struct LesionMeasurements: Sendable, Equatable {
  /// A place of the axis with its posterior standard deviation.
  public struct Measured: Sendable, Equatable {
    /// On the axis: log, or logit of f.
    public var place: Double
    /// Of the images alone, on the axis; 0 if unknown, which leaves the scan-to-scan variation.
    public var sd: Double

    /// A place of the axis, known to `sd`.
    public init(place: Double, sd: Double) {
      self.place = place
      self.sd = sd
    }

    /// A value in the unit of `parameter` with the standard deviation of its logarithm (NaN: unknown).
    ///
    /// Nil if the value is not on the axis: zero, negative, a fraction of 1 or more, or NaN.
    public init?(_ parameter: LesionParameter, value: Double, relativeSD: Double) {
      let place = parameter.scale.axis(value)
      guard value > 0, place.isFinite else { return nil }
      let sd = relativeSD.isNaN ? 0 : parameter.axisStep(relative: relativeSD, at: value)
      self.init(place: place, sd: sd)
    }
  }

  /// Baseline; nil if missing.
  public var pre: Measured?
  /// Follow-up; nil if missing.
  public var post: Measured?

  /// What was measured at the two visits.
  public init(pre: Measured?, post: Measured?) {
    self.pre = pre
    self.post = post
  }
}

extension FeatureMeasurement {
  /// The features of one lesion with their error covariance, in reference units.
  ///
  /// Each visit has one independent error, of variance posterior + w_phys²; a change is the difference of two
  /// of them. So Var(Δ) = Var_pre + Var_post + 2 w², Cov(Δ, post) = Var_post + w², Cov(Δ, pre) = −(Var_pre +
  /// w²); different parameters are independent. A visit without any error is given 1 % of the axis, as no
  /// covariance may be zero.
  public init(
    _ lesion: [LesionParameter: LesionMeasurements], features: [CohortFeature],
    variabilities: [LesionParameter: ScanVariability]
  ) {
    /// What a feature takes of the errors of (pre, post).
    func loadings(_ phase: CohortFeature.Phase) -> (pre: Double, post: Double) {
      switch phase {
      case .pre: (1, 0)
      case .post: (0, 1)
      case .delta: (-1, 1)
      }
    }
    func variance(_ measured: LesionMeasurements.Measured?, _ parameter: LesionParameter) -> Double {
      guard let measured else { return .nan }
      let level = parameter.scale.value(measured.place)
      let scan = parameter.axisStep(relative: variabilities[parameter]?.physiological ?? 0, at: level)
      return max(measured.sd * measured.sd + scan * scan, 1e-4)
    }
    let means = features.map { feature in
      let values = lesion[feature.parameter]
      let place: Double? =
        switch feature.phase {
        case .pre: values?.pre?.place
        case .post: values?.post?.place
        case .delta:
          values.flatMap { values in values.post.flatMap { post in values.pre.map { post.place - $0.place } }
          }
        }
      return place.map(feature.reference) ?? .nan
    }
    let covariance = features.flatMap { row in
      features.map { column -> Double in
        guard row.parameter == column.parameter else { return 0 }
        let (one, two) = (loadings(row.phase), loadings(column.phase))
        let values = lesion[row.parameter]
        var sum = 0.0
        if one.pre * two.pre != 0 { sum += one.pre * two.pre * variance(values?.pre, row.parameter) }
        if one.post * two.post != 0 { sum += one.post * two.post * variance(values?.post, row.parameter) }
        return sum / (row.unit * column.unit)
      }
    }
    self.init(means: means, covariance: covariance)
  }
}
