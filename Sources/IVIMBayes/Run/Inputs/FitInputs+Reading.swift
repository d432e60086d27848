internal import Acquisitions
internal import Foundation
internal import NIfTI
internal import Posteriors
internal import QualityControl
internal import Tables

extension FitInputs {
  /// Reads everything that `files` names, as `configuration` selects.
  static func read(_ files: FitFiles, _ configuration: FitConfiguration) throws -> FitInputs {
    var inputs =
      configuration.method == nil
      ? try readDiffusion(files, configuration) : try readT1(files, configuration)
    inputs.isSynthetic = ReportSources.isSynthetic(files.input)
    try inputs.check(files, configuration)
    inputs.notices.insert(inputs.takenForGranted(files, configuration), at: 0)
    return inputs
  }

  /// What the measurements, the noise and the model must have in common, whatever they were read from.
  private mutating func check(_ files: FitFiles, _ configuration: FitConfiguration) throws(RunError) {
    let noise = configuration.noiseModel
    let place = files.input.relativePath
    for series in [series] + lesions.map(\.series) {
      if !noise.acceptsAverages, let most = series.averages.max(), most > 1 {
        throw RunError(
          .badInput, at: place,
          "measurements of \(TabSeparatedTable.field(most)) averages have no likelihood under \(noise.words) noise",
          advice: "Use --noise rician, or leave out --averages and --directions; in a table, give n = 1")
      }
      let signals = series.signals
      if isRegional, !noise.acceptsSigns,
        (0..<signals.voxelCount).contains(where: { row in
          (0..<signals.settingCount).contains { signals[row, $0] < 0 }
        })
      {
        throw RunError(
          .badInput, at: place, "a signal is negative, which no magnitude is",
          advice: "Give --polarity signed, or --noise gaussian, if the signals carry signs")
      }
    }
    let rule = LeastSettings.of(configuration)
    var said: [String] = []
    for series in isRegional ? lesions.map(\.series) : [series] + lesions.map(\.series) {
      let found = try rule.check(
        series.settings, isSigmaKnown: knownSigma != nil,
        isPointEstimate: configuration.engine == FitConfiguration.leastSquares, place: place)
      said += found.filter { !said.contains($0) }
    }
    notices += said
    let negative = series.exclusions[.negativeMagnitude] ?? 0
    if negative > 0 {
      notices.append(
        "\(negative) voxels hold negative values, which no magnitude has: they are left out"
          + (negative > voxelCount / 20
            ? " (do the images carry signs? \(t1 == nil ? "--noise gaussian" : "--polarity signed"))" : ""))
    }
    for entry in lesions where entry.lesion.rows.count < entry.lesion.labelledVoxelCount && !isRegional {
      notices.append(
        "lesion \(entry.lesion.label) (\(entry.lesion.name)): "
          + "\(entry.lesion.labelledVoxelCount - entry.lesion.rows.count) of its \(entry.lesion.labelledVoxelCount) voxels "
          + "cannot be fitted and are left out")
    }
  }

  private static func readDiffusion(_ files: FitFiles, _ configuration: FitConfiguration) throws -> FitInputs
  {
    let priors = try priors(files, configuration)
    var selection = try selection(files, configuration)
    if files.isTable {
      let measured = try SignalCurve.read(files.input)
      let curves = measured.map { $0.selecting(selection) }
      for curve in curves { _ = try curve.bValues() }
      var inputs = try regional(curves, files, configuration, priors: priors)
      let left = Set(measured.compactMap { selection.leftOutNotice(of: $0.settings.map { BValue($0) }) })
      inputs.notices += left.sorted()
      return inputs
    }
    let image = try NIfTIImage.read(files.input)
    let bFile = try files.bValueFile()
    let bValues = try BValue.read(bFile)
    if selection.shellsInRange(of: bValues).count < 2, let left = selection.leftOutNotice(of: bValues) {
      throw RunError(
        .badInput, at: bFile.relativePath, "fewer than two b-values are left to fit (\(left))",
        advice: "Widen --b-min and --b-max, or measure at more b-values")
    }
    let reference = ReportSources.image(
      image, lowest: bValues.map(\.secondsPerSquareMillimeter), tolerance: 5)
    let places = try Places(files, configuration, grid: image.grid, reference: reference)
    func series(_ selection: DiffusionSelection, mask: Mask?) throws -> DiffusionSeries {
      try DiffusionSeries(
        image, from: files.input, bValues: bValues, from: bFile, mask: mask, selection: selection,
        areMagnitudes: configuration.magnitudeDensity != nil)
    }
    let whole = try series(selection, mask: places.mask)
    let found = places.lesions?.lesions(in: whole.voxels) ?? []
    for label in selection.exclusions.byLesion.keys.sorted()
    where !found.contains(where: { $0.label == label }) {
      throw AcquisitionError.badExclusion(text: "\(label):", reason: "there is no lesion \(label)")
    }
    var notices = places.notices
    if let left = selection.leftOutNotice(of: bValues) { notices.append(left) }
    if let jump = Self.unequalBaselines(whole) { notices.append(jump) }
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
    inputs.reference = reference
    return inputs
  }

  /// More than this share apart, the mean signals of volumes without weighting are not one scan.
  private static let largestBaselineDifference = 0.08

  /// What to tell where the volumes of the lowest shell have different mean signals over the voxels that are fitted.
  private static func unequalBaselines(_ series: DiffusionSeries) -> String? {
    // Median ratios to the first: single voxels may be anything.
    let ratios = series.lowestShell.map { setting in
      let found = (0..<series.signals.voxelCount).map { row in
        Double(series.signals[row, setting]) / Double(series.signals[row, series.lowestShell[0]])
      }.filter(\.isFinite).sorted()
      return found.isEmpty ? 1 : found[found.count / 2]
    }
    guard ratios.count > 1, let least = ratios.min(), let most = ratios.max(), least > 0,
      most / least > 1 + largestBaselineDifference, (most / least).isFinite
    else { return nil }
    let volumes = series.lowestShell.compactMap { series.settings[$0].volumes.first }.map(String.init)
    return "the volumes of the lowest b-value (\(volumes.joined(separator: ", "))) differ by "
      + String(format: "%.0f", 100 * (most / least - 1))
      + " % in mean signal: two series joined with different scaling, motion, or averages that differ (--averages)"
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
    let scan = try T1Scan(files, configuration, grid: image.grid, volumeCount: image.volumeCount)
    let reference = ReportSources.image(
      image, lowest: scan.scanProtocol.settings.values.map { -$0 }, tolerance: 0)
    let places = try Places(files, configuration, grid: image.grid, reference: reference)
    let series = FitSeries(
      try T1Series(
        image, from: files.input, scan: scan.scanProtocol, mask: places.mask,
        areMagnitudes: configuration.magnitudeDensity != nil))
    let found = places.lesions?.lesions(in: series.voxels) ?? []
    let lesions = found.filter { !$0.rows.isEmpty }.map { FitLesion(lesion: $0, series: series) }
    let quality = scan.quality(image, lesions: found, voxels: series.voxels, priors: priors)
    let flags = quality.map { QualityNotices.notices($0, excluding: false) } ?? []
    var inputs = try assemble(
      series, found, lesions, files, configuration, priors: priors,
      notices: places.notices + scan.notices(priors: priors) + scan.coverageNotice(of: series.voxels) + flags,
      quality: quality, t1: scan)
    inputs.reference = reference
    return inputs
  }
}
