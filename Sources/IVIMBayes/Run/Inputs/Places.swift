internal import Acquisitions
internal import NIfTI
internal import QualityControl

/// Mask and lesions of a scan, on its grid.
struct Places {
  /// The voxels to fit; nil is every voxel with signal.
  let mask: Mask?
  let lesions: LesionMap?
  let notices: [String]

  /// Reads what `files` names.
  ///
  /// - A mask takes the lesions in.
  /// - Lesions without a mask are all that is fitted, unless the whole image is asked for: then it is the part that holds the
  ///   patient (`BackgroundMask`), by the image `reference`.
  init(_ files: FitFiles, _ configuration: FitConfiguration, grid: Grid, reference: [Float]) throws {
    let matching = configuration.matching
    var lesions: LesionMap?
    if !files.lesionMasks.isEmpty {
      lesions = try LesionMap.read(
        masks: files.lesionMasks, labels: files.lesionMaskLabels, onto: grid, matching: matching)
    } else if let file = files.lesions {
      lesions = try LesionMap.read(file, names: files.lesionNames, onto: grid, matching: matching)
    }
    self.lesions = lesions
    var notices = lesions?.notices ?? []
    if let file = files.mask {
      let given = try Mask.read(file, onto: grid, matching: matching)
      mask = lesions.map { given.including($0) } ?? given
      notices += given.notices
    } else if configuration.wholeImage {
      let found = Mask(inside: BackgroundMask.mask(of: reference, on: grid))
      mask = lesions.map { found.including($0) } ?? found
      notices.append(
        "whole image: \(found.inside.count { $0 }) of \(found.inside.count) voxels hold signal and are fitted (--mask changes it)"
      )
    } else if let lesions {
      mask = Mask(inside: lesions.labels.map { $0 != 0 })
    } else {
      mask = nil
    }
    self.notices = notices
  }
}

/// What quality control has to say on standard error.
enum QualityNotices {
  static func notices(_ quality: QualityTable, excluding: Bool) -> [String] {
    guard excluding else {
      let flagged = quality.rows.count(where: \.isFlagged)
      return flagged == 0
        ? []
        : [
          "quality control flags \(flagged) volumes: motion, artefacts, or series joined with different scaling; see the _qc.tsv (fit ivim can leave them out: --exclude-flagged)"
        ]
    }
    return quality.exclusions.byLesion.sorted { $0.key < $1.key }.map { label, volumes in
      let list = volumes.sorted().map(String.init).joined(separator: ",")
      return "quality control: volumes \(list) of lesion \(label) are left out"
    }
  }
}
