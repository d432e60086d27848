public import Foundation
public import NIfTI
public import Tables

/// What can be wrong with the description of a scan. Every case carries its evidence; `description` says where, what
/// and what to do.
public enum AcquisitionError: Error, Equatable, Sendable {
  /// An image file is wrong.
  case image(NIfTIError)
  /// A table file is wrong.
  case table(TableError)
  /// A text file is missing or may not be read.
  case unreadable(file: URL, reason: String)
  /// Numbers stand neither in one row nor in one column.
  case notOneRow(file: URL, rows: Int, columns: Int)
  /// An entry of a list is no number; entries count from 1.
  case notANumber(place: String, entry: Int, text: String)
  /// An entry is NaN, infinite, or out of the range it must lie in.
  case badNumber(place: String, entry: Int, value: Double, requirement: String)
  /// A list has another length than the series has volumes.
  case wrongCount(place: String, found: Int, image: URL, volumes: Int)
  /// The image has one volume.
  case notASeries(image: URL)
  /// No b-value is low enough to stand for the signal without diffusion weighting.
  case noLowB(place: String, lowest: Double)
  /// No volume is left after the range of b-values and the excluded volumes are taken.
  case nothingSelected(place: String, reason: String)
  /// An entry of a list of excluded volumes is not understood or names no volume.
  case badExclusion(text: String, reason: String)
  /// A mask or label image and the image have no labelled voxel in common.
  case noOverlap(labels: URL)
  /// It cannot be known where a mask, label image or map lies on the scan.
  case doubtfulPlace(file: URL, reason: String)
  /// An image is to be taken voxel by voxel, and has another shape than the scan.
  case otherShape(file: URL, shape: [Int], target: [Int])
  /// A mask of one lesion holds several labels.
  case badMask(file: URL, labels: Int)
  /// Two lesions share voxels.
  case overlap(file: URL, other: URL, voxels: Int)
  /// A label has no voxel on the grid of the scan.
  case vanishedLabel(labels: URL, label: Int, voxels: Int, volume: Double)
  /// A mask or label image is 0 everywhere.
  case emptyLabels(labels: URL)
  /// A label is negative.
  case negativeLabel(labels: URL, label: Int)
  /// A label has two names.
  case duplicateName(table: String, label: Int)
  /// No voxel can be fitted.
  case noUsableVoxels(image: URL, reasons: String)
  /// A time, angle or repetition time that the method needs is given nowhere.
  case missingSetting(what: String, place: String)
  /// A number is out of the range of what it can be: another unit, or a slip of the pen.
  case implausible(place: String, PlausibleRange.Implausible)
  /// The repetition times of a series differ, or contradict its times.
  case badRepetition(place: String, reason: String, advice: String)
  /// The sidecars state the settings of the command line in another order.
  case otherOrder(place: String, option: String)
  /// The files of a series were scaled for display by different factors.
  case differentScaling(place: String, slopes: [Double])
  /// A sidecar states fewer settings than the series has volumes.
  case settingsMissing(place: String, what: String, found: Int, volumes: Int)
  /// Voxels hold negative values, which no magnitude has.
  case negativeMagnitudes(image: URL, count: Int, voxels: Int, advice: String)
  /// A time is so large that it must be in milliseconds.
  case likelyMilliseconds(place: String, value: Double)
  /// A sidecar is no JSON object, or a known key has a value of the wrong kind.
  case badSidecar(file: URL, reason: String)
  /// Images of one series lie on different grids.
  case differentGrids(file: URL, first: URL)
  /// A row of a table of signals contradicts another or is out of range.
  case badRow(table: String, line: Int, reason: String)
}

extension AcquisitionError: CustomStringConvertible {
  /// Where, what is wrong, and what to do: one line.
  public var description: String {
    switch self {
    case .image(let error): return error.description
    case .table(let error): return error.description
    default:
      let (place, problem, advice) = parts
      return "\(place): \(problem). \(advice)."
    }
  }

  private var parts: (place: String, problem: String, advice: String) {
    switch self {
    case .image, .table: ("", "", "")
    case .unreadable, .notOneRow, .notANumber, .badNumber, .wrongCount: listParts
    case .notASeries, .noLowB, .nothingSelected, .badExclusion, .noUsableVoxels, .differentGrids: seriesParts
    case .noOverlap, .doubtfulPlace, .otherShape, .badMask, .overlap, .vanishedLabel, .emptyLabels,
      .negativeLabel, .duplicateName:
      labelParts
    case .missingSetting, .likelyMilliseconds, .badSidecar, .badRow, .implausible, .badRepetition,
      .otherOrder,
      .settingsMissing, .differentScaling, .negativeMagnitudes:
      settingParts
    }
  }

  private var listParts: (place: String, problem: String, advice: String) {
    switch self {
    case .unreadable(let file, let reason):
      (file.relativePath, "the file cannot be read: \(reason)", "Check the path and the permissions")
    case .notOneRow(let file, let rows, let columns):
      (
        file.relativePath, "there are \(rows) rows of \(columns) numbers",
        "Write all numbers in one row or in one column; a file of three rows is a .bvec, not a .bval"
      )
    case .notANumber(let place, let entry, let text):
      (
        "\(place), entry \(entry)", "\"\(text)\" is not a number",
        "Write numbers with a decimal point, separated by spaces, tabs or commas"
      )
    case .badNumber(let place, let entry, let value, let requirement):
      ("\(place), entry \(entry)", "\(value) cannot be: it must be \(requirement)", "Correct the entry")
    case .wrongCount(let place, let found, let image, let volumes):
      (
        place, "there are \(found) entries for the \(volumes) volumes of \(image.relativePath)",
        "Give one entry for each volume of the file, in their order, also for volumes to be excluded"
      )
    default: ("", "", "")
    }
  }

