public import LaneMath
public import SignalModels

extension MagnitudePosterior {
  /// The position of the shape's coordinates `eta` with the S₀ of least squares, and the σ that then fits.
  ///
  /// S₀ = Σ n y|g|/Σ n g²: a start, not an estimate (it takes magnitudes for Gaussian).
  @inlinable
  public mutating func completed(_ eta: [L]) -> [L] {
    shape.evaluate(at: eta, signal: &signal, workspace: &workspace)
    var gg = L(0)
    var gy = L(0)
    for i in 0..<shape.settingCount {
      let weighted = averages[i] * signal[i].magnitudes
      gg += weighted * signal[i].magnitudes
      gy += weighted * signals[i]
    }
    let amplitude = L.maximum(gy / gg, L(Double.leastNormalMagnitude))
    let position = eta + [L.log(amplitude)]
    guard case .pooled(let nu0, let variance) = sigma else { return position }
    var residual = L(0)
    for i in 0..<shape.settingCount {
      let r = signals[i] - amplitude * signal[i].magnitudes
      residual += averages[i] * (r * r)
    }
    let count = L(Double(shape.settingCount))
    // A hundredth of the signal keeps a perfect fit from starting at σ = 0.
    let least = 1e-4 * (amplitude * amplitude * gg / count)
    let level = (residual + nu0 * variance) / (count + nu0)
    return position + [0.5 * L.log(L.maximum(level, least))]
  }

  /// The best, in every lane, of the candidates for the shape's coordinates, completed.
  ///
  /// With T1 on a grid and the others at their prior means this visits every polarity of an inversion recovery, as g
  /// changes sign where it must at each T1.
  @inlinable
  public mutating func start(among candidates: [[L]]) -> [L] {
    best(of: candidates.map { completed($0) })
  }
}
