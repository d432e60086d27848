import Foundation
import NIfTI
import Testing
import TestSupport

/// Runs `body`, which must throw a `NIfTIError`.
func failure<Value>(_ body: () throws -> Value) -> NIfTIError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? NIfTIError
  }
}

struct NIfTIErrorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Expects the three parts of the message: the file, what is wrong, and what to do.
  func expect(
    _ error: NIfTIError?, names file: String = "image.nii", says problem: String, advises advice: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let message = error?.description ?? "no error was thrown"
    for part in [file, problem, advice] {
      #expect(message.contains(part), "\(message) does not say: \(part)", sourceLocation: sourceLocation)
    }
  }

  func reading(_ change: (inout SampleFile) -> Void) throws -> NIfTIError? {
    let file = try SampleFile.counting(change).write(in: folder)
    return failure { try NIfTIImage.read(file) }
  }

  @Test func `a missing file and a folder are unreadable`() {
    expect(
      failure { try NIfTIImage.read(folder.file("none.nii")) }, names: "none.nii",
      says: "No such file", advises: "Check the path")
    expect(
      failure { try NIfTIImage.read(folder.url) }, names: folder.url.lastPathComponent,
      says: "not a regular file", advises: "Check the path")
  }

  @Test func `an empty file, a text and another magic are no NIfTI images`() throws {
    let empty = try folder.write([UInt8](), as: "image.nii")
    expect(failure { try NIfTIImage.read(empty) }, says: "only 0 bytes", advises: "dcm2niix")
    let text = try folder.write([UInt8](repeating: 0x41, count: 1_000), as: "image.nii")
    expect(failure { try NIfTIImage.read(text) }, says: "bytes 41 41 41 41", advises: "dcm2niix")
    let analyze = try reading { $0.magic = [0, 0, 0, 0] }
    expect(analyze, says: "magic field", advises: "dcm2niix")
  }

  @Test func `the header of a pair is named as one`() throws {
    expect(
      try reading { $0.magic = Array("ni1\0".utf8) }, says: ".hdr/.img pair", advises: "Convert the pair")
  }

  @Test func `extents of zero, negative extents and nine axes are refused`() throws {
    expect(try reading { $0.dim[2] = 0 }, says: "every extent must be positive", advises: "Export the image")
    expect(try reading { $0.dim[1] = -4 }, says: "[4, -4, 2, 2", advises: "Export the image")
    expect(try reading { $0.dim[0] = 9 }, says: "number of axes", advises: "Export the image")
    expect(try reading { $0.dim[0] = 0 }, says: "number of axes", advises: "Export the image")
    expect(
      try reading { $0.dim = [5, 2, 2, 2, 2, 3, 1, 1] }, says: "three axes and time",
      advises: "Export the image")
    expect(
      try reading { $0.dim = [6, 2, 2, 2, 1, 3, 2, 1] }, says: "three axes and time",
      advises: "Export the image")
  }

  @Test func `a header that promises 2 to the 60 voxels is refused without the memory for them`() throws {
    for name in ["image.nii", "image.nii.gz"] {
      let file = try SampleFile.counting {
        ($0.version, $0.dim) = (2, [3, 1 << 20, 1 << 20, 1 << 20, 1, 1, 1, 1])
      }.write(as: name, in: folder)
      expect(
        failure { try NIfTIImage.read(file) }, says: "no file holds so many", advises: "Export the image")
      let smaller = try SampleFile.counting {
        ($0.version, $0.dim) = (2, [3, 1 << 15, 1 << 15, 1 << 15, 1, 1, 1, 1])
      }.write(as: name, in: folder)
      expect(
        failure { try NIfTIImage.read(smaller) }, says: "32768 × 32768 × 32768", advises: "Copy or download")
    }
    let overflow = try reading { ($0.version, $0.dim) = (2, [4, .max, .max, .max, .max, 1, 1, 1]) }
    expect(overflow, says: "no file holds so many", advises: "Export the image")
    // The widest extents of NIfTI-1: 2 to the 60, too.
    let narrow = try reading { $0.dim = [4, 32_767, 32_767, 32_767, 32_767, 1, 1, 1] }
    expect(narrow, says: "no file holds so many", advises: "Export the image")
  }

  @Test(.enabled(if: ProcessInfo.processInfo.physicalMemory < 1 << 36))
  func `a compressed file that could hold more than the memory is refused`() throws {
    var file = SampleFile(dim: [3, 32_767, 32_767, 1_000, 1, 1, 1, 1], datatype: 2)
    let memory = Int64(clamping: ProcessInfo.processInfo.physicalMemory)
    // One byte for each voxel on disk, four in memory; random bytes to make a compressed file large enough.
    file.dim[3] = min(32_767, memory / (4 * 32_767 * 32_767) + 1)
    let promised = Int(32_767 * 32_767 * file.dim[3])
    var state: UInt32 = 1
    file.voxels = (0..<(promised / 1_000)).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
    let url = try file.write(as: "image.nii.gz", in: folder)
    expect(failure { try NIfTIImage.read(url) }, says: "MB of memory", advises: "Crop the image")
  }

  @Test(arguments: [(1, "bit"), (32, "complex64"), (128, "RGB24"), (1792, "complex128"), (77, "not define")])
  func `types that are no real numbers are named`(code: Int16, name: String) throws {
    expect(try reading { $0.datatype = code }, says: name, advises: "Store magnitude images")
  }

  @Test(arguments: [Double.infinity, -.infinity]) func `an infinite slope is refused`(slope: Double) throws {
    let error = try reading { ($0.slope, $0.intercept) = (slope, 0) }
    expect(error, says: "scl_slope", advises: "slope of 0")
  }

  @Test func `an intercept that is not finite is refused when there is a slope`() throws {
    let error = try reading { ($0.slope, $0.intercept) = (2, .nan) }
    expect(error, says: "scl_inter nan", advises: "slope of 0")
  }

  @Test func `an affine with NaN or without volume is refused by the name of its field`() throws {
    expect(try reading { $0.sform[3] = .nan }, says: "sform", advises: "Repair the orientation")
    expect(try reading { $0.sform[0] = 0 }, says: "axes do not span space", advises: "Repair the orientation")
    let qform = try reading { ($0.qformCode, $0.sformCode, $0.qformOffset[1]) = (1, 0, .infinity) }
    expect(qform, says: "qform", advises: "Repair the orientation")
    let edges = try reading { ($0.sformCode, $0.pixdim[2]) = (0, .nan) }
    expect(edges, says: "pixdim", advises: "Repair the orientation")
  }

  @Test(arguments: [12, -352, .nan, .infinity, 1e30])
  func `an offset that does not point behind the header is refused`(offset: Double) throws {
    expect(try reading { $0.offset = offset }, says: "vox_offset", advises: "Write the file again")
  }

  @Test func `an offset behind the end of the file is a file too short`() throws {
    expect(try reading { $0.offset = 10_000 }, says: "too short", advises: "Copy or download")
  }

  @Test func `a plain file that lost its end is too short`() throws {
    let whole = SampleFile.counting().contents
    for length in [whole.count - 1, 360, 352] {
      let file = try folder.write(Array(whole.prefix(length)), as: "image.nii")
      expect(
        failure { try NIfTIImage.read(file) }, says: "\(length) bytes are all", advises: "Copy or download")
    }
    let second = SampleFile.counting { $0.version = 2 }.contents
    let file = try folder.write(Array(second.prefix(400)), as: "image.nii")
    expect(failure { try NIfTIImage.read(file) }, says: "header of 540 bytes", advises: "Copy or download")
  }

  @Test func `a compressed file is refused wherever it was cut`() throws {
    let file = SampleFile.counting { $0.voxels = (0..<96).map { UInt8(truncatingIfNeeded: $0 * 37) } }
    let whole = [UInt8](try Data(contentsOf: file.write(as: "image.nii.gz", in: folder)))
    for length in 0..<whole.count {
      let cut = try folder.write(Array(whole.prefix(length)), as: "cut.nii.gz")
      let error = failure { try NIfTIImage.read(cut) }
      #expect(error != nil, "accepted after \(length) of \(whole.count) bytes")
    }
    let cut = try folder.write(Array(whole.dropLast(5)), as: "cut.nii.gz")
    expect(
      failure { try NIfTIImage.read(cut) }, names: "cut.nii.gz", says: "unexpected end", advises: "gzip -t")
  }

  @Test func `a compressed file with a wrong checksum or damaged bytes is corrupt`() throws {
    let file = SampleFile.counting { $0.voxels = (0..<96).map { UInt8(truncatingIfNeeded: $0 * 37) } }
    let whole = [UInt8](try Data(contentsOf: file.write(as: "image.nii.gz", in: folder)))
    for position in [whole.count - 8, whole.count - 4, whole.count / 2] {
      var damaged = whole
      damaged[position] ^= 0xff
      let url = try folder.write(damaged, as: "bad.nii.gz")
      expect(failure { try NIfTIImage.read(url) }, names: "bad.nii.gz", says: "damaged", advises: "gzip -t")
    }
  }

  @Test func `a voxel that is no label is named by its position`() throws {
    let file = SampleFile.counting { file in
      (file.dim, file.voxels) = ([3, 3, 2, 1, 1, 1, 1, 1], [])
      file.voxels = [0, 1, 2, 0, 0.5, 1].flatMap { SampleFile().bytes(Float($0).bitPattern) }
    }
    let url = try file.write(in: folder)
    expect(failure { try LabelImage.read(url) }, says: "voxel [1, 1, 0]", advises: "Give a mask")
    let series = try SampleFile.counting().write(in: folder)
    expect(
      failure { try LabelImage.read(series) }, says: "segments that may overlap",
      advises: "Export one label map")
  }

  @Test func `a folder that is not there cannot be written to`() throws {
    let image = NIfTIImage(grid: Grid(shape: [1, 1, 1], affine: .scaling(.one)), values: [1])
    let error = failure { try image.writeFloat32(to: folder.file("none/map.nii.gz")) }
    expect(error, names: "map.nii.gz", says: "No such file", advises: "free space")
  }
}
