internal import Acquisitions
internal import LaneMath
internal import SignalModels

/// The ADC that a monoexponential fit to noiseless biexponential signals gives: what "true ADC" means in a simulation.
///
/// The ADC of perfused tissue depends on the b-values. With Gaussian noise the monoexponential posterior contracts to the
/// least-squares fit of the noiseless signals, min over A and ADC of Σᵢ (gᵢ − A e^(−bᵢ ADC))², which this computes by
/// Gauss–Newton on the profile over A.
struct NoiselessADC {
  private let bValues: [Double]
  private let shape: BiexponentialIVIM

  /// The ADC from those of the b-values that lie in `range`, s/mm², with the tolerance of one shell.
  init(bValues: [Double], range: ClosedRange<Double> = 0...1000) {
    let chosen = bValues.filter { (range.lowerBound - 5...range.upperBound + 5).contains($0) }
    self.bValues = chosen
    shape = BiexponentialIVIM(bValues: chosen.map { BValue($0) })
  }

  /// The ADC of tissue, mm²/s.
  func value(of tissue: SimulatedTissue) -> Double {
    var signals = [Double](repeating: 0, count: bValues.count)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    shape.evaluate(at: tissue.ivimCoordinates, signal: &signals, workspace: &workspace)
    var adc = tissue.d
    for _ in 0..<50 {
      let decays = bValues.map { Double.exp(-$0 * adc) }
      let power = decays.reduce(0) { $0 + $1 * $1 }
      let amplitude = zip(signals, decays).reduce(0) { $0 + $1.0 * $1.1 } / power
      let tilt = zip(bValues, decays).reduce(0) { $0 + $1.0 * $1.1 * $1.1 } / power
      var slopeTimesResidual = 0.0
      var slopeSquared = 0.0
      for (i, decay) in decays.enumerated() {
        // The part of ∂(A e^(−b ADC))/∂ADC that a change of A cannot make.
        let slope = -amplitude * (bValues[i] - tilt) * decay
        slopeTimesResidual += slope * (signals[i] - amplitude * decay)
        slopeSquared += slope * slope
      }
      let step = slopeTimesResidual / slopeSquared
      adc += step
      if abs(step) < 1e-12 * adc { break }
    }
    return adc
  }
}

extension SimulatedTissue {
  /// η of `BiexponentialIVIM`.
  var ivimCoordinates: [Double] {
    [Double.log(1000 * d), Double.log(f / (1 - f)), Double.log(1000 * (dstar - d))]
  }
}
