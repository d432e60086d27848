internal import Foundation

/// The folder of a run, which appears under its name only when it is whole.
///
/// Files are written into a folder beside it, `.NAME.partial`, which is renamed at the end and removed on error.
struct OutputFolder {
  let final: URL
  let working: URL
  private let overwrites: Bool

  /// Makes the folder beside `url`.
  ///
  /// - Throws: status 73 if `url` exists and is not to be overwritten, or if nothing can be created there.
  init(_ url: URL, overwriting: Bool) throws(RunError) {
    let manager = FileManager.default
    if url.relativePath == "." {
      throw RunError(
        .cannotCreate, at: "--out", "the folder of the results would be the current folder",
        advice: "Give the name of a new folder")
    }
    final = url
    overwrites = overwriting
    if manager.fileExists(atPath: url.path) && !overwriting {
      throw RunError(
        .cannotCreate, at: url.relativePath, "the output folder exists already",
        advice: "Choose another name for --out, or add --overwrite")
    }
    if manager.fileExists(atPath: url.path) && !Self.mayBeReplaced(url) {
      throw RunError(
        .cannotCreate, at: url.relativePath,
        "it is not a folder that ivimbayes has made, and --overwrite would delete what is in it",
        advice: "Choose another name for --out, or remove it yourself")
    }
    working = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).partial")
    do {
      if manager.fileExists(atPath: working.path) { try manager.removeItem(at: working) }
      try manager.createDirectory(at: working, withIntermediateDirectories: false)
    } catch {
      throw RunError(
        .cannotCreate, at: url.relativePath, "the output folder cannot be created",
        advice: "Check that its parent folder exists and may be written")
    }
  }

  /// True if `folder` is empty or holds a dataset that says it was made by this package.
  private static func mayBeReplaced(_ folder: URL) -> Bool {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else { return false }
    let description = folder.appending(path: DatasetDescription.name)
    guard let contents = try? Data(contentsOf: description),
      let members = try? JSONSerialization.jsonObject(with: contents) as? [String: Any],
      let makers = members["GeneratedBy"] as? [[String: Any]]
    else { return names.isEmpty }
    return makers.contains { $0["Name"] as? String == "ivimbayes" }
  }

  /// The place of the file `name` while the run is being written.
  func file(_ name: String) -> URL { working.appending(path: name) }

  /// Gives the folder its name.
  func commit() throws(RunError) {
    let manager = FileManager.default
    let old = final.deletingLastPathComponent().appending(path: ".\(final.lastPathComponent).old")
    do {
      if overwrites && manager.fileExists(atPath: final.path) {
        try? manager.removeItem(at: old)
        try manager.moveItem(at: final, to: old)
      }
      try manager.moveItem(at: working, to: final)
      try? manager.removeItem(at: old)
    } catch {
      throw RunError(
        .inputOutput, at: final.relativePath, "the finished folder could not be given its name",
        advice: "The results are in \(working.lastPathComponent) beside it: rename that folder")
    }
  }

  /// Removes what was written.
  func discard() { try? FileManager.default.removeItem(at: working) }
}

extension URL {
  /// The BIDS entities of an image's name, or its name without extensions: the STEM of every output.
  var outputStem: String {
    var name = lastPathComponent
    for suffix in [".gz", ".nii", ".tsv", ".csv", ".txt"] where name.lowercased().hasSuffix(suffix) {
      name = String(name.dropLast(suffix.count))
    }
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count > 1, parts[0].hasPrefix("sub-"), let last = parts.last, !last.contains("-") else {
      return name
    }
    return parts.dropLast().joined(separator: "_")
  }
}
