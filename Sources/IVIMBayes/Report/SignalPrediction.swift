internal import Diagnostics
internal import Foundation
internal import GSLSupport
internal import Reporting

/// What a new measurement of a lesion's mean signal would show, from the joint draws of its voxels.
///
///     ŷ(b) = (1/V) Σᵥ E[yᵥ(b)] + N(0, Σᵥ Var yᵥ(b) / (n V²))
///
/// with n the averages of the setting; the moments of a voxel are those of its model and noise (``VoxelSignal``).
struct SignalPrediction {
  /// Joint draws that are used: enough for 5 % and 95 % quantiles to a tenth of their width.
  private static let drawCount = 200
  /// Places of the drawn curve.
  private static let placeCount = 41

  private let run: ReportedRun
  private let lesion: String
  private let voxels: [Int]
  private let width: Int
  private let signal: VoxelSignal

  /// Nil if the run kept no draws of voxels, or not all that its model needs.
  init?(_ run: ReportedRun, lesion: String) {
    guard let signal = VoxelSignal(run), let lesions = run.voxelLesions else { return nil }
    voxels = lesions.indices.filter { "\(lesions[$0])" == lesion }
    if voxels.isEmpty { return nil }
    (self.run, self.lesion, self.signal, width) = (run, lesion, signal, lesions.count)
  }

  /// Quantiles at settings that are closer where signals bend, and at every measured one, in order.
  func quantiles(seed: UInt64) -> [SignalFigure.Curve.Prediction] {
    let measured = run.signals.filter { $0.lesion == lesion }
    guard let posterior = run.posterior, let last = measured.map(\.setting).filter(\.isFinite).max(),
      let least = measured.map(\.setting).min()
    else { return [] }
    let first = run.record.settingsName == "flip_angles" ? least : 0
    let spread = (0..<Self.placeCount).map {
      first + (last - first) * pow(Double($0) / Double(Self.placeCount - 1), 1.5)
    }
    let settings = Set(spread + measured.map(\.setting)).filter { !$0.isNaN }.sorted()
    let count = posterior.extent(of: .chain) * posterior.extent(of: .draw)
    let step = max(1, count / Self.drawCount)
    let draws = Array(stride(from: step / 2, to: count, by: step))
    var random = RandomStream(StreamKey(seed: seed, unit: Int(lesion) ?? 0, purpose: .prediction))
    let noise = draws.map { _ in random.normal() }
    return settings.map { setting in
      let averages =
        measured.first { $0.setting == setting }?.averages ?? measured.map(\.averages).min() ?? 1
      let values = zip(draws, noise).map { draw, noise in
        var (sum, variance) = (0.0, 0.0)
        for voxel in voxels {
          let moments = signal.moments(at: setting, draw * width + voxel)
          sum += moments.mean
          variance += moments.variance
        }
        return (sum + noise * (variance / averages).squareRoot()) / Double(voxels.count)
      }.sorted()
      return SignalFigure.Curve.Prediction(
        setting: setting, lower: values.quantile(0.05), median: values.quantile(0.5),
        upper: values.quantile(0.95))
    }
  }
}

extension ReportedRun {
  /// The label of the lesion of every voxel among the draws.
  var voxelLesions: [Int]? {
    places?.variable("voxel_lesion")?.values.doubles?.map { Int($0) }
  }
}
