public import Foundation

/// Files that are read whole: tables, lists of numbers, JSON.
///
/// Memory is bounded: what is larger than any such file is refused after that many bytes, be it a scan that was named by
/// mistake or a device that never ends.
public enum SmallFile {
  /// 256 MiB: some million rows.
  public static let largestSize = 1 << 28

  /// Why a file could not be read.
  public struct Failure: Error, Equatable, Sendable {
    /// The reason, as the middle of a message.
    public let reason: String
  }

  /// The bytes of `file`, which may be a pipe.
  ///
  /// - Throws: `Failure` if it is missing, may not be read, is a folder, or is larger than `limit` bytes.
  public static func read(_ file: URL, limit: Int = largestSize) throws(Failure) -> Data {
    let bytes: Data
    do {
      let handle = try FileHandle(forReadingFrom: file)
      bytes = try handle.read(upToCount: limit + 1) ?? Data()
      try handle.close()
    } catch {
      let isThere = FileManager.default.fileExists(atPath: file.path)
      throw Failure(reason: isThere ? "it may not be read, or is a folder" : "no such file")
    }
    guard bytes.count <= limit else { throw Failure(reason: "it is larger than \(limit >> 20) MB") }
    return bytes
  }
}
