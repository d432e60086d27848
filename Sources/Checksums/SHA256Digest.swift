internal import CCrypto
public import Foundation

/// The SHA-256 digest of a file or a text (FIPS 180-4), by OpenSSL: what a run records of its inputs.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public let description: String

  /// The digest of `bytes`.
  public init(of bytes: Data) {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    let content = [UInt8](bytes)
    let done = unsafe EVP_Digest(content, content.count, &digest, &length, EVP_sha256(), nil)
    precondition(done == 1, "OpenSSL could not compute a SHA-256 digest")
    self.init(digest: digest.prefix(Int(length)))
  }

  /// The digest of the contents of `file`, read a megabyte at a time: a file may be larger than the memory, and be cut
  /// while it is read. Of its first `length` bytes only, if that is given.
  public init(ofFile file: URL, upTo length: Int? = nil) throws {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    let context = unsafe EVP_MD_CTX_new()
    defer { unsafe EVP_MD_CTX_free(context) }
    var isDone = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    var left = length ?? .max
    while let bytes = try handle.read(upToCount: min(left, 1 << 20)), !bytes.isEmpty {
      left -= bytes.count
      let piece = [UInt8](bytes)
      isDone = unsafe EVP_DigestUpdate(context, piece, piece.count) == 1 && isDone
    }
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var digestLength: UInt32 = 0
    isDone = unsafe EVP_DigestFinal_ex(context, &digest, &digestLength) == 1 && isDone
    precondition(isDone, "OpenSSL could not compute a SHA-256 digest")
    self.init(digest: digest.prefix(Int(digestLength)))
  }

  private init(digest: ArraySlice<UInt8>) {
    description = digest.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}