  private var seriesParts: (place: String, problem: String, advice: String) {
    switch self {
    case .notASeries(let image):
      (
        image.relativePath, "the image has one volume, and a fit needs a series",
        "Give the 4-D file, or join the volumes first, for example with fslmerge -t"
      )
    case .noLowB(let place, let lowest):
      (
        place, "the lowest b-value in use is \(lowest) s/mm², and none is 50 or less",
        "Include the b = 0 volumes, or lower --b-min"
      )
    case .nothingSelected(let place, let reason):
      (place, "no volume is left to fit: \(reason)", "Widen --b-min and --b-max or exclude fewer volumes")
    case .badExclusion(let text, let reason):
      (
        "--exclude-volumes \(text)", reason,
        "Write 3,7 for all lesions or 2:3,7 for lesion 2; volumes count from 0"
      )
    case .noUsableVoxels(let image, let reasons):
      (
        image.relativePath, "no voxel can be fitted\(reasons)",
        "Check that the image holds signal where the mask is, and that its values are numbers"
      )
    case .differentGrids(let file, let first):
      (
        file.relativePath, "its voxels are other places than those of \(first.relativePath)",
        "Resample the images of one series onto one grid first"
      )
    default: ("", "", "")
    }
  }

  private var labelParts: (place: String, problem: String, advice: String) {
    switch self {
    case .noOverlap(let labels):
      (
        labels.relativePath, "no labelled voxel lies inside the image, by world coordinates",
        "Check that it was drawn on this scan and that its affine survived the conversion"
      )
    case .doubtfulPlace(let file, let reason):
      (
        file.relativePath, "where it lies on the image is in doubt: \(reason)",
        "Give --place same-grid if it was drawn on this image voxel by voxel, or --place scanner if it lies where its "
          + "affine says"
      )
    case .otherShape(let file, let shape, let target):
      (
        file.relativePath,
        "its shape is \(Self.text(shape)) and that of the image \(Self.text(target)), so it is not the same grid",
        "Leave out --place same-grid, or resample it onto the image"
      )
    case .badMask(let file, let labels):
      (
        file.relativePath, "one of several lesion files holds \(labels) labels",
        "Give one label image alone with --lesions, or one mask for each lesion"
      )
    case .overlap(let file, let other, let voxels):
      (
        file.relativePath, "it overlaps \(other.relativePath) or one before it in \(voxels) voxels",
        "Give each voxel to one lesion"
      )
    case .vanishedLabel(let labels, let label, let voxels, let volume):
      (
        labels.relativePath,
        "label \(label) (\(voxels) voxels, \(Placement.text(volume)) mm³) has no voxel on the grid of the image",
        "Draw it on the image, or remove it; if its place is wrong, check the affine, or give --place same-grid"
      )
    case .emptyLabels(let labels):
      (labels.relativePath, "every voxel is 0", "Draw the region, or choose the file that holds it")
    case .negativeLabel(let labels, let label):
      (labels.relativePath, "\(label) is no label", "Use 0 outside and positive whole numbers inside")
    case .duplicateName(let table, let label):
      (table, "label \(label) has two names", "Keep one line for each index")
    default: ("", "", "")
    }
  }

  /// "64 × 64 × 20".
  private static func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " × ") }

  private var settingParts: (place: String, problem: String, advice: String) {
    switch self {
    case .missingSetting(let what, let place):
      (
        place, "\(what) is given neither there nor on the command line",
        "Give it as an option or in the sidecar"
      )
    case .implausible(let place, let reason): (place, reason.problem, reason.advice)
    case .badRepetition(let place, let reason, let advice): (place, reason, advice)
    case .otherOrder(let place, let option):
      (
        place, "the sidecars hold the numbers of \(option) in another order",
        "Give the files in the order of the numbers, or leave \(option) out: the sidecars say which file is which"
      )
    case .differentScaling(let place, let slopes):
      (
        place,
        "its files are scaled for display by different factors (PhilipsRescaleSlope "
          + "\(slopes.map { "\($0)" }.joined(separator: ", "))), so that their signals cannot be compared",
        "Convert the DICOM again with dcm2niix -p y, which keeps the measured values"
      )
    case .settingsMissing(let place, let what, let found, let volumes):
      (
        place, "there is \(found == 1 ? "1 value" : "\(found) values") of \(what) for \(volumes) volumes",
        "Give one for each volume, in their order, on the command line; converters keep only the first when they merge a "
          + "series"
      )
    case .negativeMagnitudes(let image, let count, let voxels, let advice):
      (
        image.relativePath, "\(count) of \(voxels) voxels hold negative values, which no magnitude has",
        advice
      )
    case .likelyMilliseconds(let place, let value):
      (
        place, "a time of \(value) s is longer than any of these sequences has",
        "Give times in seconds: \(value) ms is \(value / 1000)"
      )
    case .badSidecar(let file, let reason):
      (
        file.relativePath, "the sidecar cannot be used: \(reason)",
        "Correct the JSON file or give the values as options"
      )
    case .badRow(let table, let line, let reason):
      ("\(table), line \(line)", reason, "Correct the row; setting and signal are numbers, n is positive")
    default: ("", "", "")
    }
  }
}
