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
      let masks = images.filter { $0.name.suffix == "mask" }
      if let mask = masks.first(where: { $0.name["label"] == nil }) { scan.mask = mask.file }
      let own = masks.filter { $0.name["label"] != nil && $0.name.has(selection.segmentation) }
      if scan.lesions == nil && scan.lesionMasks.isEmpty {
        scan.lesionMasks = try numbered(own, of: unit, in: folder)
      }
    }
    if scan.lesions != nil && !scan.lesionMasks.isEmpty {
      scan.notices.append("the masks of single lesions are not used: there is a segmentation (_dseg)")
      scan.lesionMasks = []
    }
    if !scan.lesionMasks.isEmpty { return }
    guard let lesions = scan.lesions else {
      scan.notices.append(
        "no lesions (_dseg, or _label-NAME_mask) in \(folder.lastPathComponent)/\(unit.path): maps only, no changes"
      )
      return
    }
    scan.lesionNames = names(of: lesions, in: folder)
  }

  /// Masks of single lesions with their labels: the place of a name among those of all sessions of the participant, so that a
  /// lesion keeps its number where another one is missing.
  private func numbered(_ masks: [(file: URL, name: BIDSFileName)], of unit: BIDSUnit, in folder: URL)
    throws(RunError) -> [LesionMask]
  {
    let participant = folder.appending(path: unit.participant)
    let sessions = participant.folders(prefix: "ses-").map { participant.appending(path: $0) } + [participant]
    let names = Set(
      sessions.flatMap { session in
        BIDSSeries.allCases.flatMap { session.appending(path: $0.rawValue).bidsImages() }
      }.filter { $0.name.suffix == "mask" }.compactMap { $0.name["label"] }
    ).sorted { $0.localizedStandardCompare($1) == .orderedAscending }
    var found: [LesionMask] = []
    for mask in masks {
      guard let label = mask.name["label"], let place = names.firstIndex(of: label) else { continue }
      if let other = found.first(where: { $0.label == place + 1 }) {
        throw RunError(
          .badInput, at: unit.path,
          "there are two masks of the lesion \(label): \(other.file.lastPathComponent), \(mask.file.lastPathComponent)",
          advice: "Choose with --select-lesions desc-LABEL")
      }
      found.append(LesionMask(label: place + 1, file: mask.file))
    }
    return found.sorted { $0.label < $1.label }
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
          $0.name.suffix == "dseg" || ($0.name.suffix == "mask" && $0.name["label"] != nil)
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
