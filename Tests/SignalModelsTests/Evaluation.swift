import GSLSupport
import LaneMath
import SignalModels
import Testing

/// The signal by both evaluations, and the derivatives.
func evaluated(_ shape: some SignalShape, at eta: [Double])
  -> (signal: [Double], signalBesideDerivatives: [Double], derivatives: [Double])
{
  let n = shape.settingCount
  var workspace = [Double](repeating: .nan, count: shape.workspaceCount)
  var plain = [Double](repeating: .nan, count: n)
  var beside = plain
  var derivatives = [Double](repeating: .nan, count: n * eta.count)
  shape.evaluate(at: eta, signal: &plain, workspace: &workspace)
  shape.evaluate(at: eta, signal: &beside, derivatives: &derivatives, workspace: &workspace)
  return (plain, beside, derivatives)
}

/// The largest difference between a derivative and a fourth-order central difference of step 10⁻³.
func worstDerivativeError(of shape: some SignalShape, at eta: [Double]) -> Double {
  let derivatives = evaluated(shape, at: eta).derivatives
  let step = 1e-3
  var worst = 0.0
  for k in eta.indices {
    func signal(_ multiple: Double) -> [Double] {
      var moved = eta
      moved[k] += multiple * step
      return evaluated(shape, at: moved).signal
    }
    let (far, near, nearUp, farUp) = (signal(-2), signal(-1), signal(1), signal(2))
    for i in 0..<shape.settingCount {
      let difference = (far[i] - 8 * near[i] + 8 * nearUp[i] - farUp[i]) / (12 * step)
      worst = max(worst, abs(difference - derivatives[k * shape.settingCount + i]))
    }
  }
  return worst
}

/// Checks that signal and derivatives of eight voxels side by side are bit-identical to those of each voxel alone.
func expectLanesIdentical(_ shape: some SignalShape, means: [Double], deviations: [Double]) {
  var random = RandomStream(StreamKey(seed: 3, purpose: .prior))
  for _ in 0..<20 {
    let voxels = (0..<8).map { _ in
      zip(means, deviations).map { random.normal(mean: $0, standardDeviation: $1) }
    }
    let eta = means.indices.map { k in Lane8(voxels.map { $0[k] }) }
    var workspace = [Lane8](repeating: 0, count: shape.workspaceCount)
    var signal = [Lane8](repeating: 0, count: shape.settingCount)
    var derivatives = [Lane8](repeating: 0, count: shape.settingCount * means.count)
    shape.evaluate(at: eta, signal: &signal, derivatives: &derivatives, workspace: &workspace)
    for (lane, voxel) in voxels.enumerated() {
      let alone = evaluated(shape, at: voxel)
      #expect(signal.map { $0[lane] } == alone.signal)
      #expect(derivatives.map { $0[lane] } == alone.derivatives)
    }
  }
}
