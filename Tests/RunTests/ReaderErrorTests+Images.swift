import Foundation
import NIfTI
import TestSupport

extension ReaderErrorTests {
  /// A NIfTI-1 file of 2 × 2 × 2 float32 voxels, by the offsets of nifti1.h, with `change` made to its bytes.
  static func image(_ change: (inout [UInt8]) -> Void = { _ in }) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 352 + 32)
    put(Int32(348), at: 0, in: &bytes)
    for (axis, extent) in [3, 2, 2, 2, 1, 1, 1, 1].enumerated() {
      put(Int16(extent), at: 40 + 2 * axis, in: &bytes)
    }
    put(Int16(16), at: 70, in: &bytes)
    for axis in 0..<4 { put(Float(1).bitPattern, at: 76 + 4 * axis, in: &bytes) }
    put(Float(352).bitPattern, at: 108, in: &bytes)
    put(Int16(1), at: 254, in: &bytes)
    for axis in 0..<3 { put(Float(1).bitPattern, at: 280 + 20 * axis, in: &bytes) }
    bytes.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
    for voxel in 0..<8 { put(Float(voxel + 1).bitPattern, at: 352 + 4 * voxel, in: &bytes) }
    change(&bytes)
    return bytes
  }

  static func put(_ number: some FixedWidthInteger, at offset: Int, in bytes: inout [UInt8]) {
    for byte in 0..<number.bitWidth / 8 {
      bytes[offset + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte))
    }
  }

  /// A fault of an image, by what is done to its bytes.
  static func damaged(
    _ name: String, _ evidence: [String], _ change: @escaping @Sendable (inout [UInt8]) -> Void
  )
    -> Fault
  {
    Fault("NIfTI.\(name)", ["scan.nii"] + evidence) { folder in
      _ = try NIfTIImage.read(folder.write(image(change), as: "scan.nii"))
    }
  }

  static let images: [Fault] = [
    Fault("NIfTI.unreadable", ["absent.nii", "No such file", "permissions"]) {
      _ = try NIfTIImage.read($0.file("absent.nii"))
    },
    damaged("notNIfTI", ["it begins with the bytes", "dcm2niix"]) { $0[0] = 1 },
    damaged("headerOfPair", [".hdr/.img pair", "Convert"]) {
      $0.replaceSubrange(344..<348, with: Array("ni1\0".utf8))
    },
    damaged("badDimensions", ["every extent must be positive", "Export"]) { put(Int16(0), at: 42, in: &$0) },
    damaged("badDimensions", ["only three axes and time", "Export"]) {
      put(Int16(6), at: 40, in: &$0)
      put(Int16(3), at: 50, in: &$0)
      put(Int16(2), at: 52, in: &$0)
    },
    damaged("unsupportedType", ["complex64", "datatype 32", "float32"]) { put(Int16(32), at: 70, in: &$0) },
    damaged("badScaling", ["scl_inter", "finite numbers"]) {
      put(Float(2).bitPattern, at: 112, in: &$0)
      put(Float.infinity.bitPattern, at: 116, in: &$0)
    },
    damaged("badAffine", ["sform", "not finite", "Repair"]) { put(Float.nan.bitPattern, at: 280, in: &$0) },
    damaged("badAffine", ["do not span space"]) { put(Float(0).bitPattern, at: 280, in: &$0) },
    damaged("badOffset", ["vox_offset 100.0", "352"]) { put(Float(100).bitPattern, at: 108, in: &$0) },
    damaged("tooShort", ["promises 2 × 2 × 2 × 1 voxels", "Copy"]) { $0.removeLast() },
    Fault("NIfTI.tooShort", ["scan.nii", "32767 × 32767 × 32767"]) { folder in
      // A header that promises 2⁴⁷ bytes: refused before any memory is asked for.
      let promise = image { bytes in for axis in 1...3 { put(Int16.max, at: 40 + 2 * axis, in: &bytes) } }
      _ = try NIfTIImage.read(folder.write(promise, as: "scan.nii"))
    },
    Fault("NIfTI.tooLarge", ["scan.nii", "MB of memory", "Crop"]) { folder in
      // A file that does hold its voxels, all of them a hole.
      let header = image { bytes in
        for (axis, extent) in [32767, 32767, 1000].enumerated() {
          put(Int16(extent), at: 42 + 2 * axis, in: &bytes)
        }
        put(Int16(2), at: 70, in: &bytes)
      }
      let file = try folder.write(header, as: "scan.nii")
      let handle = try FileHandle(forWritingTo: file)
      try handle.truncate(atOffset: 352 + 32767 * 32767 * 1000)
      try handle.close()
      _ = try NIfTIImage.read(file)
    },
    Fault("NIfTI.corrupt", ["scan.nii.gz", "gzip -t"]) { folder in
      var output = try AtomicFile.create(folder.file("scan.nii.gz"), compressed: true)
      try output.write(image())
      try output.finish()
      var bytes = [UInt8](try Data(contentsOf: folder.file("scan.nii.gz")))
      // The checksum stands in the last eight bytes.
      bytes[bytes.count - 6] ^= 1
      _ = try NIfTIImage.read(folder.write(bytes, as: "scan.nii.gz"))
    },
    Fault("NIfTI.notLabels", ["labels.nii", "[1, 0, 0]", "0.5", "label image"]) { folder in
      let labels = image { put(Float(0.5).bitPattern, at: 356, in: &$0) }
      _ = try LabelImage.read(folder.write(labels, as: "labels.nii"))
    },
    Fault("NIfTI.unwritable", ["out.nii", "No such file", "free space"]) { folder in
      let grid = Grid(shape: [1, 1, 1], affine: .scaling([1, 1, 1]))
      try NIfTIImage(grid: grid, values: [1]).writeFloat32(to: folder.file("absent/out.nii"))
    },
  ]
}
