internal import NIfTI

/// A digital reference lesion: a blob of voxels of 2 × 2 × 5 mm whose tissue is known.
struct ReferenceLesion: Sendable {
  /// How tissue varies inside.
  enum Pattern: String, Sendable, CaseIterable {
    /// The same everywhere.
    case homogeneous
    /// A core, half of the voxels, that differs from the rim.
    case rimAndCore = "rim and core"
    /// A linear change from one side to the other.
    case gradient
  }

  let pattern: Pattern
  /// (x, y, z) of every voxel in a box of `extent`.
  let positions: [SIMD3<Int>]
  /// The size of the box.
  let extent: SIMD3<Int>
  /// What a voxel has of the pattern's contrast: 0 in rim and homogeneous tissue, 1 in a core, −1 to 1 along a gradient.
  let contrasts: [Double]

  /// The edges of a voxel, mm.
  static let voxelSize = SIMD3(2.0, 2, 5)

  /// A lesion of `voxelCount` voxels: those nearest to a point, in scanner millimetres.
  init(_ pattern: Pattern, voxelCount: Int) {

    let nearest = Self.nearest(voxelCount)
    let low = nearest.reduce(nearest[0]) { pointwiseMin($0, $1) }
    let high = nearest.reduce(nearest[0]) { pointwiseMax($0, $1) }
    self.pattern = pattern
    positions = nearest.map { $0 &- low }
    extent = high &- low &+ 1
    switch pattern {
    case .homogeneous: contrasts = nearest.map { _ in 0 }
    case .rimAndCore: contrasts = nearest.indices.map { $0 < voxelCount / 2 ? 1 : 0 }
    case .gradient:
      let half = max(1, Double(high.x - low.x) / 2)
      contrasts = nearest.map { Double($0.x - low.x) / half - 1 }
    }
  }

  /// The `count` voxels nearest to the origin, nearest first; equal distances in the order x, y, z.
  private static func nearest(_ count: Int) -> [SIMD3<Int>] {
    let volume = Double(count) * voxelSize.x * voxelSize.y * voxelSize.z
    let radius = Double.cubeRoot(3 * volume / (4 * .pi)) + voxelSize.z
    var found: [(distance: Double, position: SIMD3<Int>)] = []
    let bound = (0..<3).map { Int(radius / voxelSize[$0]) + 1 }
    for z in -bound[2]...bound[2] {
      for y in -bound[1]...bound[1] {
        for x in -bound[0]...bound[0] {
          // Off the centre of a voxel: no ties between opposite sides, and the blob grows without symmetric jumps.
          let place = (SIMD3(Double(x), Double(y), Double(z)) - SIMD3(0.31, 0.23, 0.11)) * voxelSize
          found.append(((place * place).sum(), SIMD3(x, y, z)))
        }
      }
    }
    return found.sorted { $0.distance < $1.distance }.prefix(count).map(\.position)
  }

  /// Places that try every case of a graph: an irregular body, a second component of a fifth of the voxels, and at
  /// least one voxel alone; a plain blob of fewer than 12 voxels.
  static func irregularPositions(_ count: Int) -> [SIMD3<Int>] {
    guard count >= 12 else { return nearest(count) }
    let (second, first) = (count / 5, count - count / 5 - 1)
    // Every seventh voxel of the body is left out.
    let body = nearest(first + first / 6 + 1).enumerated().filter { $0.offset % 7 != 3 }.map(\.element)
      .prefix(first)
    let right = body.map(\.x).max() ?? 0
    let side = nearest(second)
    let left = side.map(\.x).min() ?? 0
    let shifted = side.map { SIMD3($0.x - left + right + 2, $0.y, $0.z) }
    let farthest = shifted.map(\.x).max() ?? 0
    return body + shifted + [SIMD3(farthest + 3, 0, 0)]
  }

  /// The grid that holds `count` such lesions side by side along z, none touching another.
  func grid(for count: Int) -> Grid {
    Grid(shape: [extent.x, extent.y, (extent.z + 1) * count], affine: .scaling(Self.voxelSize))
  }

  /// The indices of the voxels of lesion `number` in `grid`.
  func voxels(of number: Int, in grid: Grid) -> [Int] {
    positions.map { grid.index(x: $0.x, y: $0.y, z: $0.z + (extent.z + 1) * number) }
  }
}

extension Double {
  fileprivate static func cubeRoot(_ x: Double) -> Double { exp(log(x) / 3) }
}
