internal import GSLSupport

/// A lesion's mean signals, judged against the curve that the trusted ones make.
struct MeanCurve {
  let model: CurveModel
  /// Mean signal of each setting.
  let signals: [Double]
  let averages: [Double]
  /// Noise SD of a mean of one average, and the misfit to be expected of a mean curve: s of the moderated variance.
  let noise: Double
  let thresholds: QualityThresholds

  /// The judgement of one setting.
  struct Judgement {
    let residual: Double
    /// Degrees of freedom of the moderated variance.
    let freedom: Double
    let prediction: Double
    let signal: Double

    func isSuspect(_ thresholds: QualityThresholds) -> Bool {
      let quantile = SpecialFunctions.studentTQuantile(
        1 - thresholds.residualProbability / 2, degreesOfFreedom: freedom)
      return abs(residual) > quantile
        && abs(signal - prediction) > thresholds.smallestDeviation * abs(prediction)
    }
  }

  /// The fit of the settings in `kept`.
  func fit(_ kept: [Int]) -> CurveFit {
    CurveFit(model, to: signals, averages: averages, kept: kept, noise: noise)
  }

  /// One setting against the fit of the kept ones without it; nil if they do not determine the curve.
  func judgement(of setting: Int, against kept: [Int]) -> Judgement? {
    let others = kept.filter { $0 != setting }
    guard others.count >= model.parameterCount else { return nil }
    let fit = fit(others)
    guard fit.converged else { return nil }
    // Moderated variance (Smyth 2004): ν₀ observations of the expected one beside the observed residuals.
    let observed = Double(others.count - model.parameterCount)
    let freedom = thresholds.priorObservations + observed
    let s2 = (thresholds.priorObservations * noise * noise + fit.sumOfSquares) / freedom
    let spread = fit.predictionVariance(at: setting, parameterCount: model.parameterCount)
    let variance = s2 * (1 / averages[setting] + spread / (noise * noise))
    let prediction = fit.predictions[setting]
    return Judgement(
      residual: (signals[setting] - prediction) / variance.squareRoot(), freedom: freedom,
      prediction: prediction, signal: signals[setting])
  }

  /// The settings of `candidates` that agree with one curve: the worst suspect is dropped until none is left, at most a
  /// quarter of all, so that a fault cannot bend the curve and throw suspicion on its neighbours.
  func trusted(among candidates: [Int]) -> [Int] {
    var kept = candidates
    while kept.count > max(model.parameterCount + 1, signals.count - signals.count / 4) {
      let worst = kept.compactMap { setting in judgement(of: setting, against: kept).map { (setting, $0) } }
        .filter { $0.1.isSuspect(thresholds) }
        .max { abs($0.1.residual) < abs($1.1.residual) }
      guard let worst else { break }
      kept.removeAll { $0 == worst.0 }
    }
    return kept
  }
}
