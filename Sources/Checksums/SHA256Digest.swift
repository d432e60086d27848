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
    description = digest.prefix(Int(length)).map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }

  /// The digest of the contents of `file`, read in one piece.
  public init(ofFile file: URL) throws {
    self.init(of: try Data(contentsOf: file, options: .mappedIfSafe))
  }
}
