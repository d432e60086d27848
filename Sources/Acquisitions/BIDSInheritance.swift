public import Foundation

/// The files that describe an image by BIDS's principle of inheritance: beside it, or higher up in its dataset for all images
/// whose names have their entities.
///
/// `dwi.bval` at the top holds for every `sub-01_dwi.nii.gz`; `sub-01/sub-01_inv-1_IRT1.json` for the first inversion of that
/// participant. The closer file wins. A file of the same folder that names more of the image's entities comes first.
public enum BIDSInheritance {
  /// The files with `fileExtension` (with its dot) that hold for `image`, the closest first.
  ///
  /// An image whose name does not begin with `sub-` has what lies beside it under its own name alone.
  public static func files(of image: URL, _ fileExtension: String) -> [URL] {
    let stem = stem(of: image)
    let own = image.deletingLastPathComponent().appending(path: stem + fileExtension)
    var found = FileManager.default.fileExists(atPath: own.path) ? [own] : []
    guard stem.hasPrefix("sub-"), let parts = parts(stem) else { return found }
    var folder = image.deletingLastPathComponent().standardizedFileURL
    // From the folder of the image up to the one that holds the participant's.
    for _ in 0..<5 {
      let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
      let fitting = names.filter { $0.hasSuffix(fileExtension) }.compactMap {
        name -> (name: String, count: Int)? in
        guard let other = Self.parts(String(name.dropLast(fileExtension.count))),
          other.suffix == parts.suffix,
          other.entities.allSatisfy(parts.entities.contains)
        else { return nil }
        return (name, other.entities.count)
      }
      for entry in fitting.sorted(by: { $0.count > $1.count }) {
        let file = folder.appending(path: entry.name)
        if !found.contains(where: { $0.standardizedFileURL.path == file.path }) { found.append(file) }
      }
      let isParticipant = folder.lastPathComponent.hasPrefix("sub-")
      let parent = folder.deletingLastPathComponent()
      guard parent.path != folder.path else { break }
      if !isParticipant && !folder.path.contains("/sub-") { break }
      folder = parent
    }
    return found
  }

  /// The name of an image without `.nii` and `.gz`.
  static func stem(of image: URL) -> String {
    var name = image.lastPathComponent
    for suffix in [".gz", ".nii"] where name.hasSuffix(suffix) { name = String(name.dropLast(suffix.count)) }
    return name
  }

  /// Entities and suffix of a name; nil if a part is neither.
  private static func parts(_ stem: String) -> (entities: Set<String>, suffix: String)? {
    let parts = stem.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    guard let suffix = parts.last, !suffix.isEmpty, !suffix.contains("-"),
      parts.dropLast().allSatisfy({ $0.contains("-") })
    else { return nil }
    return (Set(parts.dropLast()), suffix)
  }
}
