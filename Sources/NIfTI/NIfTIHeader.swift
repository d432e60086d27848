internal import Foundation

/// What a header says, checked: only values that an image can have get through.
struct NIfTIHeader {
  let grid: Grid
  let volumeCount: Int
  let type: VoxelType
  let isBigEndian: Bool
  /// Bytes between the header and the voxels: extensions.
  let gap: Int
  /// Value = slope · stored + intercept; nil if the stored numbers are the values.
  let scaling: (slope: Double, intercept: Double)?

  /// Reads and checks the header at the beginning of `stream`; leaves the stream behind it.
  ///
  /// - Throws: every `NIfTIError` of a malformed header; `tooShort` if the file cannot hold the voxels, so that
  ///   nothing is allocated for a promise that the file cannot keep.
  init(of stream: inout ByteStream) throws(NIfTIError) {
    let file = stream.url
    let header = try Self.headerBytes(of: &stream)
    try Self.checkMagic(of: header, in: file)
    isBigEndian = header.isBigEndian

    let (shape, volumes) = try Self.extents(of: header, in: file)
    volumeCount = volumes
    type = try Self.voxelType(of: header, in: file)
    scaling = try Self.scaling(of: header, in: file)
    let voxelOffset = try Self.voxelOffset(of: header, in: file)
    let orientation = try Self.orientation(of: header, in: file)
    grid = Grid(shape: shape, affine: orientation.placement.affine, orientation: orientation)
    try Self.checkPromise(
      shape: shape + [volumes], bytesPerVoxel: type.byteCount, offset: voxelOffset, of: stream)
    gap = voxelOffset - header.bytes.count
  }

  private static func headerBytes(of stream: inout ByteStream) throws(NIfTIError) -> HeaderBytes {
    let file = stream.url
    let (smaller, larger) = (348, 540)
    let bytes = try stream.read(smaller)
    guard let header = HeaderBytes(bytes) else {
      let start = bytes.prefix(4).map { String($0, radix: 16) }.joined(separator: " ")
      throw .notNIfTI(
        file: file,
        found: bytes.count < smaller ? "only \(bytes.count) bytes" : "it begins with the bytes \(start)")
    }
    if header.version == 1 { return header }
    let rest = try stream.read(larger - smaller)
    guard rest.count == larger - smaller, let whole = HeaderBytes(bytes + rest) else {
      throw .tooShort(
        file: file, promised: "a header of \(larger) bytes", found: "it ends after \(smaller + rest.count)")
    }
    return whole
  }

  private static func checkMagic(of header: HeaderBytes, in file: URL) throws(NIfTIError) {
    let magic = String(decoding: header.magic.prefix(3), as: UTF8.self)
    if magic == "ni\(header.version)" { throw .headerOfPair(file: file) }
    guard magic == "n+\(header.version)", header.magic[3] == 0 else {
      throw .notNIfTI(file: file, found: "the header's magic field does not say n+1 or n+2")
    }
  }

  private static func extents(
    of header: HeaderBytes, in file: URL
  ) throws(NIfTIError) -> (shape: [Int], volumes: Int) {
    let dim = header.integers(.dim)
    func bad(_ reason: String) -> NIfTIError { .badDimensions(file: file, dimensions: dim, reason: reason) }
    guard (1...7).contains(dim[0]) else { throw bad("the number of axes must be 1 to 7") }
    let axes = dim[1...Int(dim[0])]
    guard axes.allSatisfy({ $0 > 0 }) else { throw bad("every extent must be positive") }
    var all = Array(axes) + Array(repeating: 1, count: 7 - axes.count)
    // ITK keeps what others call time as the components of a vector: x, y, z, 1, n.
    if all[3] == 1 { all.swapAt(3, 4) }
    guard all.dropFirst(4).allSatisfy({ $0 == 1 }) else { throw bad("only three axes and time are read") }
    let extents = all.prefix(4).map(Int.init)
    // Eight bytes for each voxel is the widest type; a petabyte is no image.
    var bytes = 8
    for extent in extents {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= 1 << 50 else { throw bad("no file holds so many voxels") }
      bytes = product
    }
    return (Array(extents.prefix(3)), extents[3])
  }

