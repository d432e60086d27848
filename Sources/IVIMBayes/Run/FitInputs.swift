internal import Acquisitions
internal import Checksums
public import Foundation
internal import NIfTI
internal import Posteriors
internal import QualityControl

/// The files of a fit and where its results go.
public struct FitFiles: Sendable, Equatable {
  public var input: URL
  public var bValues: URL?
  public var mask: URL?
  public var lesions: URL?
  public var lesionNames: URL?
  public var averages: URL?
  public var priors: URL?
  public var output: URL
  public var overwrites = false

  /// The files of a fit of `input` whose results go to `output`.
  public init(input: URL, output: URL) {
    self.input = input
    self.output = output
  }

  /// True if the input is a table of curves instead of an image.
  var isTable: Bool { ["tsv", "csv", "txt"].contains(input.pathExtension.lowercased()) }

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
  func digests() throws(RunError) -> [String: String] {
    var digests: [String: String] = [:]
    let weightings = isTable ? nil : try bValueFile()
    for file in [input, weightings, mask, lesions, lesionNames, averages, priors].compactMap({ $0 }) {
      do {
        digests[file.lastPathComponent] = try SHA256Digest(ofFile: file).description
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
  let series: DiffusionSeries
  let lesions: [FitLesion]
  /// Rows of `series` outside every lesion.
  let background: [Int]
  let priors: TissuePriors
  let notices: [String]
  /// True if the input is a table of curves or was reduced to lesion means: no maps.
  let isRegional: Bool
  /// The whole image, for quality control; nil for tables.
  let image: NIfTIImage?
  /// The quality of every volume in every lesion; nil for tables and where there are no lesions.
  let quality: QualityTable?

  /// A lesion with the series that it is fitted to (its own where volumes are excluded for it alone).
  struct FitLesion {
    let lesion: Lesion
    let series: DiffusionSeries
  }
}

extension FitInputs {
  /// Reads everything that `files` names, as `configuration` selects.
  static func read(_ files: FitFiles, _ configuration: FitConfiguration) throws -> FitInputs {
    let priors = try priors(files, configuration)
    var notices: [String] = []
    if !priors.defaulted.isEmpty {
      notices.append("priors: \(priors.defaulted.joined(separator: ", ")) taken from lung-tumour")
    }
    var selection = try selection(files, configuration)
    if files.isTable {
      return try table(files, selection: selection, priors: priors, notices: notices)
    }
    let image = try NIfTIImage.read(files.input)
    let bFile = try files.bValueFile()
    let bValues = try BValue.read(bFile)
    let map = try files.lesions.map { try LesionMap.read($0, names: files.lesionNames, onto: image.grid) }
    var mask = try files.mask.map { try Mask.read($0, onto: image.grid) }
    notices += (map?.notices ?? []) + (mask?.notices ?? [])
    if let map { mask = mask?.including(map) }
    let series = try DiffusionSeries(
      image, from: files.input, bValues: bValues, from: bFile, mask: mask, selection: selection)
    let found = map?.lesions(in: series.voxels) ?? []
    for lesion in found where lesion.rows.isEmpty {
      notices.append("lesion \(lesion.label) (\(lesion.name)): no voxel can be fitted; it is left out")
    }
    let quality =
      found.isEmpty
      ? nil
      : DiffusionScreening.table(
        image, bValues: bValues, averages: selection.averages, series: series, lesions: found, priors: priors)
    if let quality {
      let flagged = quality.rows.count(where: \.isFlagged)
      if configuration.excludeFlagged {
        selection.exclusions = selection.exclusions.union(quality.exclusions)
        for (label, volumes) in quality.exclusions.byLesion.sorted(by: { $0.key < $1.key }) {
          let list = volumes.sorted().map(String.init).joined(separator: ",")
          notices.append("quality control: volumes \(list) of lesion \(label) are left out")
        }
      } else if flagged > 0 {
        notices.append("quality control flags \(flagged) volumes: see the _qc.tsv, or add --exclude-flagged")
      }
    }
    var lesions: [FitLesion] = []
    for lesion in found where !lesion.rows.isEmpty {
      guard selection.exclusions.byLesion[lesion.label] != nil, let map else {
        lesions.append(FitLesion(lesion: lesion, series: series))
        continue
      }
      let inside = Mask(inside: map.labels.map { $0 == Int32(lesion.label) })
      let own = try DiffusionSeries(
        image, from: files.input, bValues: bValues, from: bFile, mask: inside,
        selection: selection.inLesion(lesion.label))
      let renumbered = Lesion(
        label: lesion.label, name: lesion.name, rows: Array(own.voxels.indices),
        labelledVoxelCount: lesion.labelledVoxelCount)
      lesions.append(FitLesion(lesion: renumbered, series: own))
    }
    if configuration.roiMean {
      return regional(
        lesions, series: series, files, priors: priors, notices: notices, image: image, quality: quality)
    }
    let inLesions = Set(found.flatMap(\.rows))
    return FitInputs(
      series: series, lesions: lesions,
      background: series.voxels.indices.filter { !inLesions.contains($0) }, priors: priors, notices: notices,
      isRegional: false, image: image, quality: quality)
  }

  /// Each lesion reduced to its mean signal.
  private static func regional(
    _ lesions: [FitLesion], series: DiffusionSeries, _ files: FitFiles, priors: TissuePriors,
    notices: [String], image: NIfTIImage?, quality: QualityTable?
  ) -> FitInputs {
    let reduced = lesions.map { entry in
      let table = VoxelTable(
        voxelCount: 1, settingCount: entry.series.settings.count,
        values: entry.series.signals.mean(ofRows: entry.lesion.rows).map { Float($0) })
      let own = DiffusionSeries(
        settings: entry.series.settings, signals: table, voxels: [entry.lesion.label], grid: entry.series.grid
      )
      let lesion = Lesion(
        label: entry.lesion.label, name: entry.lesion.name, rows: [0],
        labelledVoxelCount: entry.lesion.labelledVoxelCount)
      return FitLesion(lesion: lesion, series: own)
    }
    return FitInputs(
      series: series, lesions: reduced, background: [], priors: priors, notices: notices, isRegional: true,
      image: image, quality: quality)
  }

  /// A table of curves: each curve is a lesion of one voxel.
  private static func table(
    _ files: FitFiles, selection: DiffusionSelection, priors: TissuePriors, notices: [String]
  ) throws -> FitInputs {
    let range = selection.lowestB...selection.highestB
    let curves = try SignalCurve.read(files.input).map { $0.selecting(range) }
    let grid = Grid(shape: [1, 1, 1], affine: .scaling([1, 1, 1]))
    let lesions = try curves.enumerated().map { index, curve in
      let settings = try zip(curve.bValues(), curve.averages).enumerated().map { place, pair in
        DiffusionSetting(bValue: pair.0, averages: pair.1, volumes: [place])
      }
      let table = VoxelTable(
        voxelCount: 1, settingCount: settings.count, values: curve.signals.map { Float($0) })
      let name = curve.id.isEmpty ? curve.lesion : "\(curve.id) \(curve.lesion)"
      return FitLesion(
        lesion: Lesion(label: index + 1, name: name, rows: [0], labelledVoxelCount: 1),
        series: DiffusionSeries(settings: settings, signals: table, voxels: [index + 1], grid: grid))
    }
    guard let first = lesions.first else {
      throw RunError(
        .badInput, at: files.input.relativePath, "the table has no curves",
        advice: "Give one row for each lesion and setting")
    }
    return FitInputs(
      series: first.series, lesions: lesions, background: [], priors: priors, notices: notices,
      isRegional: true, image: nil, quality: nil)
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
