internal import Foundation

/// The right to write into a folder, held by one process at a time.
///
/// The lock is the kernel's (`flock`): it ends with the process that holds it, however that ends, so a stale lock does
/// not exist. The file beside it names the holder, for messages only.
final class FolderLock: Sendable {
  /// The name of the lock file.
  static let name = "lock"

  private let descriptor: Int32

  /// Takes the lock of `folder`, whose lock file is made if it is missing.
  ///
  /// - Returns: nil if the folder was removed or replaced meanwhile: make it again and try again.
  /// - Throws: status 73 if another process holds it, or if the lock file cannot be made.
  static func take(_ folder: URL, for output: URL) throws(RunError) -> FolderLock? {
    let file = folder.appending(path: name).path
    let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw RunError(
        .cannotCreate, at: output.relativePath, "the output folder cannot be created: \(Self.systemReason)",
        advice: "Check that its parent folder exists and may be written")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
      close(descriptor)
      throw RunError(
        .cannotCreate, at: output.relativePath,
        "another run is writing there" + (holder.isEmpty ? "" : ": process \(holder)"),
        advice: "Wait until it ends, or choose another name for --out")
    }
    var (held, named) = (stat(), stat())
    guard unsafe fstat(descriptor, &held) == 0, unsafe stat(file, &named) == 0, held.st_ino == named.st_ino,
      held.st_dev == named.st_dev
    else {
      close(descriptor)
      return nil
    }
    let holder = Array("\(getpid())".utf8)
    ftruncate(descriptor, 0)
    _ = unsafe pwrite(descriptor, holder, holder.count, 0)
    return FolderLock(descriptor)
  }

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// The message of the last failed system call.
  static var systemReason: String { unsafe String(cString: strerror(errno)) }
}
