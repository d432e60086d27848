internal import Acquisitions
internal import Checksums
public import Foundation
internal import NIfTI
internal import Posteriors
internal import QualityControl

/// The files of a fit and where its results go.
public struct FitFiles: Sendable, Equatable {
  /// The diffusion series, or a table of curves.
  public var input: URL
  /// The b-values in FSL form; nil is the image's name with `.bval`.
  public var bValues: URL?
  /// The voxels to fit; nil is all that can be.
  public var mask: URL?
  /// The label image of the lesions.
  public var lesions: URL?
  /// The names of the labels: columns `index` and `name`.
  public var lesionNames: URL?
  /// The number of averages of each volume.
  public var averages: URL?
  /// Priors of the user's own, in place of a built-in tissue.
  public var priors: URL?
  /// Further files of a T1 series, after `input`.
  public var moreInputs: [URL] = []
  /// Ratio of true to nominal flip angle (VFA).
  public var b1: URL?
  /// Noise SD of every voxel, in image units.
  public var sigma: URL?
  /// The folder that is made.
  public var output: URL
  /// True if a folder made earlier may be replaced.
  public var overwrites = false

  /// The files of a fit of `input` whose results go to `output`.
  public init(input: URL, output: URL) {
    self.input = input
    self.output = output
  }

  /// True if the input is a table of curves instead of an image.
  var isTable: Bool { ["tsv", "csv", "txt"].contains(input.pathExtension.lowercased()) }

  /// Refuses options that mean nothing for this input: a table of curves has no volumes and no voxels, and means of
  /// lesions need lesions.
  func check(_ configuration: FitConfiguration) throws(RunError) {
    if !isTable && configuration.roiMean && lesions == nil {
      throw RunError(
        .usage, at: "--roi-mean", "there are no lesions whose mean could be taken",
        advice: "Give the label image with --lesions")
    }
    guard isTable else { return }
    let useless = [
      ("--bval", bValues != nil), ("--mask", mask != nil), ("--lesions", lesions != nil),
      ("--lesion-names", lesionNames != nil), ("--averages", averages != nil), ("--b1", b1 != nil),
      ("--sigma", sigma != nil), ("--exclude-volumes", !configuration.excludeVolumes.isEmpty),
      ("--exclude-flagged", configuration.excludeFlagged),
      ("--directions", configuration.directions != FitConfiguration().directions),
    ]
    for (option, isGiven) in useless where isGiven {
      throw RunError(
        .usage, at: option, "\(input.relativePath) is a table of curves, which has no volumes and no voxels",
        advice: "Leave \(option) out, and edit the rows of the table instead")
    }
  }

  /// The file of b-values: the one given, or the image's name with `.bval`.
  func bValueFile() throws(RunError) -> URL {
    if let bValues { return bValues }
    var name = input.lastPathComponent
    for suffix in [".gz", ".nii"] where name.hasSuffix(suffix) { name = String(name.dropLast(suffix.count)) }
    let file = input.deletingLastPathComponent().appending(path: name + ".bval")
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw RunError(
        .missingInput, at: input.relativePath, "there is no file \(name).bval beside the image",
        advice: "Give the file of b-values with --bval")
    }
    return file
  }

  /// Digests of every input by its base name, for the run file.
  func digests(isT1: Bool = false) throws(RunError) -> [String: String] {
    var digests: [String: String] = [:]
    let weightings = isTable || isT1 ? nil : try bValueFile()
    for file in [input, weightings, b1, sigma, mask, lesions, lesionNames, averages, priors].compactMap({ $0 }
    ) + moreInputs {
      do {
        let digest = try SHA256Digest(ofFile: file).description
        // Files of one name in two folders: both are inputs, and both are recorded.
        let names = (1...).lazy.map { $0 == 1 ? file.lastPathComponent : "\(file.lastPathComponent) (\($0))" }
        if let name = names.first(where: { digests[$0] ?? digest == digest }) { digests[name] = digest }
      } catch {
        throw RunError(
          .missingInput, at: file.relativePath, "the file cannot be read",
          advice: "Check its path and permissions")
      }
    }
    return digests
  }
}

