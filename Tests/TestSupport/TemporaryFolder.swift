public import Foundation

/// A new empty folder that is removed when the test is over.
public final class TemporaryFolder: Sendable {
  /// The folder.
  public let url: URL

  /// Makes the folder.
  public init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "ivimbayes-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The place of a file in the folder.
  public func file(_ name: String) -> URL { url.appending(path: name) }

  /// Writes a text file and returns its place.
  public func write(_ text: String, as name: String) throws -> URL {
    try Data(text.utf8).write(to: file(name))
    return file(name)
  }

  /// Writes bytes and returns the file's place.
  public func write(_ bytes: [UInt8], as name: String) throws -> URL {
    try Data(bytes).write(to: file(name))
    return file(name)
  }

  /// The names of everything in the folder, hidden files too, sorted.
  public var contents: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
  }
}
