internal import Acquisitions
internal import Diagnostics
internal import Foundation
internal import GSLSupport
internal import LaneMath
internal import Lesions
internal import SignalModels

/// What the scanner would measure again: the tissue of one joint draw, and its signals with noise.
extension RescannedVisit {
  /// The tissue of every voxel: one joint draw, moved on the axes until its lesions have the common levels.
  func tissue(levels: [[LesionParameter: Double]], replicate: Int) -> [LesionParameter: [Double]] {
    let start = place(ofReplicate: replicate)
    var tissue: [LesionParameter: [Double]] = [:]
    for (parameter, values) in draws {
      var places = values[start..<start + voxels.count].map(parameter.scale.axis)
      for lesion in labels.indices {
        let members = voxels.indices.filter { voxels[$0].lesion == lesion }
        guard let level = levels[lesion][parameter], !members.isEmpty else { continue }
        let mean = members.map { places[$0] }.mean
        for member in members { places[member] += level - mean }
      }
      tissue[parameter] = places.map(parameter.scale.value)
    }
    return tissue
  }

  /// Where the joint draw of a replicate begins: draws spread evenly over all chains.
  private func place(ofReplicate replicate: Int) -> Int {
    replicate * run.drawCount / (2 * DesignBias.replicates) * voxels.count
  }

  /// The signals of every voxel and volume, voxels fastest.
  func signals(of tissue: [LesionParameter: [Double]], replicate: Int, seed: UInt64) -> [Float] {
    let start = place(ofReplicate: replicate)
    let averages = record.averages.isEmpty ? record.settings.map { _ in 1.0 } : record.averages
    var stream = RandomStream(StreamKey(seed: seed, unit: replicate, purpose: .simulation))
    var values = [Float](repeating: 0, count: voxels.count * record.settings.count)
    let shape = curve()
    for voxel in voxels.indices {
      let amplitude = amplitudes[start + voxel]
      for (volume, g) in shape(tissue, voxel).enumerated() {
        let sigma = deviations[start + voxel] / averages[volume].squareRoot()
        let real = amplitude * g + sigma * stream.normal()
        let other = record.fingerprint.noise == "gaussian" ? 0 : sigma * stream.normal()
        values[volume * voxels.count + voxel] =
          Float(record.fingerprint.noise == "gaussian" ? real : (real * real + other * other).squareRoot())
      }
    }
    return values
  }

  /// The noiseless signal of a voxel relative to its amplitude, at every setting.
  private func curve() -> ([LesionParameter: [Double]], Int) -> [Double] {
    func evaluate(_ shape: some SignalShape, _ eta: [Double]) -> [Double] {
      var signal = [Double](repeating: 0, count: shape.settingCount)
      var workspace = [Double](repeating: 0, count: shape.workspaceCount)
      shape.evaluate(at: eta, signal: &signal, workspace: &workspace)
      return signal
    }
    let settings = record.settings
    guard let method = run.t1Method else {
      let shape = BiexponentialIVIM(bValues: settings.map { BValue($0) })
      return { tissue, voxel in
        let d = tissue[.diffusion]?[voxel] ?? .nan
        let f = tissue[.perfusionFraction]?[voxel] ?? .nan
        let fast = max((tissue[.pseudoDiffusion]?[voxel] ?? .nan) - d, 0.05 * d)
        return evaluate(shape, [Double.log(1000 * d), Double.log(f / (1 - f)), Double.log(1000 * fast)])
      }
    }
    func t1(_ tissue: [LesionParameter: [Double]], _ voxel: Int) -> Double {
      Double.log(tissue[.t1]?[voxel] ?? .nan)
    }
    let repetition = record.configuration.repetitionTime
    switch method {
    case .inversionRecovery:
      let shape = MagnetizationRecovery(
        inversionTimes: settings.map { InversionTime(seconds: $0) }, repetitionTime: repetition,
        fixedInversion: record.inversion)
      return { evaluate(shape, [t1($0, $1)]) }
    case .lookLocker, .molli:
      let shape = LookLockerRecovery(inversionTimes: settings.map { InversionTime(seconds: $0) })
      return { evaluate(shape, [t1($0, $1), 0.3]) }
    case .sasha:
      let shape = MagnetizationRecovery(
        saturationTimes: settings.map { SaturationTime(seconds: $0) }, isSaturationPerfect: true)
      return { evaluate(shape, [t1($0, $1)]) }
    case .variableFlipAngle:
      let shape = SpoiledGradientEcho(
        flipAngles: settings.map { FlipAngle(degrees: $0) }, repetitionTime: repetition ?? .nan, fixedB1: 1)
      return { evaluate(shape, [t1($0, $1)]) }
    }
  }
}
