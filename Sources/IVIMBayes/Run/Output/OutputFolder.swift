internal import Foundation

/// The folder of a run, which appears under its name only when it is whole.
///
/// Beside it, `.NAME.partial` holds what is being made: `output`, which is renamed at the end, `checkpoint`, from which
/// a later run goes on, the lock that keeps a second run out, and the mark that says that ivimbayes made it.
///
/// - Renaming `output` is the moment at which a run is finished. A crash before leaves the checkpoint, a crash after
///   leaves a finished folder and a checkpoint that nobody needs.
/// - A folder that is replaced is moved to `.NAME.partial/replaced` first, and moved back by the next run if the
///   replacement never came.
/// - What `OutputPlace` refuses is refused before any work, and once more before the folder gets its name.
struct OutputFolder: Sendable {
  let final: URL
  /// Where files are made.
  let working: URL
  /// Where finished parts of the work are kept.
  let checkpoint: URL
  private let partial: URL
  private let lock: FolderLock
  private let place: OutputPlace

  /// Makes the folder at `place`, or opens the one that an earlier run left beside it.
  ///
  /// - Parameters:
  ///   - place: Where the results go, and whether a folder there, or unfinished work beside it, may be replaced.
  ///   - resuming: Whether unfinished work is kept, to go on with.
  /// - Throws: status 73 if the place must stay as it is, if unfinished work is there and neither is asked for, if
  ///   another process is at work, or if nothing can be created there.
  init(_ place: OutputPlace, resuming: Bool = false) throws(RunError) {
    self.place = place
    final = place.url
    partial = Self.partial(of: final)
    working = partial.appending(path: "output")
    checkpoint = partial.appending(path: "checkpoint")
    let isOwn = resuming && Self.hasCheckpoint(partial)
    try place.checkFolder()
    lock = try Self.locked(partial, for: final)
    try Self.restore(final)
    if !isOwn && !place.overwrites && Self.hasCheckpoint(partial) {
      throw RunError(
        .cannotCreate, at: final.relativePath, "an unfinished run is kept beside it",
        advice: "Go on with it by --resume, or start anew with --overwrite")
    }
    let manager = FileManager.default
    do {
      if !isOwn && manager.fileExists(atPath: checkpoint.path) { try manager.removeItem(at: checkpoint) }
      if manager.fileExists(atPath: working.path) { try manager.removeItem(at: working) }
      try manager.createDirectory(at: checkpoint, withIntermediateDirectories: true)
      try manager.createDirectory(at: working, withIntermediateDirectories: false)
    } catch {
      throw Self.cannotCreate(final)
    }
  }

  /// Makes the folder at `place` and fills it by `body`; if that fails, nothing is left behind.
  ///
  /// - Throws: what `init` and `commit` throw, and the error of `body`.
  static func write<Result>(
    _ place: OutputPlace, _ body: (OutputFolder) throws -> Result
  ) throws(RunError) -> Result {
    let folder = try OutputFolder(place)
    let result: Result
    do { result = try body(folder) } catch {
      folder.discard()
      throw RunError(error)
    }
    try folder.commit()
    return result
  }

  /// Makes the folder at `place` and fills it by `body`; if that fails, nothing is left behind.
  ///
  /// - Throws: what `init` and `commit` throw, and the error of `body`.
  static func write<Result>(
    _ place: OutputPlace, _ body: (OutputFolder) async throws -> Result
  ) async throws(RunError) -> Result {
    let folder = try OutputFolder(place)
    let result: Result
    do { result = try await body(folder) } catch {
      folder.discard()
      throw RunError(error)
    }
    try folder.commit()
    return result
  }

