/// What was measured of one lesion: a value for each feature and the covariance of their errors.
///
/// In the reference units of the features (``CohortFeature``). The covariance holds the posterior variance of
/// the images and the scan-to-scan variance; it may not be zero.
public struct FeatureMeasurement: Sendable, Equatable, Codable {
  /// One value for each feature; NaN if it is missing.
  public var means: [Double]
  /// The error covariance, row-major; rows and columns of missing features are not read.
  public var covariance: [Double]

  /// The measurement of several features.
  public init(means: [Double], covariance: [Double]) {
    precondition(
      covariance.count == means.count * means.count, "\(means.count) features need a square covariance")
    self.means = means
    self.covariance = covariance
  }

  /// The measurement of one feature with its standard error.
  public init(mean: Double, standardError: Double) {
    self.init(means: [mean], covariance: [standardError * standardError])
  }

  /// True if no feature was measured.
  public var isEmpty: Bool { means.allSatisfy(\.isNaN) }

  /// The features with these indices, in this order.
  public func selecting(_ features: [Int]) -> FeatureMeasurement {
    FeatureMeasurement(
      means: features.map { means[$0] },
      covariance: features.flatMap { row in features.map { covariance[row * means.count + $0] } })
  }

  /// JSON has no NaN: missing values are null.
  private enum CodingKeys: String, CodingKey {
    case means
    case covariance
  }

  /// Reads a measurement; null stands for a missing value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.means = try container.decode([Double?].self, forKey: .means).map { $0 ?? .nan }
    self.covariance = try container.decode([Double?].self, forKey: .covariance).map { $0 ?? .nan }
  }

  /// Writes null for a missing value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(means.map { $0.isNaN ? nil : $0 }, forKey: .means)
    try container.encode(covariance.map { $0.isNaN ? nil : $0 }, forKey: .covariance)
  }

  func message<let count: Int>() -> GaussianMessage<count> {
    GaussianMessage(mean: FeatureVector(means), covariance: FeatureMatrix(covariance))
  }
}
