internal import Acquisitions
internal import Foundation
internal import NIfTI
internal import Posteriors
internal import QualityControl

extension FitInputs {
  /// Reads everything that `files` names, as `configuration` selects.
  static func read(_ files: FitFiles, _ configuration: FitConfiguration) throws -> FitInputs {
    var inputs =
      configuration.method == nil
      ? try readDiffusion(files, configuration) : try readT1(files, configuration)
    inputs.isSynthetic = ReportSources.isSynthetic(files.input)
    if let notice = undeterminedNoise(inputs, configuration) { inputs.notices.append(notice) }
    return inputs
  }

  private static func readDiffusion(_ files: FitFiles, _ configuration: FitConfiguration) throws -> FitInputs
  {
    let priors = try priors(files, configuration)
    var selection = try selection(files, configuration)
    if files.isTable {
      let range = selection.lowestB...selection.highestB
      let curves = try SignalCurve.read(files.input).map { $0.selecting(range) }
      for curve in curves { _ = try curve.bValues() }
      return try regional(curves, files, configuration, priors: priors)
    }
    let image = try NIfTIImage.read(files.input)
    let bFile = try files.bValueFile()
    let bValues = try BValue.read(bFile)
    let places = try Places(files, grid: image.grid)
    func series(_ selection: DiffusionSelection, mask: Mask?) throws -> DiffusionSeries {
      try DiffusionSeries(
        image, from: files.input, bValues: bValues, from: bFile, mask: mask, selection: selection)
    }
    let whole = try series(selection, mask: places.mask)
    let found = places.lesions?.lesions(in: whole.voxels) ?? []
    for label in selection.exclusions.byLesion.keys.sorted()
    where !found.contains(where: { $0.label == label }) {
      throw AcquisitionError.badExclusion(text: "\(label):", reason: "there is no lesion \(label)")
    }
    var notices = places.notices
    let quality =
      found.isEmpty
      ? nil
      : DiffusionScreening.table(
        image, bValues: bValues, averages: selection.averages, series: whole, lesions: found, priors: priors)
    if let quality {
      if configuration.excludeFlagged {
        selection.exclusions = selection.exclusions.union(quality.exclusions)
      }
      notices += QualityNotices.notices(quality, excluding: configuration.excludeFlagged)
    }
    let lesions = try found.filter { !$0.rows.isEmpty }.map { lesion -> FitLesion in
      guard selection.exclusions.byLesion[lesion.label] != nil, let map = places.lesions else {
        return FitLesion(lesion: lesion, series: FitSeries(whole))
      }
      let inside = Mask(inside: map.labels.map { $0 == Int32(lesion.label) })
      let own = try series(selection.inLesion(lesion.label), mask: inside)
      let renumbered = Lesion(
        label: lesion.label, name: lesion.name, rows: Array(own.voxels.indices),
        labelledVoxelCount: lesion.labelledVoxelCount)
      return FitLesion(lesion: renumbered, series: FitSeries(own))
    }
    var inputs = try assemble(
      FitSeries(whole), found, lesions, files, configuration, priors: priors, notices: notices,
      quality: quality)
    inputs.reference = ReportSources.image(
      image, lowest: bValues.map(\.secondsPerSquareMillimeter), tolerance: 5)
    return inputs
  }

  /// A T1 series from its files and their sidecars, or from a table of curves.
  private static func readT1(_ files: FitFiles, _ configuration: FitConfiguration) throws -> FitInputs {
    let priors = try priors(files, configuration)
    if files.isTable {
      let curves = try SignalCurve.read(files.input)
      let scan = try T1Scan(files, configuration, tableSettings: curves.first?.settings)
      return try regional(curves, files, configuration, priors: priors, t1: scan)
    }
    let image = try T1Series.readImage([files.input] + files.moreInputs)
    let scan = try T1Scan(files, configuration, grid: image.grid)
    let places = try Places(files, grid: image.grid)
    let series = FitSeries(
      try T1Series(image, from: files.input, scan: scan.scanProtocol, mask: places.mask))
    let found = places.lesions?.lesions(in: series.voxels) ?? []
    let lesions = found.filter { !$0.rows.isEmpty }.map { FitLesion(lesion: $0, series: series) }
    let quality = scan.quality(image, lesions: found, voxels: series.voxels, priors: priors)
    let flags = quality.map { QualityNotices.notices($0, excluding: false) } ?? []
    var inputs = try assemble(
      series, found, lesions, files, configuration, priors: priors,
      notices: places.notices + scan.notices(priors: priors) + flags, quality: quality, t1: scan)
    inputs.reference = ReportSources.image(image, lowest: series.settings.map { -$0 }, tolerance: 0)
    return inputs
  }
}
