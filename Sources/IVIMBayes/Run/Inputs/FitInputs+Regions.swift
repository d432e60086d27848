internal import Acquisitions
internal import Foundation
internal import NIfTI
internal import Posteriors
internal import QualityControl

extension FitInputs {
  /// Voxels and lesions as they are, or each lesion reduced to its mean.
  static func assemble(
    _ series: FitSeries, _ found: [Lesion], _ lesions: [FitLesion], _ files: FitFiles,
    _ configuration: FitConfiguration, priors: TissuePriors, notices: [String], quality: QualityTable?,
    t1: T1Scan? = nil
  ) throws -> FitInputs {
    var notices = priorNotices(priors) + notices
    for lesion in found where lesion.rows.isEmpty {
      notices.append("lesion \(lesion.label) (\(lesion.name)): no voxel can be fitted; it is left out")
    }
    for lesion in found where !lesion.rows.isEmpty && lesion.rows.count < lesion.labelledVoxelCount {
      notices.append(
        "lesion \(lesion.label) (\(lesion.name)): \(lesion.labelledVoxelCount - lesion.rows.count) of "
          + "\(lesion.labelledVoxelCount) voxels are left out: outside of the mask, or with a signal that cannot be fitted "
          + "(NaN, infinite, too large, constant)")
    }
    let largest = FitConfiguration.largestJoinedLesion
    for lesion in found where lesion.rows.count > largest && configuration.joinsLesions {
      notices.append(
        "lesion \(lesion.label) (\(lesion.name)): \(lesion.rows.count) voxels are more than the \(largest) that are fitted "
          + "jointly; its voxels are independent, and the interval of its mean is too narrow")
    }
    let inLesions = Set(found.flatMap(\.rows))
    let reduced = lesions.map { entry in
      FitLesion(
        lesion: Lesion(
          label: entry.lesion.label, name: entry.lesion.name, rows: [0],
          labelledVoxelCount: entry.lesion.labelledVoxelCount),
        series: FitSeries(
          settings: entry.series.settings, averages: entry.series.averages,
          means: entry.series.signals.mean(ofRows: entry.lesion.rows), unit: entry.lesion.label,
          grid: entry.series.grid))
    }
    let isRegional = configuration.roiMean
    let known = try knownSigma(files, configuration, grid: series.grid)
    let places = Dictionary(
      lesions.map { entry in (entry.lesion.label, entry.lesion.rows.map { entry.series.voxels[$0] }) }
    ) { first, _ in first }
    if isRegional, known != nil {
      notices.append("--sigma is the noise of a voxel: the mean of a lesion of n voxels has sigma / √n")
    }
    return FitInputs(
      series: series, lesions: isRegional ? reduced : lesions,
      background: isRegional ? [] : series.voxels.indices.filter { !inLesions.contains($0) }, priors: priors,
      notices: notices, isRegional: isRegional, quality: quality,
      knownSigma: isRegional ? known?.reduced(to: places) : known,
      t1: isRegional ? t1?.reduced(to: places) : t1)
  }

  /// Curves of a table: each is a lesion of one row.
  static func regional(
    _ curves: [SignalCurve], _ files: FitFiles, _ configuration: FitConfiguration, priors: TissuePriors,
    t1: T1Scan? = nil
  ) throws -> FitInputs {
    let grid = Grid(shape: [1, 1, 1], affine: .scaling([1, 1, 1]))
    let lesions = curves.enumerated().map { index, curve in
      FitLesion(
        lesion: Lesion(
          label: index + 1, name: curve.id.isEmpty ? curve.lesion : "\(curve.id) \(curve.lesion)", rows: [0],
          labelledVoxelCount: 1),
        series: FitSeries(
          settings: curve.settings, averages: curve.averages, means: curve.signals, unit: index + 1,
          grid: grid))
    }
    guard let first = lesions.first else {
      throw RunError(
        .badInput, at: files.input.relativePath, "the table has no curves",
        advice: "Give one row for each lesion and setting")
    }
    if let t1, let other = lesions.first(where: { $0.series.settings != t1.scanProtocol.settings.values }) {
      throw RunError(
        .badInput, at: files.input.relativePath,
        "lesion \(other.lesion.name) has other settings than the first",
        advice: "Fit curves of different protocols one by one")
    }
    return FitInputs(
      series: first.series, lesions: lesions, background: [], priors: priors,
      notices: priorNotices(priors) + (t1?.notices(priors: priors) ?? []), isRegional: true, quality: nil,
      knownSigma: configuration.sigma.map { .value($0) }, t1: t1)
  }
}