  private static func voxelType(of header: HeaderBytes, in file: URL) throws(NIfTIError) -> VoxelType {
    let code = Int(header.integers(.datatype)[0])
    guard let type = VoxelType(rawValue: code) else {
      throw .unsupportedType(file: file, code: code, name: VoxelType.name(ofUnsupported: code))
    }
    return type
  }

  /// A slope of 0 means "not scaled" (nifti1.h, section on data scaling); NaN is what some writers leave in the field for
  /// the same purpose. An infinite slope makes every voxel infinite.
  private static func scaling(
    of header: HeaderBytes, in file: URL
  ) throws(NIfTIError) -> (slope: Double, intercept: Double)? {
    let (slope, intercept) = (header.numbers(.slope)[0], header.numbers(.intercept)[0])
    guard !slope.isNaN, slope != 0 else { return nil }
    guard slope.isFinite, intercept.isFinite else {
      throw .badScaling(file: file, slope: slope, intercept: intercept)
    }
    return slope == 1 && intercept == 0 ? nil : (slope, intercept)
  }

  private static func voxelOffset(of header: HeaderBytes, in file: URL) throws(NIfTIError) -> Int {
    let stated = header.numbers(.voxOffset)[0]
    let smallest = header.version == 1 ? 352 : 544
    if stated == 0 { return smallest }
    guard stated >= Double(smallest), stated <= 0x1p40, stated == stated.rounded() else {
      throw .badOffset(file: file, offset: stated)
    }
    return Int(stated)
  }

  private static func orientation(of header: HeaderBytes, in file: URL) throws(NIfTIError) -> Orientation {
    let pixdim = header.numbers(.pixdim)
    let (quaternion, shift) = (header.numbers(.quaternion), header.numbers(.qformOffset))
    // An edge of 0 is what careless writers put for "unknown": 1, as in the NIfTI library.
    let edges = pixdim[1...3].map { $0 == 0 ? 1 : abs($0) }
    let orientation = Orientation(
      qformCode: Int(header.integers(.qformCode)[0]), sformCode: Int(header.integers(.sformCode)[0]),
      quaternion: SIMD3(quaternion[0], quaternion[1], quaternion[2]),
      qformOffset: SIMD3(shift[0], shift[1], shift[2]), qformHandedness: pixdim[0],
      pixelSize: SIMD3(edges[0], edges[1], edges[2]), sformRows: header.numbers(.sformRows),
      units: Int(header.integers(.units)[0]))
    let (affine, field) = orientation.placement
    guard affine.rowMajor.allSatisfy(\.isFinite) else {
      throw .badAffine(file: file, field: field, reason: "it has an element that is not finite")
    }
    guard affine.isInvertible else {
      throw .badAffine(file: file, field: field, reason: "its axes do not span space")
    }
    return orientation
  }

  /// Checks the promised voxels against the file and against the machine.
  private static func checkPromise(
    shape: [Int], bytesPerVoxel: Int, offset: Int, of stream: borrowing ByteStream
  ) throws(NIfTIError) {
    let promised = shape.reduce(bytesPerVoxel, *)
    guard promised <= stream.capacity - offset else {
      let kind = stream.isCompressed ? "compressed bytes cannot hold them" : "bytes are all there is"
      throw .tooShort(
        file: stream.url,
        promised: "\(shape.map(String.init).joined(separator: " × ")) voxels of \(bytesPerVoxel) bytes",
        found: "its \(stream.fileSize) \(kind)")
    }
    let needed = shape.reduce(MemoryLayout<Float>.size, *)
    let available = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    guard needed <= available else {
      throw .tooLarge(file: stream.url, neededBytes: needed, availableBytes: available)
    }
  }
}
