internal import Acquisitions
internal import NIfTI
internal import QualityControl

/// Mask and lesions of a scan, on its grid.
struct Places {
  let mask: Mask?
  let lesions: LesionMap?
  let notices: [String]

  /// Reads what `files` names; a mask takes the lesions in.
  init(_ files: FitFiles, grid: Grid) throws {
    let lesions = try files.lesions.map { try LesionMap.read($0, names: files.lesionNames, onto: grid) }
    let given = try files.mask.map { try Mask.read($0, onto: grid) }
    self.lesions = lesions
    mask = given.map { mask in lesions.map { mask.including($0) } ?? mask }
    notices = (lesions?.notices ?? []) + (given?.notices ?? [])
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
          "quality control flags \(flagged) volumes: see the _qc.tsv (fit ivim can leave them out: --exclude-flagged)"
        ]
    }
    return quality.exclusions.byLesion.sorted { $0.key < $1.key }.map { label, volumes in
      let list = volumes.sorted().map(String.init).joined(separator: ",")
      return "quality control: volumes \(list) of lesion \(label) are left out"
    }
  }
}
