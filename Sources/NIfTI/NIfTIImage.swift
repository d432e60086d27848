/// An image: numbers with a place in the scanner.
public struct NIfTIImage: Sendable, Equatable {
  /// The first three axes and their place.
  public let grid: Grid
  /// The number of volumes; 1 for a 3-D image.
  public let volumeCount: Int
  /// `grid.voxelCount × volumeCount` values, x fastest, volumes slowest, with scl_slope and scl_inter applied.
  public var values: [Float]

  /// An image of these values on `grid`: x fastest, volumes slowest.
  public init(grid: Grid, volumeCount: Int = 1, values: [Float]) {
    precondition(
      volumeCount > 0 && values.count == grid.voxelCount * volumeCount,
      "\(values.count) values cannot be \(volumeCount) volumes of \(grid.voxelCount) voxels")
    self.grid = grid
    self.volumeCount = volumeCount
    self.values = values
  }

  /// Extents of x, y, z and, for more than one volume, t.
  public var shape: [Int] { grid.shape + (volumeCount > 1 ? [volumeCount] : []) }

  /// Voxel indices → scanner millimetres.
  public var affine: Affine { grid.affine }

  /// The edges of a voxel in mm.
  public var voxelSize: SIMD3<Double> { grid.voxelSize }

  /// The values of one volume, x fastest.
  public func volume(_ volume: Int) -> ArraySlice<Float> {
    values[(volume * grid.voxelCount)..<((volume + 1) * grid.voxelCount)]
  }
}