  /// The folder beside `url` in which a run is made.
  static func partial(of url: URL) -> URL {
    url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).partial")
  }

  /// True if unfinished work is kept for `url`.
  static func hasUnfinishedWork(for url: URL) -> Bool {
    let partial = partial(of: url)
    return OwnershipMark.read(of: partial)?.kind == .unfinished && hasCheckpoint(partial)
  }

  private static func hasCheckpoint(_ partial: URL) -> Bool {
    FileManager.default.fileExists(atPath: partial.appending(path: "checkpoint/\(RunIdentity.fileName)").path)
  }

  private static func cannotCreate(_ url: URL) -> RunError {
    RunError(
      .cannotCreate, at: url.relativePath, "the output folder cannot be created",
      advice: "Check that its parent folder exists and may be written")
  }

  /// The lock of `partial`, which is made if it is missing; a folder that its last owner removes meanwhile is made again.
  private static func locked(_ partial: URL, for url: URL) throws(RunError) -> FolderLock {
    for _ in 0..<8 {
      try make(partial, for: url)
      if let lock = try FolderLock.take(partial, for: url) { return lock }
    }
    throw cannotCreate(url)
  }

  /// Makes `partial` with its mark, in one step, unless it is there.
  ///
  /// - Throws: status 73 if something of that name is there that ivimbayes has not made.
  private static func make(_ partial: URL, for url: URL) throws(RunError) {
    let kind = FileKind(at: partial)
    if kind == .folder && OwnershipMark.read(of: partial)?.kind == .unfinished { return }
    let draft = aside(partial, "new")
    do {
      try FileManager.default.createDirectory(at: draft, withIntermediateDirectories: false)
      try OwnershipMark(kind: .unfinished).write(to: draft.appending(path: OwnershipMark.name))
    } catch {
      OwnershipMark.removeResult(in: draft)
      throw cannotCreate(url)
    }
    // An empty folder is replaced, one that holds something is not: the kernel sees to it.
    guard unsafe rename(draft.path, partial.path) != 0 else { return }
    OwnershipMark.removeResult(in: draft)
    if OwnershipMark.read(of: partial)?.kind == .unfinished { return }
    guard FileKind(at: partial) != nil else { throw cannotCreate(url) }
    throw RunError(
      .cannotCreate, at: url.relativePath,
      "beside it lies \(partial.lastPathComponent), which is not marked as made by ivimbayes",
      advice: "Choose another name, or move that away yourself")
  }

  /// A name beside `partial` that no other process takes.
  private static func aside(_ partial: URL, _ word: String) -> URL {
    partial.deletingLastPathComponent().appending(
      path: "\(partial.lastPathComponent).\(getpid()).\(UInt32.random(in: 0 ... .max)).\(word)")
  }

  private static func replaced(in partial: URL) -> URL { partial.appending(path: "replaced") }

  /// Moves back a folder that was moved aside for a replacement that never came.
  private static func restore(_ url: URL) throws(RunError) {
    let old = replaced(in: partial(of: url))
    guard FileKind(at: old) != nil else { return }
    if FileKind(at: url) != nil {
      OwnershipMark.removeResult(in: old)
    } else {
      do { try FileManager.default.moveItem(at: old, to: url) } catch { throw cannotCreate(url) }
    }
  }

  /// Removes what a run that was killed just after it gave its folder the name could not remove any more.
  static func removeLeftovers(beside url: URL) {
    guard let lock = try? locked(partial(of: url), for: url) else { return }
    try? restore(url)
    withExtendedLifetime(lock) { remove(partial(of: url)) }
  }

  /// Removes `partial` and what runs write there, but nothing that somebody else has put into it.
  private static func remove(_ partial: URL) {
    let manager = FileManager.default
    for name in ["output", "checkpoint"] { try? manager.removeItem(at: partial.appending(path: name)) }
    let names = (try? manager.contentsOfDirectory(atPath: partial.path)) ?? []
    guard Set(names).isSubset(of: [FolderLock.name, OwnershipMark.name]) else { return }
    // Out of the way first: another run must find it whole or not at all.
    let gone = aside(partial, "gone")
    guard unsafe rename(partial.path, gone.path) == 0 else { return }
    for name in names { try? manager.removeItem(at: gone.appending(path: name)) }
    OwnershipMark.removeIfEmpty(gone)
  }

  /// The place of the file `name` while the run is being written.
  func file(_ name: String) -> URL { working.appending(path: name) }

  /// Takes the finished folder `draft`, also from another file system, as what this one will hold.
  func adopt(_ draft: URL) throws {
    try FileManager.default.removeItem(at: working)
    try FileManager.default.moveItem(at: draft, to: working)
  }

  /// Marks the folder and gives it its name, replacing one that is there and ours, and removes the checkpoint.
  ///
  /// - Throws: status 74 if something has come into the way; what was made stays beside it, and the message says where.
  func commit() throws(RunError) {
    let manager = FileManager.default
    let old = Self.replaced(in: partial)
    func failure(_ reason: String) -> RunError {
      RunError(
        .inputOutput, at: final.relativePath, "the finished folder could not be given its name: \(reason)",
        advice: "The results are in \(partial.lastPathComponent)/output beside it: move that folder")
    }
    do {
      try OwnershipMark(kind: place.kind, contentsOf: working).write(to: file(OwnershipMark.name))
    } catch { throw RunError(error) }
    do { try place.checkFolder() } catch { throw failure(error.description) }
    do {
      if place.overwrites && FileKind(at: final) != nil { try manager.moveItem(at: final, to: old) }
      try manager.moveItem(at: working, to: final)
    } catch { throw failure("it cannot be renamed") }
    Self.synchronize(final.deletingLastPathComponent())
    OwnershipMark.removeResult(in: old)
    discard()
  }

  /// Removes what was written, and the checkpoint.
  func discard() { Self.remove(partial) }

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
