public import Foundation

extension NIfTIImage {
  /// Writes the values as float32 on the image's grid, with the sform and qform that the grid came with.
  ///
  /// A name ending in `.gz` is compressed. NIfTI-1, or NIfTI-2 if an extent exceeds 32,767. The file appears only
  /// when it is whole; equal images give equal bytes.
  ///
  /// - Parameters:
  ///   - file: The file to make or to replace.
  ///   - description: At most 79 bytes for the header's `descrip`; longer ones are cut.
  /// - Throws: `unwritable`.
  public func writeFloat32(to file: URL, description: String = "") throws(NIfTIError) {
    var output = try AtomicFile.create(file, compressed: file.pathExtension == "gz")
    let header = HeaderBytes(of: grid, volumeCount: volumeCount, type: .float32, description: description)
    try output.write(header.bytes)
    for volume in 0..<volumeCount { try output.write(self.volume(volume)) }
    try output.finish()
  }
}

extension LabelImage {
  /// Writes the labels as int32, in the same way as `NIfTIImage.writeFloat32(to:description:)`.
  ///
  /// - Parameters:
  ///   - file: The file to make or to replace.
  ///   - description: At most 79 bytes for the header's `descrip`; longer ones are cut.
  /// - Throws: `unwritable`.
  public func write(to file: URL, description: String = "") throws(NIfTIError) {
    var output = try AtomicFile.create(file, compressed: file.pathExtension == "gz")
    let header = HeaderBytes(of: grid, volumeCount: 1, type: .int32, description: description)
    try output.write(header.bytes)
    try output.write(labels[...])
    try output.finish()
  }
}

extension HeaderBytes {
  /// The header of an unscaled image on `grid`, followed by the four zeros that mean "no extensions".
  init(of grid: Grid, volumeCount: Int, type: VoxelType, description: String) {
    let isLarge = grid.shape.contains { $0 > Int(Int16.max) } || volumeCount > Int(Int16.max)
    self.init(version: isLarge ? 2 : 1)
    let shape = grid.shape + (volumeCount > 1 ? [volumeCount] : [])
    set(.dim, [Double(shape.count)] + (0..<7).map { $0 < shape.count ? Double(shape[$0]) : 1 })
    set(.datatype, [Double(type.rawValue)])
    set(.bitpix, [Double(8 * type.byteCount)])
    set(.voxOffset, [Double(bytes.count)])
    set(.slope, [1])
    set(.intercept, [0])
    set(.description, description.utf8.prefix(79).map { Double(Int8(bitPattern: $0)) })
    let place = grid.orientation
    set(
      .pixdim,
      [place.qformHandedness < 0 ? -1 : 1, place.pixelSize.x, place.pixelSize.y, place.pixelSize.z, 1])
    set(.units, [Double(place.units)])
    set(.qformCode, [Double(place.qformCode)])
    set(.sformCode, [Double(place.sformCode)])
    set(.quaternion, [place.quaternion.x, place.quaternion.y, place.quaternion.z])
    set(.qformOffset, [place.qformOffset.x, place.qformOffset.y, place.qformOffset.z])
    set(.sformRows, place.sformRows)
  }
}
