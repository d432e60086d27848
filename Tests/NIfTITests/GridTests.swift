import NIfTI
import Testing
import TestSupport

struct GridTests {
  /// An oblique, left-handed, anisotropic affine.
  static let oblique = Affine(
    x: SIMD3(-0.78, 0.004, -0.034), y: SIMD3(0.01, 0.778, 0.092), z: SIMD3(-0.23, -0.617, 5.2),
    origin: SIMD3(55, -49, 5))

  @Test func `the inverse of an affine leads back to the voxel`() {
    let voxel = SIMD3(3.0, -7.5, 11)
    let back = Self.oblique.inverse.worldPosition(ofVoxel: Self.oblique.worldPosition(ofVoxel: voxel))
    #expect((back - voxel).max() < 1e-12 && (back - voxel).min() > -1e-12)
  }

  @Test func `an affine after another is both maps in turn`() {
    let first = Affine.scaling(SIMD3(2, 3, 4), origin: SIMD3(1, 1, 1))
    let voxel = SIMD3(1.0, 2, 3)
    let both = Self.oblique.after(first).worldPosition(ofVoxel: voxel)
    let inTurn = Self.oblique.worldPosition(ofVoxel: first.worldPosition(ofVoxel: voxel))
    #expect((0..<3).allSatisfy { isClose(both[$0], inTurn[$0], relative: 1e-13) })
  }

  @Test func `the determinant is the signed volume of a voxel`() {
    #expect(Affine.scaling(SIMD3(-2, 3, 4)).determinant == -24)
    #expect(!Affine.scaling(SIMD3(0, 3, 4)).isInvertible)
    #expect(!Affine.scaling(SIMD3(.nan, 3, 4)).isInvertible)
  }

  @Test func `a grid is in the same space as itself moved by less than a hundredth of a voxel`() {
    let grid = Grid(shape: [100, 100, 10], affine: Self.oblique)
    var moved = Self.oblique
    moved.origin.x += 0.005
    #expect(grid.sameSpace(as: Grid(shape: [100, 100, 10], affine: moved)))
    moved.origin.x += 0.01
    #expect(!grid.sameSpace(as: Grid(shape: [100, 100, 10], affine: moved)))
    #expect(!grid.sameSpace(as: Grid(shape: [100, 100, 11], affine: Self.oblique)))
    // A scale that is off by 0.1 % only shows at the far corner.
    var scaled = Self.oblique
    scaled.x *= 1.001
    #expect(!grid.sameSpace(as: Grid(shape: [100, 100, 10], affine: scaled)))
  }

  @Test func `the orientation of an affine at right angles holds it as qform and sform`() {
    let affine = Affine(x: SIMD3(0, 2, 0), y: SIMD3(3, 0, 0), z: SIMD3(0, 0, 4), origin: SIMD3(1, 2, 3))
    let orientation = Grid(shape: [2, 2, 2], affine: affine).orientation
    #expect(orientation.qformCode == 1 && orientation.sformCode == 1)
    #expect(orientation.qformHandedness == -1)
    var sheared = affine
    sheared.x.x = 1
    #expect(Grid(shape: [2, 2, 2], affine: sheared).orientation.qformCode == 0)
  }
}

struct ResamplingTests {
  /// A cube of 4 × 4 × 4 voxels of 2 mm whose voxel (1, 2, 3) is labelled 7.
  static func labels() -> LabelImage {
    let grid = Grid(shape: [4, 4, 4], affine: .scaling(SIMD3(2, 2, 2), origin: SIMD3(10, 20, 30)))
    var labels = [Int32](repeating: 0, count: 64)
    labels[grid.index(x: 1, y: 2, z: 3)] = 7
    return LabelImage(grid: grid, labels: labels)
  }

  @Test func `labels on the same grid are taken as they are`() {
    let image = Self.labels()
    let result = image.resampled(onto: image.grid)
    #expect(result.labels == image.labels && !result.wasResampled && result.labelledCount == 1)
  }

  @Test func `a flipped grid gets every label at its place in the scanner`() {
    let image = Self.labels()
    let flipped = Grid(shape: [4, 4, 4], affine: .scaling(SIMD3(-2, -2, 2), origin: SIMD3(16, 26, 30)))
    let result = image.resampled(onto: flipped)
    #expect(result.wasResampled && result.labelledCount == 1)
    #expect(result.labels[flipped.index(x: 2, y: 1, z: 3)] == 7)
  }

  @Test func `a finer grid gets eight voxels for one and zeros outside`() {
    let image = Self.labels()
    let fine = Grid(shape: [16, 16, 16], affine: .scaling(.one, origin: SIMD3(9.5, 19.5, 29.5)))
    let result = image.resampled(onto: fine)
    #expect(result.labelledCount == 8)
    #expect(
      result.labels[fine.index(x: 2, y: 4, z: 6)] == 7 && result.labels[fine.index(x: 3, y: 5, z: 7)] == 7)
  }

  @Test func `grids that do not meet have no labelled voxel`() {
    let far = Grid(shape: [4, 4, 4], affine: .scaling(SIMD3(2, 2, 2), origin: SIMD3(1_000, 0, 0)))
    #expect(Self.labels().resampled(onto: far).labelledCount == 0)
  }

  @Test
  func
    `trilinear interpolation is exact for a linear map between voxels, holds at the border, is NaN outside`()
  {
    let coarse = Grid(shape: [4, 4, 4], affine: .scaling(SIMD3(2, 2, 2)))
    func linear(_ p: SIMD3<Double>) -> Float { Float(1 + 2 * p.x - 3 * p.y + 0.5 * p.z) }
    let map = NIfTIImage(
      grid: coarse,
      values: (0..<64).map { index in
        let v = coarse.position(ofIndex: index)
        return linear(SIMD3(2 * Double(v[0]), 2 * Double(v[1]), 2 * Double(v[2])))
      })
    let fine = Grid(shape: [12, 3, 3], affine: .scaling(.one, origin: SIMD3(-2, 1, 1)))
    let values = map.interpolated(onto: fine)
    for x in 0..<12 {
      let value = values[fine.index(x: x, y: 1, z: 2)]
      switch x {
      case 0, 9, 10, 11: #expect(value.isNaN)
      case 1: #expect(value == linear(SIMD3(0, 2, 3)))
      default: #expect(isClose(Double(value), Double(linear(SIMD3(Double(x - 2), 2, 3))), absolute: 1e-5))
      }
    }
  }

  @Test func `NaN spreads only to the places where it has weight`() {
    let grid = Grid(shape: [3, 1, 1], affine: .scaling(.one))
    let map = NIfTIImage(grid: grid, values: [1, 2, .nan])
    let between = map.interpolated(onto: Grid(shape: [4, 1, 1], affine: .scaling(SIMD3(0.5, 1, 1))))
    #expect(between[0] == 1 && between[1] == 1.5 && between[2] == 2 && between[3].isNaN)
  }
}
