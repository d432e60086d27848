internal import GSLSupport

/// The curve that fits some settings of one region's mean signals best.
///
/// Minimises Σ nᵢ (yᵢ − A gᵢ(η))² / s² + Σ ((ηⱼ − μⱼ)/τⱼ)² over the kept settings i, with s the noise of one average.
struct CurveFit {
  /// Settings that were fitted.
  let kept: [Int]
  /// A gᵢ(η) for every setting.
  let predictions: [Double]
  /// ∂(A gᵢ)/∂(A, η) for every setting, settings × parameters.
  let slopes: [Double]
  /// Covariance of (A, η) with the noise s.
  let covariance: [Double]
  /// Σ nᵢ (yᵢ − A gᵢ)² over the kept settings.
  let sumOfSquares: Double
  /// False if the fit did not settle.
  let converged: Bool

  /// Fits `model` to the signals `y` of the `kept` settings, each the mean of `averages` signals.
  init(_ model: CurveModel, to y: [Double], averages: [Double], kept: [Int], noise s: Double) {
    let q = model.priorMeans.count
    let p = q + 1
    let roots = averages.map { $0.squareRoot() / s }
    // The amplitude is measured in units of the largest signal, so that all parameters are of one size.
    let unit = kept.map { abs(y[$0]) }.max().map { $0 > 0 ? $0 : 1 } ?? 1
    let atPrior = model.evaluate(model.priorMeans).signal
    let shape = kept.reduce(0) { $0 + averages[$1] * atPrior[$1] * atPrior[$1] }
    let overlap = kept.reduce(0) { $0 + averages[$1] * atPrior[$1] * y[$1] }
    let start = [shape > 0 ? overlap / shape / unit : 1] + model.priorMeans

    let fit = LeastSquares.minimize(
      from: start, residualCount: kept.count + q,
      residuals: { theta, r in
        let g = model.evaluate(Array(theta[1...])).signal
        for (row, i) in kept.enumerated() { r[row] = roots[i] * (unit * theta[0] * g[i] - y[i]) }
        for j in 0..<q { r[kept.count + j] = (theta[j + 1] - model.priorMeans[j]) / model.priorSDs[j] }
      },
      jacobian: { theta, jacobian in
        let (g, slopes) = model.evaluate(Array(theta[1...]))
        for (row, i) in kept.enumerated() {
          jacobian[row * p] = roots[i] * unit * g[i]
          for j in 0..<q { jacobian[row * p + j + 1] = roots[i] * unit * theta[0] * slopes[i * q + j] }
        }
        for j in 0..<q {
          for k in 0..<p { jacobian[(kept.count + j) * p + k] = k == j + 1 ? 1 / model.priorSDs[j] : 0 }
        }
      })

    let amplitude = unit * fit.parameters[0]
    let (g, etaSlopes) = model.evaluate(Array(fit.parameters[1...]))
    self.kept = kept
    predictions = g.map { amplitude * $0 }
    slopes = g.indices.flatMap { i in [unit * g[i]] + (0..<q).map { amplitude * etaSlopes[i * q + $0] } }
    covariance = fit.unscaledCovariance
    sumOfSquares = kept.reduce(0) {
      let residual = y[$1] - amplitude * g[$1]
      return $0 + averages[$1] * residual * residual
    }
    converged = fit.converged
  }

  /// The variance of the prediction at a setting with the noise the fit was made with.
  func predictionVariance(at setting: Int, parameterCount p: Int) -> Double {
    var variance = 0.0
    for j in 0..<p {
      for k in 0..<p {
        variance += slopes[setting * p + j] * covariance[j * p + k] * slopes[setting * p + k]
      }
    }
    return variance
  }
}
