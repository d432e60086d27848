import Foundation
import NIfTI
import TestSupport

/// A NIfTI file built byte by byte from the offsets of nifti1.h and nifti2.h, independently of the reader.
struct SampleFile {
  var version = 1
  var bigEndian = false
  var dim: [Int64] = [4, 3, 2, 2, 2, 1, 1, 1]
  var datatype: Int16 = 16
  var pixdim: [Double] = [1, 2, 3, 4, 1, 1, 1, 1]
  var offset: Double?
  var slope = 0.0
  var intercept = 0.0
  var qformCode = 0
  var sformCode = 1
  var quaternion = [0.0, 0, 0]
  var qformOffset = [0.0, 0, 0]
  var sform: [Double] = [2, 0, 0, -10, 0, 3, 0, -20, 0, 0, 4, -30]
  var magic: [UInt8]?
  var extensionBytes: [UInt8] = []
  var voxels: [UInt8] = []

  /// Voxels 0, 1, 2, … as float32, for the default shape.
  static func counting(_ change: (inout SampleFile) -> Void = { _ in }) -> SampleFile {
    var file = SampleFile()
    change(&file)
    if file.voxels.isEmpty { file.voxels = (0..<24).flatMap { file.bytes(Float($0).bitPattern) } }
    return file
  }

  /// The bytes of a number in the file's order.
  func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    let little = (0..<(Number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> Number($0 * 8)) }
    return bigEndian ? little.reversed() : little
  }

  private func real(_ value: Double) -> [UInt8] {
    version == 1 ? bytes(Float(value).bitPattern) : bytes(value.bitPattern)
  }

  /// The whole file, uncompressed.
  var contents: [UInt8] {
    var header = [UInt8](repeating: 0, count: version == 1 ? 352 : 544)
    func put(_ bytes: [UInt8], at offset: Int) {
      header.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
    }
    let start = offset ?? Double(header.count + extensionBytes.count)
    if !extensionBytes.isEmpty { header[header.count - 4] = 1 }
    func code(_ value: Int) -> [UInt8] { version == 1 ? bytes(Int16(value)) : bytes(Int32(value)) }
    if version == 1 {
      put(bytes(Int32(348)), at: 0)
      put(dim.flatMap { bytes(Int16(truncatingIfNeeded: $0)) }, at: 40)
      put(magic ?? Array("n+1\0".utf8), at: 344)
    } else {
      put(bytes(Int32(540)), at: 0)
      put(dim.flatMap { bytes($0) }, at: 16)
      put(magic ?? Array("n+2\0\r\n".utf8) + [0x1a, 0x0a], at: 4)
    }
    put(bytes(datatype), at: version == 1 ? 70 : 12)
    put(pixdim.flatMap(real), at: version == 1 ? 76 : 104)
    put(version == 1 ? real(start) : bytes(Int64(start)), at: version == 1 ? 108 : 168)
    put(real(slope), at: version == 1 ? 112 : 176)
    put(real(intercept), at: version == 1 ? 116 : 184)
    put(code(qformCode), at: version == 1 ? 252 : 344)
    put(code(sformCode), at: version == 1 ? 254 : 348)
    put(quaternion.flatMap(real), at: version == 1 ? 256 : 352)
    put(qformOffset.flatMap(real), at: version == 1 ? 268 : 376)
    put(sform.flatMap(real), at: version == 1 ? 280 : 400)
    return header + extensionBytes + voxels
  }

  /// Writes the file, compressed if the name says so.
  func write(as name: String = "image.nii", in folder: TemporaryFolder) throws -> URL {
    if name.hasSuffix(".gz") {
      var file = try AtomicFile.create(folder.file(name), compressed: true)
      try file.write(contents)
      try file.finish()
      return folder.file(name)
    }
    return try folder.write(contents, as: name)
  }
}
