/// The first bytes of an image file, read and written field by field.
struct HeaderBytes {
  /// 1 or 2.
  let version: Int
  /// True if the most significant byte of every number comes first.
  let isBigEndian: Bool
  /// The header and, when writing, the four bytes after it that say "no extensions".
  private(set) var bytes: [UInt8]

  /// `sizeof_hdr` of NIfTI-1 and of NIfTI-2.
  static let sizes = [1: 348, 2: 540]

  /// Takes the first bytes of a file; nil unless they begin with the size of a NIfTI header in either byte order.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 348 else { return nil }
    let little = (0..<4).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let big = (0..<4).reduce(0) { $0 << 8 | Int(bytes[$1]) }
    guard let size = Self.sizes.first(where: { $0.value == little || $0.value == big }) else { return nil }
    version = size.key
    isBigEndian = size.value != little
    self.bytes = bytes
  }

  /// An empty little-endian header of NIfTI version 1 or 2, with its size and magic set.
  init(version: Int) {
    self.version = version
    isBigEndian = false
    let size = version == 1 ? 348 : 540
    bytes = [UInt8](repeating: 0, count: size + 4)
    bytes[0] = UInt8(size & 0xff)
    bytes[1] = UInt8(size >> 8)
    let magic = version == 1 ? Array("n+1\0".utf8) : Array("n+2\0\r\n".utf8) + [0x1a, 0x0a]
    bytes.replaceSubrange(magicRange, with: magic)
  }

  /// The four (NIfTI-1) or eight (NIfTI-2) characters that name the format.
  var magic: [UInt8] { Array(bytes[magicRange]) }

  private var magicRange: Range<Int> { version == 1 ? 344..<348 : 4..<12 }

  /// The elements of an integer field.
  func integers(_ field: HeaderField) -> [Int64] {
    let place = field.place(version: version)
    return (0..<place.count).map { index in
      let pattern = pattern(place, index)
      return switch place.storage {
      case .int8: Int64(Int8(truncatingIfNeeded: pattern))
      case .int16: Int64(Int16(truncatingIfNeeded: pattern))
      case .int32: Int64(Int32(truncatingIfNeeded: pattern))
      case .int64: Int64(bitPattern: pattern)
      case .float32, .float64: Int64(exactly: number(place, index).rounded()) ?? -1
      }
    }
  }

  /// The elements of any field as numbers.
  func numbers(_ field: HeaderField) -> [Double] {
    let place = field.place(version: version)
    return switch place.storage {
    case .float32, .float64: (0..<place.count).map { number(place, $0) }
    default: integers(field).map(Double.init)
    }
  }

  /// Writes the elements of a field; integers must fit it.
  mutating func set(_ field: HeaderField, _ values: [Double]) {
    let place = field.place(version: version)
    for (index, value) in values.prefix(place.count).enumerated() {
      let pattern: UInt64 =
        switch place.storage {
        case .float32: UInt64(Float(value).bitPattern)
        case .float64: value.bitPattern
        default: UInt64(bitPattern: Int64(value))
        }
      for byte in 0..<place.storage.byteCount {
        bytes[place.offset + index * place.storage.byteCount + byte] =
          UInt8(truncatingIfNeeded: pattern >> (8 * UInt64(byte)))
      }
    }
  }

  private func number(_ place: HeaderField.Place, _ index: Int) -> Double {
    let pattern = pattern(place, index)
    return place.storage == .float32
      ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: pattern))) : Double(bitPattern: pattern)
  }

  private func pattern(_ place: HeaderField.Place, _ index: Int) -> UInt64 {
    let width = place.storage.byteCount
    let first = place.offset + index * width
    return (0..<width).reduce(0) { pattern, byte in
      pattern << 8 | UInt64(bytes[first + (isBigEndian ? byte : width - 1 - byte)])
    }
  }
}
