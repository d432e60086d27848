internal import NIfTI

/// The box round a lesion in which displacements are sought: a core that every displacement keeps inside the image, and
/// the rim that it can reach.
struct Neighbourhood {
  /// First voxel of the box, by axis.
  let origin: [Int]
  /// Extents of the box.
  let shape: [Int]
  /// The largest displacement sought along each axis, voxels; the core is the box less this rim on every side.
  let radius: [Int]

  /// The box round the voxels with these grid indices; nil if the image is too small for any displacement.
  init?(around voxels: [Int], in grid: Grid) {
    guard !voxels.isEmpty else { return nil }
    let positions = voxels.map(grid.position(ofIndex:))
    var (origin, shape, radius) = ([Int](), [Int](), [Int]())
    for axis in 0..<3 {
      let inPlane = axis < 2
      let margin = inPlane ? Self.margin : 1
      let low = max(0, (positions.map { $0[axis] }.min() ?? 0) - margin)
      let high = min(grid.shape[axis] - 1, (positions.map { $0[axis] }.max() ?? 0) + margin)
      let reach = Self.reach(
        low, high, extent: grid.shape[axis], most: inPlane ? Self.reachInPlane : Self.reachThroughPlane)
      let (first, last) = (max(low, reach), min(high, grid.shape[axis] - 1 - reach))
      origin.append(first - reach)
      shape.append(last - first + 1 + 2 * reach)
      radius.append(reach)
    }
    guard radius.contains(where: { $0 > 0 }) else { return nil }
    (self.origin, self.shape, self.radius) = (origin, shape, radius)
  }

  /// As far as the image allows while half of the lesion's box remains in the core.
  private static func reach(_ low: Int, _ high: Int, extent: Int, most: Int) -> Int {
    for reach in stride(from: most, to: 0, by: -1) {
      let core = min(high, extent - 1 - reach) - max(low, reach) + 1
      if 2 * core >= high - low + 1 { return reach }
    }
    return 0
  }

  /// Surroundings of the lesion that are looked at in each direction, voxels in plane.
  static let margin = 3
  /// The largest displacement sought in plane, voxels.
  static let reachInPlane = 3
  /// The largest displacement sought through the plane, voxels; slices are thick.
  static let reachThroughPlane = 2

  /// Voxels of the box.
  var voxelCount: Int { shape[0] * shape[1] * shape[2] }

  /// Voxels of the core.
  var coreCount: Int { (0..<3).reduce(1) { $0 * (shape[$1] - 2 * radius[$1]) } }

  /// The values of one volume in the box, x fastest; what is not finite becomes 0.
  func values(of volume: Int, in image: NIfTIImage) -> [Double] {
    let start = volume * image.grid.voxelCount
    var values: [Double] = []
    values.reserveCapacity(voxelCount)
    for z in 0..<shape[2] {
      for y in 0..<shape[1] {
        let row = start + image.grid.index(x: origin[0], y: origin[1] + y, z: origin[2] + z)
        for x in 0..<shape[0] {
          let value = Double(image.values[row + x])
          values.append(value.isFinite ? value : 0)
        }
      }
    }
    return values
  }

  /// The first voxel of each row of the core, as an index into the box.
  var coreRows: [Int] {
    (radius[2]..<(shape[2] - radius[2])).flatMap { z in
      (radius[1]..<(shape[1] - radius[1])).map { y in radius[0] + shape[0] * (y + shape[1] * z) }
    }
  }
}
