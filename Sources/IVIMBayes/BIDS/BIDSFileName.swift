internal import Foundation

/// The name of a BIDS file taken apart: `sub-01_ses-pre_acq-ivim_dwi.nii.gz` has the entities sub, ses and acq and the
/// suffix dwi.
struct BIDSFileName: Equatable, Sendable {
  /// Key and value of each entity, in the order of the name.
  let entities: [(key: String, value: String)]
  /// What kind of image it is.
  let suffix: String
  /// With its dot: `.nii.gz`.
  let fileExtension: String

  /// The parts of `file`'s name; nil if it does not begin with `sub-`, or has a part that is no entity.
  init?(_ file: URL) {
    let name = file.lastPathComponent
    guard name.hasPrefix("sub-"), let dot = name.firstIndex(of: ".") else { return nil }
    fileExtension = String(name[dot...])
    let parts = name[..<dot].split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count > 1, let last = parts.last, !last.contains("-"), !last.isEmpty else { return nil }
    var entities: [(key: String, value: String)] = []
    for part in parts.dropLast() {
      let sides = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else { return nil }
      entities.append((String(sides[0]), String(sides[1])))
    }
    self.entities = entities
    suffix = String(last)
  }

  static func == (left: BIDSFileName, right: BIDSFileName) -> Bool {
    left.text == right.text && left.fileExtension == right.fileExtension
  }

  /// The value of an entity.
  subscript(key: String) -> String? { entities.first { $0.key == key }?.value }

  /// True for a NIfTI image.
  var isImage: Bool { [".nii", ".nii.gz"].contains(fileExtension) }

  /// The name without extension.
  var text: String { (entities.map { "\($0.key)-\($0.value)" } + [suffix]).joined(separator: "_") }

  /// The entities beyond participant and session and without those in `ignored`, as `acq-ivim_run-1`.
  func distinction(ignoring ignored: Set<String> = []) -> String {
    entities.filter { !["sub", "ses"].contains($0.key) && !ignored.contains($0.key) }
      .map { "\($0.key)-\($0.value)" }.joined(separator: "_")
  }

  /// True if the name has every one of `wanted`, each as `key-value`.
  func has(_ wanted: [String]) -> Bool {
    wanted.allSatisfy { want in entities.contains { "\($0.key)-\($0.value)" == want } }
  }
}
