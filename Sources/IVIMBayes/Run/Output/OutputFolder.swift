internal import Foundation

/// The folder of a run, which appears under its name only when it is whole.
///
/// Beside it, `.NAME.partial` holds what is being made: `output`, which is renamed at the end, `checkpoint`, from which
/// a later run goes on, and the lock that keeps a second run out.
///
/// - Renaming `output` is the moment at which a run is finished. A crash before leaves the checkpoint, a crash after
///   leaves a finished folder and a checkpoint that nobody needs.
/// - A folder that is replaced is moved aside first, and moved back by the next run if the replacement never came.
struct OutputFolder: Sendable {
  let final: URL
  /// Where files are made.
  let working: URL
  /// Where finished parts of the work are kept.
  let checkpoint: URL
  private let partial: URL
  private let lock: FolderLock
  private let overwrites: Bool

  /// Makes the folder beside `url`, or opens the one that an earlier run left there.
  ///
  /// - Parameters:
  ///   - url: Where the results go.
  ///   - overwriting: Whether a folder at `url`, or unfinished work beside it, may be replaced.
  ///   - resuming: Whether unfinished work beside `url` is kept, to go on with.
  /// - Throws: status 73 if `url` exists and is not to be overwritten, if unfinished work is there and neither is
  ///   asked for, if another process is at work, or if nothing can be created there.
  init(_ url: URL, overwriting: Bool, resuming: Bool = false) throws(RunError) {
    if url.relativePath == "." {
      throw RunError(
        .cannotCreate, at: "--out", "the folder of the results would be the current folder",
        advice: "Give the name of a new folder")
    }
    final = url
    overwrites = overwriting
    partial = Self.partial(of: url)
    working = partial.appending(path: "output")
    checkpoint = partial.appending(path: "checkpoint")
    let isOwn = resuming && Self.hasCheckpoint(partial)
    try Self.checkReplacement(of: url, overwriting: overwriting)
    lock = try Self.locked(partial, for: url)
    try Self.restore(url)
    if !isOwn && !overwriting && Self.hasCheckpoint(partial) {
      throw RunError(
        .cannotCreate, at: url.relativePath, "an unfinished run is kept beside it",
        advice: "Go on with it by --resume, or start anew with --overwrite")
    }
    let manager = FileManager.default
    do {
      if !isOwn && manager.fileExists(atPath: checkpoint.path) { try manager.removeItem(at: checkpoint) }
      if manager.fileExists(atPath: working.path) { try manager.removeItem(at: working) }
      try manager.createDirectory(at: checkpoint, withIntermediateDirectories: true)
      try manager.createDirectory(at: working, withIntermediateDirectories: false)
    } catch {
      throw Self.cannotCreate(url)
    }
  }

  /// The folder beside `url` in which a run is made.
  static func partial(of url: URL) -> URL { beside(url, "partial") }

  /// True if unfinished work is kept for `url`.
  static func hasUnfinishedWork(for url: URL) -> Bool { hasCheckpoint(partial(of: url)) }

  private static func hasCheckpoint(_ partial: URL) -> Bool {
    FileManager.default.fileExists(atPath: partial.appending(path: "checkpoint/\(RunIdentity.fileName)").path)
  }

  private static func beside(_ url: URL, _ suffix: String) -> URL {
    url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).\(suffix)")
  }

  private static func checkReplacement(of url: URL, overwriting: Bool) throws(RunError) {
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    if !overwriting {
      throw RunError(
        .cannotCreate, at: url.relativePath, "the output folder exists already",
        advice: "Choose another name for --out, or add --overwrite")
    }
    if !mayBeReplaced(url) {
      throw RunError(
        .cannotCreate, at: url.relativePath,
        "it is not a folder that ivimbayes has made, and --overwrite would delete what is in it",
        advice: "Choose another name for --out, or remove it yourself")
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

  private static func cannotCreate(_ url: URL) -> RunError {
    RunError(
      .cannotCreate, at: url.relativePath, "the output folder cannot be created",
      advice: "Check that its parent folder exists and may be written")
  }

  /// The lock of `partial`, which is made if it is missing; a folder that its last owner removes meanwhile is made again.
  private static func locked(_ partial: URL, for url: URL) throws(RunError) -> FolderLock {
    for _ in 0..<8 {
      var isFolder: ObjCBool = false
      let exists = unsafe FileManager.default.fileExists(atPath: partial.path, isDirectory: &isFolder)
      if exists && !isFolder.boolValue { throw cannotCreate(url) }
      if !exists {
        try? FileManager.default.createDirectory(at: partial, withIntermediateDirectories: false)
        guard FileManager.default.fileExists(atPath: partial.path) else { throw cannotCreate(url) }
      }
      if let lock = try FolderLock.take(partial, for: url) { return lock }
    }
    throw cannotCreate(url)
  }

  /// Moves back a folder that was moved aside for a replacement that never came.
  private static func restore(_ url: URL) throws(RunError) {
    let (manager, old) = (FileManager.default, beside(url, "old"))
    guard manager.fileExists(atPath: old.path) else { return }
    do {
      if manager.fileExists(atPath: url.path) {
        try manager.removeItem(at: old)
      } else {
        try manager.moveItem(at: old, to: url)
      }
    } catch { throw cannotCreate(url) }
  }

  /// Removes what a run that was killed just after it gave its folder the name could not remove any more.
  static func removeLeftovers(beside url: URL) {
    guard let lock = try? locked(partial(of: url), for: url) else { return }
    try? restore(url)
    withExtendedLifetime(lock) { try? FileManager.default.removeItem(at: partial(of: url)) }
  }

  /// The place of the file `name` while the run is being written.
  func file(_ name: String) -> URL { working.appending(path: name) }

  /// Gives the folder its name, replacing one that is there, and removes the checkpoint.
  func commit() throws(RunError) {
    let manager = FileManager.default
    let old = Self.beside(final, "old")
    do {
      if overwrites && manager.fileExists(atPath: final.path) { try manager.moveItem(at: final, to: old) }
      try manager.moveItem(at: working, to: final)
    } catch {
      throw RunError(
        .inputOutput, at: final.relativePath, "the finished folder could not be given its name",
        advice: "The results are in \(partial.lastPathComponent)/output beside it: move that folder")
    }
    Self.synchronize(final.deletingLastPathComponent())
    try? manager.removeItem(at: old)
    discard()
  }

  /// Removes what was written, and the checkpoint.
  func discard() { try? FileManager.default.removeItem(at: partial) }

  /// Forces the names in `folder` to the disk.
  private static func synchronize(_ folder: URL) {
    let descriptor = unsafe open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
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
