internal import Foundation

/// Finds the lesions of a scan in a derivative dataset of segmentations.
///
/// Without a folder from the user: `derivatives/lesions`, or else the one dataset under `derivatives` that has a
/// `_dseg` of the unit. The segmentation beside the scan's own kind (`dwi` or `anat`) comes before the other's, which is
/// matched by scanner coordinates.
struct BIDSLesions {
  private let dataset: BIDSDataset
  private let selection: BIDSSelection

  init(_ dataset: BIDSDataset, _ selection: BIDSSelection) {
    self.dataset = dataset
    self.selection = selection
  }

  /// Adds lesions, their names and a mask to `scan`; leaves them out, with a notice, if there are none.
  func add(to scan: inout BIDSScan, of unit: BIDSUnit) throws(RunError) {
    guard let folder = try folder(of: unit) else {
      scan.notices.append("no lesions (_dseg) among the derivatives: maps only, no changes")
      return
    }
    for series in [scan.series, scan.series.other] where scan.lesions == nil {
      let images = folder.appending(path: "\(unit.path)/\(series.rawValue)").bidsImages()
      let labels = images.filter { $0.name.suffix == "dseg" && $0.name.has(selection.segmentation) }
      guard labels.count <= 1 else {
        let names = labels.map(\.file.lastPathComponent).joined(separator: ", ")
        throw RunError(
          .badInput, at: unit.path, "there is more than one segmentation: \(names)",
          advice: "Choose with --select-lesions desc-LABEL or seg-LABEL")
      }
      scan.lesions = labels.first?.file
      if let mask = images.first(where: { $0.name.suffix == "mask" }) { scan.mask = mask.file }
    }
    guard let lesions = scan.lesions else {
      scan.notices.append(
        "no lesions (_dseg) in \(folder.lastPathComponent)/\(unit.path): maps only, no changes")
      return
    }
    scan.lesionNames = names(of: lesions, in: folder)
  }

  /// The table of names: beside the image, or, by inheritance, for all at the top of the dataset.
  private func names(of lesions: URL, in folder: URL) -> URL? {
    let name = BIDSFileName(lesions)
    let common = [
      name.map { $0.distinction() + "_dseg.tsv" }, "dseg.tsv",
    ].compactMap { $0 }.map { folder.appending(path: $0) }
    return ([lesions.bidsSibling(".tsv")] + common).first {
      FileManager.default.fileExists(atPath: $0.path)
    }
  }

  private func folder(of unit: BIDSUnit) throws(RunError) -> URL? {
    if let given = selection.lesions {
      guard FileManager.default.fileExists(atPath: given.path) else {
        throw RunError(
          .missingInput, at: "--lesions \(given.relativePath)", "there is no such folder",
          advice: "Give the derivative dataset of the segmentations")
      }
      return given
    }
    let derivatives = dataset.folder.appending(path: "derivatives")
    let usual = derivatives.appending(path: "lesions")
    if FileManager.default.fileExists(atPath: usual.path) { return usual }
    let candidates = derivatives.folders(prefix: "").map { derivatives.appending(path: $0) }.filter {
      folder in
      BIDSSeries.allCases.contains { series in
        folder.appending(path: "\(unit.path)/\(series.rawValue)").bidsImages().contains {
          $0.name.suffix == "dseg"
        }
      }
    }
    guard candidates.count <= 1 else {
      let names = candidates.map(\.lastPathComponent).joined(separator: ", ")
      throw RunError(
        .badInput, at: unit.path, "more than one derivative has segmentations: \(names)",
        advice: "Choose with --lesions FOLDER")
    }
    return candidates.first
  }
}
