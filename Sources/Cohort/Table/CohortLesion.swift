public import Lesions

/// One row of a cohort table: one lesion of one patient, as one reader measured it.
public struct CohortLesion: Sendable, Equatable {
  /// The patient's key.
  public var patient: String
  /// The lesion's key within the patient.
  public var lesion: String
  /// Who measured it; empty if the table does not say.
  public var reader: String
  /// True for effective treatment of the patient; nil if it is missing.
  public var isEffective: Bool?
  /// True for positive PD-L1; nil if it is missing.
  public var isPDL1Positive: Bool?
  /// Values with their errors; empty if the row names a file of draws.
  public var measurements: [LesionParameter: LesionMeasurements]
  /// Joint draws, from the file that the row names.
  public var draws: LesionDraws?
  /// The file of draws that the row names, as written.
  public var changes: String?
  /// Further numeric columns by name; NaN if missing.
  public var markers: [String: Double]
  /// The line of the table.
  public var line: Int

  /// The features with their error covariance, in reference units; from the draws if there are any.
  public func measurement(
    _ features: [CohortFeature], variabilities: [LesionParameter: ScanVariability]
  ) -> FeatureMeasurement {
    draws.map { FeatureMeasurement($0, features: features, variabilities: variabilities) }
      ?? FeatureMeasurement(measurements, features: features, variabilities: variabilities)
  }

  /// A feature on the axis of its parameter; NaN if it is missing.
  public func place(of feature: CohortFeature) -> Double {
    let mean = measurement([feature], variabilities: [:]).means[0]
    return mean * feature.unit + feature.origin
  }
}

/// The joint draws of one lesion: what a `changes.nc` holds of it.
public struct LesionDraws: Sendable, Equatable {
  /// Draws before, by parameter, in its unit; draw k of every parameter belongs together.
  public var pre: [LesionParameter: [Double]]
  /// Draws after.
  public var post: [LesionParameter: [Double]]

  /// Draws of one lesion at both visits.
  public init(pre: [LesionParameter: [Double]], post: [LesionParameter: [Double]]) {
    self.pre = pre
    self.post = post
  }

  /// The draws of a feature on its axis; nil if a visit is missing, or a draw is not on the axis.
  public func places(of feature: CohortFeature) -> [Double]? {
    let axis = feature.parameter.scale.axis
    let (before, after) = (pre[feature.parameter]?.map(axis), post[feature.parameter]?.map(axis))
    let places: [Double]? =
      switch feature.phase {
      case .pre: before
      case .post: after
      case .delta: before.flatMap { before in after.map { zip($0, before).map { $0 - $1 } } }
      }
    return places.flatMap { $0.isEmpty || !$0.allSatisfy(\.isFinite) ? nil : $0 }
  }
}
