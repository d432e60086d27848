internal import Foundation
internal import NIfTI

/// Arrays of numbers in one file, which is whole or absent: the form in which finished work waits for the end of a run.
///
/// The file holds a line of JSON that names each array with its type and length, then the arrays in that order,
/// little-endian, and a checksum over all of them.
struct SectionFile {
  /// An array of the file.
  enum Section: Equatable {
    case doubles([Double])
    case floats([Float])
    case bytes([UInt8])

    var byteCount: Int {
      switch self {
      case .doubles(let values): 8 * values.count
      case .floats(let values): 4 * values.count
      case .bytes(let values): values.count
      }
    }

    fileprivate var kind: String {
      switch self {
      case .doubles: "doubles"
      case .floats: "floats"
      case .bytes: "bytes"
      }
    }
  }

  private struct Entry: Codable {
    let name: String
    let kind: String
    let byteCount: Int
  }

  private var sections: [(name: String, section: Section)] = []

  init() {}

  /// The array called `name`; nil if there is none.
  subscript(name: String) -> Section? {
    get { sections.first { $0.name == name }?.section }
    set {
      sections.removeAll { $0.name == name }
      if let newValue { sections.append((name, newValue)) }
    }
  }

  func doubles(_ name: String) -> [Double]? {
    if case .doubles(let values)? = self[name] { values } else { nil }
  }
  func floats(_ name: String) -> [Float]? {
    if case .floats(let values)? = self[name] { values } else { nil }
  }
  func bytes(_ name: String) -> [UInt8]? { if case .bytes(let values)? = self[name] { values } else { nil } }

  /// Writes the file beside `file` and moves it there when it is whole and on the disk.
  func write(to file: URL) throws {
    let entries = sections.map {
      Entry(name: $0.name, kind: $0.section.kind, byteCount: $0.section.byteCount)
    }
    var output = try AtomicFile.create(file)
    let header = [UInt8](try JSONEncoder().encode(entries)) + [0x0a]
    try output.write(header)
    var checksum = Checksum()
    checksum.add(header[...])
    for (_, section) in sections {
      for piece in section.pieces {
        checksum.add(piece[...])
        try output.write(piece)
      }
    }
    try output.write(checksum.bytes)
    try output.finish()
  }

  /// Reads the file; nil if it is absent, cut short or damaged, or is none.
  init?(contentsOf file: URL) {
    guard let data = try? Data(contentsOf: file), let end = data.firstIndex(of: 0x0a),
      let entries = try? JSONDecoder().decode([Entry].self, from: data[..<end])
    else { return nil }
    let bytes = [UInt8](data)
    var place = end + 1
    let total = entries.reduce(0) { sum, entry in sum &+ max(0, entry.byteCount) }
    guard entries.allSatisfy({ $0.byteCount >= 0 }), total == bytes.count - place - 8 else { return nil }
    var checksum = Checksum()
    checksum.add(bytes[..<place])
    for entry in entries {
      let part = bytes[place..<place + entry.byteCount]
      guard let section = Section(kind: entry.kind, part) else { return nil }
      for piece in section.pieces { checksum.add(piece[...]) }
      sections.append((entry.name, section))
      place += entry.byteCount
    }
    guard checksum.bytes[...] == bytes[place...] else { return nil }
  }
}

extension SectionFile.Section {
  /// Numbers in one piece of bytes.
  private static var pieceCount: Int { 1 << 16 }

  /// The bytes of the array, a piece at a time.
  fileprivate var pieces: some Sequence<[UInt8]> {
    let count: Int
    switch self {
    case .doubles(let values): count = values.count
    case .floats(let values): count = values.count
    case .bytes(let values): count = values.count
    }
    return stride(from: 0, to: count, by: Self.pieceCount).lazy.map { start in
      let range = start..<Swift.min(start + Self.pieceCount, count)
      return switch self {
      case .doubles(let values): LittleEndian.bytes(of: values[range])
      case .floats(let values): LittleEndian.bytes(of: values[range])
      case .bytes(let values): Array(values[range])
      }
    }
  }

  fileprivate init?(kind: String, _ bytes: ArraySlice<UInt8>) {
    switch kind {
    case "doubles" where bytes.count % 8 == 0: self = .doubles(LittleEndian.doubles(bytes))
    case "floats" where bytes.count % 4 == 0: self = .floats(LittleEndian.floats(bytes))
    case "bytes": self = .bytes(Array(bytes))
    default: return nil
    }
  }
}

/// Numbers as little-endian bytes and back, exactly.
enum LittleEndian {
  static func bytes(of values: ArraySlice<Double>) -> [UInt8] { bytes(of: values.lazy.map(\.bitPattern)) }

  static func bytes(of values: ArraySlice<Float>) -> [UInt8] { bytes(of: values.lazy.map(\.bitPattern)) }

  static func bytes<Pattern: FixedWidthInteger>(of patterns: some Collection<Pattern>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(patterns.count * Pattern.bitWidth / 8)
    for pattern in patterns {
      for shift in stride(from: 0, to: Pattern.bitWidth, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: pattern >> Pattern(shift)))
      }
    }
    return bytes
  }

  static func doubles(_ bytes: ArraySlice<UInt8>) -> [Double] {
    patterns(bytes, of: UInt64.self).map(Double.init(bitPattern:))
  }

  static func floats(_ bytes: ArraySlice<UInt8>) -> [Float] {
    patterns(bytes, of: UInt32.self).map(Float.init(bitPattern:))
  }

  private static func patterns<Pattern: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>, of: Pattern.Type)
    -> [Pattern]
  {
    let width = Pattern.bitWidth / 8
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: width).map { start in
      (0..<width).reduce(0) { $0 | Pattern(bytes[start + $1]) << Pattern(8 * $1) }
    }
  }
}

/// A checksum that finds what a crash or a damaged disk does to a file: FNV-1a in 64 bits (Fowler, Noll and Vo 1991).
struct Checksum {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0100_0000_01b3 }
  }

  /// Its eight bytes.
  var bytes: [UInt8] { LittleEndian.bytes(of: CollectionOfOne(state)) }
}
