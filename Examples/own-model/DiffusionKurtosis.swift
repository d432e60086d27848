import IVIMBayes

/// Diffusion kurtosis: decay that bends upwards where water is hindered.
///
///     g(b) = exp(−bD + b²D²K/6)        Jensen 2005, equation 13, doi:10.1002/mrm.20508
///
/// Coordinates η = (log D, log K), D in µm²/ms, K without unit. Holds for b < 3/(DK): beyond, the curve rises.
struct DiffusionKurtosis: SignalShape {
  let coordinates = [TissueCoordinate("d", .log, unit: "µm²/ms"), TissueCoordinate("kurtosis", .log)]
  let workspaceCount = 0
  /// b in ms/µm².
  private let weightings: [Double]

  /// The model at these b-values, in s/mm².
  init(bValues: [Double]) { weightings = bValues.map { 1e-3 * $0 } }

  var settingCount: Int { weightings.count }

  func evaluate<L: Lane>(at eta: [L], signal: inout [L], workspace: inout [L]) {
    let (d, k) = (L.exp(eta[0]), L.exp(eta[1]))
    for (i, b) in weightings.enumerated() {
      let attenuation = b * d
      signal[i] = L.exp(attenuation * (attenuation * k / 6 - 1))
    }
  }

  func evaluate<L: Lane>(at eta: [L], signal: inout [L], derivatives: inout [L], workspace: inout [L]) {
    evaluate(at: eta, signal: &signal, workspace: &workspace)
    let (d, k) = (L.exp(eta[0]), L.exp(eta[1]))
    let n = settingCount
    for (i, b) in weightings.enumerated() {
      let attenuation = b * d
      let bend = attenuation * attenuation * k / 6
      derivatives[i] = signal[i] * (2 * bend - attenuation)
      derivatives[n + i] = signal[i] * bend
    }
  }
}
