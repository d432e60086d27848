internal import Checksums
internal import Foundation

/// The last line of a draws file: the SHA-256 digest of every byte before it.
///
/// HDF5 keeps most of its tables without checksums, and damaged ones make it run beyond its memory. So a file is held
/// against its seal before the library sees it. HDF5 takes no notice of what stands behind the end that the first block of
/// a file states: other programs open a sealed file as it is, and one that changes it drops the seal.
enum DrawsSeal {
  private static let mark = Array("\nSHA-256 of all before: ".utf8)
  /// The mark, 64 hexadecimal digits, and the end of the line.
  private static let length = mark.count + 65

  /// Puts the seal behind the contents of `file`.
  static func close(_ file: URL) throws {
    let digest = try SHA256Digest(ofFile: file)
    let handle = try FileHandle(forUpdating: file)
    defer { try? handle.close() }
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(mark + Array("\(digest)\n".utf8)))
  }

  /// What is wrong with the seal of `file`; nil if the file is as it was written.
  static func fault(of file: URL) throws -> String? {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    let size = Int(try handle.seekToEnd())
    guard size > length else { return missing }
    try handle.seek(toOffset: UInt64(size - length))
    let seal = Array(try handle.read(upToCount: length) ?? Data())
    guard seal.count == length, seal.starts(with: mark) else { return missing }
    let digest = try SHA256Digest(ofFile: file, upTo: size - length)
    return seal.dropFirst(mark.count).elementsEqual("\(digest)\n".utf8)
      ? nil : "its checksum does not fit: it was damaged"
  }

  private static let missing = "its checksum is missing: it was cut short, or changed by another program"
}
