internal import LaneMath
internal import Posteriors
internal import SignalModels

/// What one draw of a voxel's parameters predicts of its measurements.
struct Prediction: Sendable, Equatable {
  /// E[y] of every setting.
  var means: [Double]
  /// Var[y] of every setting, averages taken into account.
  var variances: [Double]
  /// |ν|/σ of every setting.
  var signalToNoise: [Double]
}

extension TissueModel {
  /// What reported values predict: N(ν, σ²/n) for Gaussian noise, else the moments of the magnitude's density.
  func prediction(from values: [Double], averages: [Double], density: MagnitudeDensity?) -> Prediction? {
    guard let (signal, sigma) = noiseless(values) else { return nil }
    var prediction = Prediction(means: [], variances: [], signalToNoise: [])
    for (nu, n) in zip(signal, averages) {
      prediction.signalToNoise.append(abs(nu) / sigma)
      guard let density else {
        prediction.means.append(nu)
        prediction.variances.append(sigma * sigma / n)
        continue
      }
      if density.coilCount == 1 {
        let rice = RiceMoments(noiseless: abs(nu), sigma: sigma)
        prediction.means.append(rice.mean)
        prediction.variances.append(rice.variance / n)
      } else {
        let chi = NoiseModel.noncentralChi(coils: density.coilCount).moments(noiseless: nu, sigma: sigma)
        prediction.means.append(chi.mean)
        prediction.variances.append(chi.variance / n)
      }
    }
    return prediction
  }

  /// ν of every setting and σ from reported values; nil if S₀ and σ are not among them.
  func noiseless(_ values: [Double]) -> (signal: [Double], sigma: Double)? {
    guard amplitudeIndex + 1 < values.count else { return nil }
    var signal = [Double](repeating: 0, count: shape.settingCount)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    shape.evaluate(at: coordinates(of: values), signal: &signal, workspace: &workspace)
    return (signal.map { values[amplitudeIndex] * $0 }, values[amplitudeIndex + 1])
  }
}
