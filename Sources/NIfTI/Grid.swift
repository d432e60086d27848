/// A box of voxels with a place in the scanner: the first three axes of an image.
public struct Grid: Sendable, Equatable {
  /// Extents of x, y and z.
  public let shape: [Int]
  /// Voxel indices → scanner millimetres.
  public let affine: Affine
  /// The orientation fields of the file the grid came from, which output maps keep.
  public let orientation: Orientation

  /// A grid of this shape in scanner space.
  public init(shape: [Int], affine: Affine) {
    self.init(shape: shape, affine: affine, orientation: Orientation(affine))
  }

  init(shape: [Int], affine: Affine, orientation: Orientation) {
    precondition(
      shape.count == 3 && shape.allSatisfy { $0 > 0 }, "a grid has three positive extents, not \(shape)")
    self.shape = shape
    self.affine = affine
    self.orientation = orientation
  }

  /// The number of voxels.
  public var voxelCount: Int { shape[0] * shape[1] * shape[2] }

  /// The edges of a voxel in mm.
  public var voxelSize: SIMD3<Double> { affine.voxelSize }

  /// The index of voxel (x, y, z) in an array of the grid's values, x fastest.
  public func index(x: Int, y: Int, z: Int) -> Int { x + shape[0] * (y + shape[1] * z) }

  /// The position [x, y, z] of the voxel with this index.
  public func position(ofIndex index: Int) -> [Int] {
    [index % shape[0], index / shape[0] % shape[1], index / (shape[0] * shape[1])]
  }

  /// True if the voxels of both grids are the same places: equal shapes, and every corner of one within
  /// `tolerance` × the shortest voxel edge of the other's.
  public func sameSpace(as other: Grid, tolerance: Double = 0.01) -> Bool {
    guard shape == other.shape else { return false }
    let limit = tolerance * min(voxelSize.min(), other.voxelSize.min())
    return (0..<8).allSatisfy { corner in
      let voxel = SIMD3(
        corner & 1 == 0 ? 0 : Double(shape[0] - 1), corner & 2 == 0 ? 0 : Double(shape[1] - 1),
        corner & 4 == 0 ? 0 : Double(shape[2] - 1))
      let apart = affine.worldPosition(ofVoxel: voxel) - other.affine.worldPosition(ofVoxel: voxel)
      return (apart * apart).sum().squareRoot() <= limit
    }
  }
}
