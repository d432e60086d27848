/// Any curve whose amplitude is free: signal = A · g(η), with a weak normal prior on the coordinates η.
///
/// Diffusion and T1 curves are screened through this one face. The prior keeps the fit of nine volumes finite where
/// they say nothing of a coordinate, as nine volumes of a lesion without perfusion say nothing of D*.
public struct CurveModel: Sendable {
  /// gᵢ(η) for every setting, and ∂gᵢ/∂ηⱼ, settings × coordinates, coordinates fastest.
  public typealias Evaluation = @Sendable (_ eta: [Double]) -> (signal: [Double], slopes: [Double])

  /// The number of settings.
  public let settingCount: Int
  /// Prior means of η, where fits start.
  public let priorMeans: [Double]
  /// Prior standard deviations of η, positive.
  public let priorSDs: [Double]
  /// The curve and its slopes.
  public let evaluate: Evaluation

  /// A curve of these settings and coordinates.
  public init(
    settingCount: Int, priorMeans: [Double], priorSDs: [Double], evaluate: @escaping Evaluation
  ) {
    precondition(
      settingCount > 0 && priorMeans.count == priorSDs.count && priorSDs.allSatisfy { $0 > 0 },
      "a curve needs settings, and one positive prior SD for each prior mean")
    self.settingCount = settingCount
    self.priorMeans = priorMeans
    self.priorSDs = priorSDs
    self.evaluate = evaluate
  }

  /// The number of free numbers of a curve: the amplitude and η.
  public var parameterCount: Int { priorMeans.count + 1 }
}
