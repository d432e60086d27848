internal import CNIfTI
public import Foundation

/// A file that appears under its name only when it is whole: written beside, flushed to the disk, renamed.
///
/// A crash, a full disk or an interrupt leaves the old file, or none; what was written beside is removed on error.
@safe
public struct AtomicFile: ~Copyable {
  private let url: URL
  private let temporary: String
  private let handle: gzFile
  private let descriptor: Int32
  private var isFinished = false

  private init(url: URL, temporary: String, handle: gzFile, descriptor: Int32) {
    self.url = url
    self.temporary = temporary
    unsafe self.handle = handle
    self.descriptor = descriptor
  }

  /// Opens a new file beside `url`; `compressed` makes it gzip, without name or time, so that equal content gives
  /// equal bytes.
  ///
  /// - Throws: `unwritable` if the folder is missing or may not be written.
  public static func create(_ url: URL, compressed: Bool = false) throws(NIfTIError) -> AtomicFile {
    let temporary = url.deletingLastPathComponent()
      .appending(path: ".\(url.lastPathComponent).\(getpid()).partial").path
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .unwritable(file: url, reason: ByteStream.systemReason) }
    // zlib closes the copy; the original stays for fsync. "T" writes the bytes as they are.
    guard let handle = unsafe gzdopen(dup(descriptor), compressed ? "wb6" : "wbT") else {
      close(descriptor)
      unsafe unlink(temporary)
      throw .unwritable(file: url, reason: "out of memory")
    }
    return unsafe AtomicFile(url: url, temporary: temporary, handle: handle, descriptor: descriptor)
  }

  deinit {
    if !isFinished {
      unsafe gzclose(handle)
      close(descriptor)
      unsafe unlink(temporary)
    }
  }

  /// Appends bytes.
  ///
  /// - Throws: `unwritable`, for example if the disk is full.
  public mutating func write(_ bytes: [UInt8]) throws(NIfTIError) {
    let written = unsafe bytes.withUnsafeBytes { unsafe write($0) }
    guard written else { throw .unwritable(file: url, reason: failure) }
  }

  /// Appends numbers as little-endian float32.
  mutating func write(_ values: ArraySlice<Float>) throws(NIfTIError) {
    try write(patterns: values.map { $0.bitPattern.littleEndian })
  }

  /// Appends numbers as little-endian int32.
  mutating func write(_ values: ArraySlice<Int32>) throws(NIfTIError) {
    try write(patterns: values.map { UInt32(bitPattern: $0).littleEndian })
  }

  private mutating func write(patterns: [UInt32]) throws(NIfTIError) {
    let written = unsafe patterns.withUnsafeBytes { unsafe write($0) }
    guard written else { throw .unwritable(file: url, reason: failure) }
  }

  private mutating func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var start = 0
    while start < bytes.count {
      let count = min(bytes.count - start, 1 << 20)
      let base = unsafe bytes.baseAddress.map { unsafe $0 + start }
      guard unsafe gzwrite(handle, base, UInt32(count)) == Int32(count) else { return false }
      start += count
    }
    return true
  }

  /// Flushes everything to the disk and gives the file its name, replacing one that is there.
  ///
  /// - Throws: `unwritable`; then nothing has changed.
  public consuming func finish() throws(NIfTIError) {
    let closed = unsafe gzclose(handle)
    isFinished = true
    var reason: String?
    if closed != Z_OK || fsync(descriptor) != 0 { reason = ByteStream.systemReason }
    close(descriptor)
    if reason == nil, unsafe rename(temporary, url.path) != 0 { reason = ByteStream.systemReason }
    if let reason {
      unsafe unlink(temporary)
      throw .unwritable(file: url, reason: reason)
    }
    // The new name itself must reach the disk.
    let folder = unsafe open(url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Writes a text as one file.
  ///
  /// - Throws: `unwritable`.
  public static func write(_ text: String, to url: URL) throws(NIfTIError) {
    var file = try create(url)
    try file.write(Array(text.utf8))
    try file.finish()
  }

  private var failure: String {
    var code: Int32 = 0
    let text = unsafe gzerror(handle, &code).map { unsafe String(cString: $0) } ?? ""
    return code == Z_ERRNO ? ByteStream.systemReason : text
  }
}
