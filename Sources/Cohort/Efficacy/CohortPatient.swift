/// A patient of known outcome, with the lesions that were measured.
public struct CohortPatient: Sendable, Equatable {
  /// The patient's key.
  public var id: String
  /// True if treatment was effective.
  public var isEffective: Bool
  /// One measurement for each lesion; all over the same features.
  public var lesions: [FeatureMeasurement]

  /// A patient with at least one lesion.
  public init(id: String, isEffective: Bool, lesions: [FeatureMeasurement]) {
    precondition(!lesions.isEmpty, "patient \(id) has no lesion")
    self.id = id
    self.isEffective = isEffective
    self.lesions = lesions
  }
}
