internal import LaneMath
internal import QualityControl
internal import SignalModels

extension CurveModel {
  /// The curve of a signal model for quality control, of its magnitude if `isMagnitude`.
  init<Shape: SignalShape>(
    of shape: Shape, priorMeans: [Double], priorSDs: [Double], isMagnitude: Bool = false
  ) {
    let (count, dimension) = (shape.settingCount, shape.coordinates.count)
    self.init(settingCount: count, priorMeans: priorMeans, priorSDs: priorSDs) { eta in
      var signal = [Double](repeating: 0, count: count)
      var derivatives = [Double](repeating: 0, count: dimension * count)
      var workspace = [Double](repeating: 0, count: shape.workspaceCount)
      shape.evaluate(at: eta, signal: &signal, derivatives: &derivatives, workspace: &workspace)
      let signs = signal.map { isMagnitude && $0 < 0 ? -1.0 : 1.0 }
      let slopes = (0..<count).flatMap { i in (0..<dimension).map { signs[i] * derivatives[$0 * count + i] } }
      return (zip(signs, signal).map { $0 * $1 }, slopes)
    }
  }
}
