/// A map of the scan, B1 or the noise, for the rows of a series: voxels of the grid, or lesions reduced to their means.
enum VoxelMap: Sendable {
  /// One value for each voxel of the grid.
  case grid([Float])
  /// One value for each lesion, by the unit of its row.
  case regions([Int: Double])

  /// The value of the row whose voxel or unit is `unit`.
  subscript(_ unit: Int) -> Double {
    switch self {
    case .grid(let values): Double(values[unit])
    case .regions(let values): values[unit] ?? .nan
    }
  }

  /// The values in no order.
  var values: [Double] {
    switch self {
    case .grid(let values): values.map(Double.init)
    case .regions(let values): Array(values.values)
    }
  }

  /// This map of a grid for lesions that are reduced to their means: `regions` holds the grid indices of the voxels of each
  /// lesion by its unit, and `reduce` makes one value of theirs.
  func reduced(to regions: [Int: [Int]], by reduce: ([Double]) -> Double) -> VoxelMap {
    .regions(regions.mapValues { voxels in reduce(voxels.map { self[$0] }) })
  }
}
