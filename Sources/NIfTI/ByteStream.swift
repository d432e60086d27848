internal import CNIfTI
internal import Foundation

/// The decompressed bytes of a file, read once from beginning to end: gzip or plain, told apart by content.
///
/// Owns a zlib file handle, which is closed when the stream goes out of scope.
@safe
struct ByteStream: ~Copyable {
  let url: URL
  /// Bytes on disk.
  let fileSize: Int
  private let handle: gzFile

  /// The largest factor by which deflate can shrink bytes, with room for rounding (zlib technical details,
  /// "maximum compression factor": 1032).
  private static let largestExpansion = 1_040

  private init(url: URL, fileSize: Int, handle: gzFile) {
    self.url = url
    self.fileSize = fileSize
    unsafe self.handle = handle
  }

  /// Opens a regular file.
  ///
  /// - Throws: `unreadable` if it is missing, no regular file, or not ours to read.
  static func open(_ url: URL) throws(NIfTIError) -> ByteStream {
    var status = stat()
    guard unsafe stat(url.path, &status) == 0 else {
      throw .unreadable(file: url, reason: systemReason)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(file: url, reason: "it is not a regular file")
    }
    guard let handle = unsafe gzopen(url.path, "rb") else {
      throw .unreadable(file: url, reason: systemReason)
    }
    unsafe gzbuffer(handle, 1 << 17)
    return unsafe ByteStream(url: url, fileSize: Int(status.st_size), handle: handle)
  }

  deinit { unsafe gzclose(handle) }

  /// The message of the last failed system call.
  static var systemReason: String { unsafe String(cString: strerror(errno)) }

  /// True if the file is compressed; known after the first read.
  var isCompressed: Bool { unsafe gzdirect(handle) == 0 }

  /// The most bytes that this file can hold once decompressed.
  var capacity: Int {
    isCompressed ? fileSize.multipliedReportingOverflow(by: Self.largestExpansion).partialValue : fileSize
  }

  /// Fills `buffer` as far as the file goes and returns the number of bytes read.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(NIfTIError) -> Int {
    var count = 0
    while count < buffer.count {
      let wanted = min(buffer.count - count, 1 << 20)
      let got = unsafe Int(gzread(handle, buffer.baseAddress.map { unsafe $0 + count }, UInt32(wanted)))
      if got < 0 { throw .corrupt(file: url, reason: reason) }
      if got == 0 { break }
      count += got
    }
    return count
  }

  /// The next bytes, at most `count`.
  mutating func read(_ count: Int) throws(NIfTIError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var outcome: Result<Int, NIfTIError> = .success(0)
    unsafe bytes.withUnsafeMutableBytes { buffer in
      outcome = Result { () throws(NIfTIError) in unsafe try read(into: buffer) }
    }
    return Array(bytes.prefix(try outcome.get()))
  }

  /// Passes over `count` bytes; returns how many there were.
  mutating func skip(_ count: Int) throws(NIfTIError) -> Int {
    var left = count
    while left > 0 {
      let got = try read(min(left, 1 << 16)).count
      if got == 0 { break }
      left -= got
    }
    return count - left
  }

  /// Reads to the end, where gzip's checksum stands.
  ///
  /// - Throws: `corrupt` if the checksum is wrong or missing.
  mutating func finish() throws(NIfTIError) {
    while try !read(1 << 16).isEmpty {}
    var code: Int32 = 0
    _ = unsafe gzerror(handle, &code)
    if code != Z_OK && code != Z_STREAM_END { throw .corrupt(file: url, reason: reason) }
  }

  private var reason: String {
    var code: Int32 = 0
    let text = unsafe gzerror(handle, &code).map { unsafe String(cString: $0) } ?? ""
    if code == Z_ERRNO { return Self.systemReason }
    // zlib prefixes its message with the path.
    return text.hasPrefix(url.path + ": ") ? String(text.dropFirst(url.path.count + 2)) : text
  }
}
