internal import Acquisitions
internal import GSLSupport
internal import LaneMath
internal import SignalModels

/// The noisy signals of one series of one visit.
struct ScanSignals {
  /// Voxels fastest, volume after volume.
  let values: [Float]

  /// The diffusion series of `truth`, with noise of `sigma` keyed by `key` and the voxel.
  static func diffusion(_ truth: VisitTruth, plan: ScanPlan.Diffusion, sigma: Double, key: StreamKey) -> Self
  {
    let shape = BiexponentialIVIM(bValues: plan.bValues.map { BValue($0) })
    return Self(
      shape, of: truth.voxels, at: \.ivimCoordinates, amplitude: \.s0, noise: plan.noise, sigma: sigma,
      key: key)
  }

  /// The T1 series of `truth`; `plan.method` is one of the four.
  static func t1(_ truth: VisitTruth, plan: ScanPlan.T1, sigma: Double, key: StreamKey) -> Self {
    func signals(_ shape: some SignalShape, at eta: (SimulatedTissue) -> [Double]) -> Self {
      Self(shape, of: truth.voxels, at: eta, amplitude: \.m0, noise: plan.noise, sigma: sigma, key: key)
    }
    let times = plan.settings.map { InversionTime(seconds: $0) }
    switch plan.method {
    case "vfa":
      let angles = plan.settings.map { FlipAngle(degrees: $0) }
      return signals(
        SpoiledGradientEcho(flipAngles: angles, repetitionTime: plan.repetitionTime, fixedB1: 1)
      ) { [Double.log($0.t1)] }
    case "look-locker", "molli":
      let ratio = Double.log(plan.t1OverT1star)
      return signals(LookLockerRecovery(inversionTimes: times)) { [Double.log($0.t1), ratio] }
    default:
      let shape = MagnetizationRecovery(
        inversionTimes: times, repetitionTime: plan.repetitionTime, fixedInversion: plan.inversion)
      return signals(shape) { [Double.log($0.t1)] }
    }
  }

  private init(
    _ shape: some SignalShape, of voxels: [SimulatedTissue], at eta: (SimulatedTissue) -> [Double],
    amplitude: (SimulatedTissue) -> Double, noise: String, sigma: Double, key: StreamKey
  ) {
    let count = shape.settingCount
    var values = [Float](repeating: 0, count: voxels.count * count)
    var relative = [Double](repeating: 0, count: count)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    for (index, voxel) in voxels.enumerated() {
      var random = RandomStream(
        StreamKey(seed: key.seed, chain: key.chain, unit: index, purpose: key.purpose))
      shape.evaluate(at: eta(voxel), signal: &relative, workspace: &workspace)
      for (volume, g) in relative.enumerated() {
        let real = amplitude(voxel) * g + sigma * random.normal()
        let imaginary = noise == "rician" ? sigma * random.normal() : 0
        let signal = noise == "rician" ? (real * real + imaginary * imaginary).squareRoot() : real
        values[volume * voxels.count + index] = Float(signal)
      }
    }
    self.values = values
  }
}
