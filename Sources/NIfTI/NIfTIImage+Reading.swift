public import Foundation

extension NIfTIImage {
  /// Reads a NIfTI-1 or NIfTI-2 file, `.nii` or `.nii.gz`, in either byte order, of any integer type or float32 or
  /// float64, with scl_slope and scl_inter applied (a slope of 0 means unscaled). Extensions are passed over.
  ///
  /// - Memory is bounded by what the file can hold, whatever its header promises.
  /// - A compressed file is read to its end, so that a wrong checksum is found.
  /// - NaN and infinite voxels are kept.
  /// - Throws: `NIfTIError`, with the file and the field that is wrong.
  /// - Complexity: one pass over the file; four bytes of memory for each voxel.
  public static func read(_ file: URL) throws(NIfTIError) -> NIfTIImage {
    var stream = try ByteStream.open(file)
    let header = try NIfTIHeader(of: &stream)
    _ = try stream.skip(header.gap)
    let decoder = VoxelDecoder(type: header.type, isBigEndian: header.isBigEndian, scaling: header.scaling)
    let values: [Float] = try decoder.values(header.grid.voxelCount * header.volumeCount, from: &stream)
    try stream.finish()
    return NIfTIImage(grid: header.grid, volumeCount: header.volumeCount, values: values)
  }
}