/// What a fit reads: series, lesions and priors, with what is worth telling.
struct FitInputs {
  let series: FitSeries
  let lesions: [FitLesion]
  /// Rows of `series` outside every lesion.
  let background: [Int]
  let priors: TissuePriors
  let notices: [String]
  /// True if the input is a table of curves or was reduced to lesion means: no maps.
  let isRegional: Bool
  /// The quality of every volume in every lesion; nil for tables and where there are no lesions.
  let quality: QualityTable?
  /// σ if it is known.
  let knownSigma: KnownSigma?
  /// The scan, if it is one of T1.
  let t1: T1Scan?

  /// A lesion with the series that it is fitted to (its own where volumes are excluded for it alone).
  struct FitLesion {
    let lesion: Lesion
    let series: FitSeries
  }
}

extension FitInputs {
  /// Reads everything that `files` names, as `configuration` selects.
  static func read(_ files: FitFiles, _ configuration: FitConfiguration) throws -> FitInputs {
    configuration.method == nil
      ? try readDiffusion(files, configuration) : try readT1(files, configuration)
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
    return try assemble(
      FitSeries(whole), found, lesions, files, configuration, priors: priors, notices: notices,
      quality: quality)
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
    return try assemble(
      series, found, lesions, files, configuration, priors: priors,
      notices: places.notices + scan.notices(priors: priors) + flags, quality: quality, t1: scan)
  }

  /// Voxels and lesions as they are, or each lesion reduced to its mean.
  private static func assemble(
    _ series: FitSeries, _ found: [Lesion], _ lesions: [FitLesion], _ files: FitFiles,
    _ configuration: FitConfiguration, priors: TissuePriors, notices: [String], quality: QualityTable?,
    t1: T1Scan? = nil
  ) throws -> FitInputs {
    var notices = priorNotices(priors) + notices
    for lesion in found where lesion.rows.isEmpty {
      notices.append("lesion \(lesion.label) (\(lesion.name)): no voxel can be fitted; it is left out")
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
    return FitInputs(
      series: series, lesions: isRegional ? reduced : lesions,
      background: isRegional ? [] : series.voxels.indices.filter { !inLesions.contains($0) }, priors: priors,
      notices: notices, isRegional: isRegional, quality: quality,
      knownSigma: try knownSigma(files, configuration, grid: series.grid), t1: t1)
  }

  /// Curves of a table: each is a lesion of one row.
  private static func regional(
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

  private static func priorNotices(_ priors: TissuePriors) -> [String] {
    priors.defaulted.isEmpty
      ? [] : ["priors: \(priors.defaulted.joined(separator: ", ")) taken from lung-tumour"]
  }

  /// σ from the command line, or from a map by world coordinates.
  private static func knownSigma(_ files: FitFiles, _ configuration: FitConfiguration, grid: Grid) throws
    -> KnownSigma?
  {
    if let file = files.sigma {
      let map = try NIfTIImage.read(file).interpolated(onto: grid)
      guard map.contains(where: { $0.isFinite && $0 > 0 }) else {
        throw RunError(
          .badInput, at: file.relativePath, "the noise map does not overlap the image",
          advice: "Check that both are of the same session")
      }
      let known = map.filter { $0.isFinite && $0 > 0 }.sorted()
      let typical = known[known.count / 2]
      return .map(map.map { $0.isFinite && $0 > 0 ? $0 : typical })
    }
    return configuration.sigma.map { .value($0) }
  }

  private static func priors(_ files: FitFiles, _ configuration: FitConfiguration) throws -> TissuePriors {
    if let file = files.priors { return try TissuePriors.read(file) }
    guard let priors = TissuePriors.named(configuration.tissue) else {
      let names = TissuePriors.builtIn.map(\.name).joined(separator: ", ")
      throw RunError(
        .usage, at: "--tissue", "there is no tissue \"\(configuration.tissue)\"",
        advice: "Choose one of \(names), or give a file with --priors")
    }
    return priors
  }

  private static func selection(_ files: FitFiles, _ configuration: FitConfiguration) throws
    -> DiffusionSelection
  {
    guard let directions = DirectionPooling(rawValue: configuration.directions) else {
      let names = DirectionPooling.allCases.map(\.rawValue).joined(separator: ", ")
      throw RunError(
        .usage, at: "--directions", "there is no pooling \"\(configuration.directions)\"",
        advice: "Choose one of \(names)")
    }
    return DiffusionSelection(
      lowestB: configuration.bMin, highestB: configuration.bMax,
      exclusions: try VolumeExclusions(parsing: configuration.excludeVolumes),
      averages: try files.averages.map { try DiffusionSelection.readAverages($0) }, directions: directions)
  }
}
