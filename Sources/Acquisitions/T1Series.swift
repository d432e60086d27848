public import Foundation
public import NIfTI

/// A T1 scan: signals with the settings that made them.
public struct T1Series: Sendable, Equatable {
  /// What the scanner varied.
  public let scan: T1Protocol
  /// Voxels that can be fitted × settings, settings fastest, in image units.
  public let signals: VoxelTable
  /// For each row of the table, the index of its voxel in the grid; ascending.
  public let voxels: [Int]
  /// Where the voxels are.
  public let grid: Grid
  /// How many voxels of the mask cannot be fitted, by reason.
  public let exclusions: [VoxelExclusion: Int]

  /// Reads one 4-D file or several files of one grid as one image, volumes in the order of the files.
  ///
  /// - Throws: `image`, or `differentGrids` with the file whose voxels are other places.
  public static func readImage(_ files: [URL]) throws(AcquisitionError) -> NIfTIImage {
    precondition(!files.isEmpty, "a series needs at least one file")
    var images: [NIfTIImage] = []
    for file in files {
      let image: NIfTIImage
      do { image = try NIfTIImage.read(file) } catch { throw .image(error) }
      if let first = images.first, !first.grid.sameSpace(as: image.grid) {
        throw .differentGrids(file: file, first: files[0])
      }
      images.append(image)
    }
    if images.count == 1 { return images[0] }
    return NIfTIImage(
      grid: images[0].grid, volumeCount: images.reduce(0) { $0 + $1.volumeCount },
      values: images.flatMap(\.values))
  }

  /// What the sidecars of an image say, beside it and by inheritance (`BIDSInheritance`): the closer one wins, key by key.
  ///
  /// - Returns: nil if there is none.
  /// - Throws: what `T1Sidecar.read` throws.
  public static func sidecar(of image: URL) throws(AcquisitionError) -> T1Sidecar? {
    var whole: T1Sidecar?
    for file in BIDSInheritance.files(of: image, ".json") {
      let found = try T1Sidecar.read(file)
      whole = whole?.completed(by: found) ?? found
    }
    return whole
  }

  /// The series of an image that has been read.
  ///
  /// Without a mask, every voxel is taken with finite signals that are not all zero. Voxels with NaN or infinite
  /// signals, or equal signals throughout, are left out and counted.
  ///
  /// - Parameters:
  ///   - image: The 4-D image.
  ///   - file: Its file, for messages.
  ///   - scan: What the scanner varied, one setting for each volume.
  ///   - mask: The voxels to take.
  ///   - areMagnitudes: True if voxels with negative signals are left out and counted.
  /// - Throws: `negativeMagnitudes`, `notASeries`, `wrongCount`, `noUsableVoxels`.
  public init(
    _ image: NIfTIImage, from file: URL, scan: T1Protocol, mask: Mask? = nil, areMagnitudes: Bool = false
  ) throws(AcquisitionError) {
    guard image.volumeCount > 1 else { throw .notASeries(image: file) }
    let count = scan.settings.values.count
    guard count == image.volumeCount else {
      throw .wrongCount(
        place: scan.method.settingName, found: count, image: file, volumes: image.volumeCount)
    }
    let taken = VoxelSelection(
      of: image.grid, inside: mask?.inside, lowest: nil, settingCount: count, areMagnitudes: areMagnitudes
    ) {
      image.values[$1 * image.grid.voxelCount + $0]
    }
    try taken.check(
      file,
      ifNegative: scan.method == .variableFlipAngle || scan.method == .sasha
        ? "Give --noise gaussian if the images carry signs"
        : "Give --polarity signed if the images carry signs (real or phase-sensitive reconstruction)")
    self.init(
      scan: scan, signals: taken.table(settingCount: count), voxels: taken.voxels, grid: image.grid,
      exclusions: taken.exclusions)
  }

  /// A series of these signals: for simulations.
  public init(
    scan: T1Protocol, signals: VoxelTable, voxels: [Int], grid: Grid,
    exclusions: [VoxelExclusion: Int] = [:]
  ) {
    precondition(
      signals.settingCount == scan.settings.values.count && signals.voxelCount == voxels.count,
      "the table does not fit its settings or its voxels")
    self.scan = scan
    self.signals = signals
    self.voxels = voxels
    self.grid = grid
    self.exclusions = exclusions
  }

  /// The mean signal of each lesion as a curve; lesions without a voxel that can be fitted have none.
  public func meanCurves(of lesions: [Lesion], id: String) -> [SignalCurve] {
    let settings = scan.settings.values
    return lesions.filter { !$0.rows.isEmpty }.map { lesion in
      SignalCurve(
        id: id, lesion: lesion.name, settings: settings, signals: signals.mean(ofRows: lesion.rows),
        averages: settings.map { _ in 1 })
    }
  }

  /// No spoiled gradient echo waits longer between excitations, s: a larger number is in milliseconds.
  static let longestExcitationTime = 0.5

  /// No T1 sequence waits longer, s: a larger number is in milliseconds.
  static let longestTime = 20.0

  /// - Throws: `badNumber` for a time that is not positive, `likelyMilliseconds` for one beyond 20 s.
  static func check(times: [Double], place: String, infinite: Bool = false) throws(AcquisitionError) {
    for (index, time) in times.enumerated() {
      guard time > 0, time.isFinite || infinite else {
        throw .badNumber(place: place, entry: index + 1, value: time, requirement: "a positive time in s")
      }
      guard time <= longestTime || time.isInfinite else {
        throw .likelyMilliseconds(place: place, value: time)
      }
    }
  }
}
