/// The map from voxel indices to scanner millimetres (RAS+): p = M (i, j, k) + origin.
///
/// Voxel indices count from 0 and name voxel centres. The map is a 4 × 4 matrix whose last row is 0 0 0 1.
public struct Affine: Sendable, Equatable {
  /// The step in mm from one voxel to the next along the first axis: the first column of M.
  public var x: SIMD3<Double>
  /// The step in mm along the second axis.
  public var y: SIMD3<Double>
  /// The step in mm along the third axis.
  public var z: SIMD3<Double>
  /// The centre of voxel (0, 0, 0) in mm.
  public var origin: SIMD3<Double>

  /// The affine with these three steps and this origin, in mm.
  public init(x: SIMD3<Double>, y: SIMD3<Double>, z: SIMD3<Double>, origin: SIMD3<Double>) {
    self.x = x
    self.y = y
    self.z = z
    self.origin = origin
  }

  /// The affine with these first three rows, row-major: 12 numbers, or 16 of which the last four are ignored.
  public init(rowMajor m: [Double]) {
    precondition(m.count == 12 || m.count == 16, "an affine has 12 or 16 elements, not \(m.count)")
    self.init(
      x: SIMD3(m[0], m[4], m[8]), y: SIMD3(m[1], m[5], m[9]), z: SIMD3(m[2], m[6], m[10]),
      origin: SIMD3(m[3], m[7], m[11]))
  }

  /// A grid along the scanner's axes: voxel edges in mm, first voxel at `origin`.
  public static func scaling(_ voxelSize: SIMD3<Double>, origin: SIMD3<Double> = .zero) -> Affine {
    Affine(
      x: SIMD3(voxelSize.x, 0, 0), y: SIMD3(0, voxelSize.y, 0), z: SIMD3(0, 0, voxelSize.z), origin: origin)
  }

  /// The 4 × 4 matrix, row-major, 16 numbers.
  public var rowMajor: [Double] {
    (0..<3).flatMap { [x[$0], y[$0], z[$0], origin[$0]] } + [0, 0, 0, 1]
  }

  /// The world position in mm of a voxel position, which may lie between voxels.
  public func worldPosition(ofVoxel v: SIMD3<Double>) -> SIMD3<Double> {
    x * v.x + y * v.y + z * v.z + origin
  }

  /// det M: the volume of a voxel in mm³, negative for a left-handed grid.
  public var determinant: Double { (x * Self.cross(y, z)).sum() }

  /// True if every element is finite and the three steps span space: |det M| > 10⁻⁹ · |x| |y| |z|.
  public var isInvertible: Bool {
    let lengths = voxelSize
    return rowMajor.allSatisfy(\.isFinite)
      && abs(determinant) > 1e-9 * lengths.x * lengths.y * lengths.z
  }

  /// The edges of a voxel in mm: the lengths of the three steps.
  public var voxelSize: SIMD3<Double> {
    SIMD3((x * x).sum().squareRoot(), (y * y).sum().squareRoot(), (z * z).sum().squareRoot())
  }

  /// The map from mm back to voxel positions, by Cramer's rule; its elements are not finite if M is singular.
  public var inverse: Affine {
    let rows = [
      Self.cross(y, z) / determinant, Self.cross(z, x) / determinant, Self.cross(x, y) / determinant,
    ]
    let shift = rows.map { -($0 * origin).sum() }
    return Affine(
      x: SIMD3(rows[0].x, rows[1].x, rows[2].x), y: SIMD3(rows[0].y, rows[1].y, rows[2].y),
      z: SIMD3(rows[0].z, rows[1].z, rows[2].z), origin: SIMD3(shift[0], shift[1], shift[2]))
  }

  /// This affine after `first`: voxel positions of `first` go where its world positions are mapped by this one.
  public func after(_ first: Affine) -> Affine {
    let linear = Affine(x: x, y: y, z: z, origin: .zero)
    return Affine(
      x: linear.worldPosition(ofVoxel: first.x), y: linear.worldPosition(ofVoxel: first.y),
      z: linear.worldPosition(ofVoxel: first.z), origin: worldPosition(ofVoxel: first.origin))
  }

  private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }
}
