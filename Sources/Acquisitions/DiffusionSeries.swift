public import Foundation
public import NIfTI

/// A diffusion scan: signals with the settings that made them.
public struct DiffusionSeries: Sendable, Equatable {
  /// The measurements, in the order of the table's columns.
  public let settings: [DiffusionSetting]
  /// Voxels that can be fitted × settings, settings fastest, in image units.
  public let signals: VoxelTable
  /// For each row of the table, the index of its voxel in the grid; ascending.
  public let voxels: [Int]
  /// Where the voxels are.
  public let grid: Grid
  /// How many voxels of the mask cannot be fitted, by reason.
  public let exclusions: [VoxelExclusion: Int]

  /// Diffusion weightings, in the order of the table's columns.
  public var bValues: [BValue] { settings.map(\.bValue) }

  /// Averages n of each measurement: its noise variance is σ²/n.
  public var averages: [Double] { settings.map(\.averages) }

  /// The settings of the lowest shell: "b0".
  public var lowestShell: [Int] { Shell.shells(of: bValues).first?.volumes ?? [] }

  /// Reads a 4-D image, its FSL `.bval` file and, if there is one, a mask.
  ///
  /// - Throws: `AcquisitionError`, by the file that is wrong.
  public static func read(
    image file: URL, bValues bFile: URL, mask maskFile: URL? = nil,
    selection: DiffusionSelection = DiffusionSelection()
  ) throws(AcquisitionError) -> DiffusionSeries {
    let image: NIfTIImage
    do { image = try NIfTIImage.read(file) } catch { throw .image(error) }
    let mask = try maskFile.map { maskFile throws(AcquisitionError) in
      try Mask.read(maskFile, onto: image.grid)
    }
    return try DiffusionSeries(
      image, from: file, bValues: BValue.read(bFile), from: bFile, mask: mask, selection: selection)
  }

  /// The series of an image that has been read.
  ///
  /// Without a mask, every voxel is taken whose mean signal in the lowest shell is finite and positive. Voxels of the
  /// mask with NaN or infinite signals, with a lowest shell that is not positive, or with equal signals throughout are
  /// left out and counted. Negative signals at higher b are kept.
  ///
  /// - Parameters:
  ///   - image: The 4-D image.
  ///   - file: Its file, for messages.
  ///   - bValues: One for each volume of the image.
  ///   - bFile: Their file, for messages.
  ///   - mask: The voxels to take.
  ///   - selection: The volumes to take.
  ///   - areMagnitudes: True if voxels with negative signals are left out and counted.
  /// - Throws: `negativeMagnitudes`, `notASeries`, `wrongCount`, `badExclusion`, `nothingSelected`, `noLowB`, `noUsableVoxels`.
  public init(
    _ image: NIfTIImage, from file: URL, bValues: [BValue], from bFile: URL, mask: Mask? = nil,
    selection: DiffusionSelection = DiffusionSelection(), areMagnitudes: Bool = false
  ) throws(AcquisitionError) {
    guard image.volumeCount > 1 else { throw .notASeries(image: file) }
    for (place, count) in [
      (bFile.relativePath, bValues.count), ("--averages", selection.averages?.count ?? bValues.count),
    ] where count != image.volumeCount {
      throw .wrongCount(place: place, found: count, image: file, volumes: image.volumeCount)
    }
    let settings = try selection.settings(of: bValues, place: bFile.relativePath)
    let lowest = Shell.shells(of: settings.map(\.bValue)).first?.volumes ?? []
    let weights = settings.map { $0.volumes.map { selection.averages?[$0] ?? 1 } }
    let voxelCount = image.grid.voxelCount
    let taken = VoxelSelection(
      of: image.grid, inside: mask?.inside, lowest: lowest, settingCount: settings.count,
      areMagnitudes: areMagnitudes
    ) { index, setting in
      let volumes = settings[setting].volumes
      if volumes.count == 1 { return image.values[volumes[0] * voxelCount + index] }
      return selection.directions.pooled(
        volumes.map { image.values[$0 * voxelCount + index] }, averages: weights[setting])
    }
    try taken.check(
      file, ifNegative: "Give --noise gaussian if the images carry signs, or magnitude images")
    self.init(
      settings: settings, signals: taken.table(settingCount: settings.count), voxels: taken.voxels,
      grid: image.grid, exclusions: taken.exclusions)
  }

  /// A series of these signals: for simulations.
  public init(
    settings: [DiffusionSetting], signals: VoxelTable, voxels: [Int], grid: Grid,
    exclusions: [VoxelExclusion: Int] = [:]
  ) {
    precondition(
      signals.settingCount == settings.count && signals.voxelCount == voxels.count,
      "the table does not fit its settings or its voxels")
    self.settings = settings
    self.signals = signals
    self.voxels = voxels
    self.grid = grid
    self.exclusions = exclusions
  }

  /// The part of the series with these rows and settings.
  public func selecting(rows: [Int], settings kept: [Int]) -> DiffusionSeries {
    DiffusionSeries(
      settings: kept.map { settings[$0] }, signals: signals.selecting(rows: rows, settings: kept),
      voxels: rows.map { voxels[$0] }, grid: grid)
  }

  /// The mean signal of each lesion as a curve; lesions without a voxel that can be fitted have none.
  public func meanCurves(of lesions: [Lesion], id: String) -> [SignalCurve] {
    lesions.filter { !$0.rows.isEmpty }.map { lesion in
      SignalCurve(
        id: id, lesion: lesion.name, settings: bValues.map(\.secondsPerSquareMillimeter),
        signals: signals.mean(ofRows: lesion.rows), averages: averages)
    }
  }
}
