import Foundation
import TestSupport
import Testing

@testable import NIfTI

/// Grids, affines and resampling against what they mean, voxel by voxel.
struct GridPropertyTests {
  /// Rotated, stretched and moved grids, one for each seed.
  static func affine(_ seed: Int, isLeftHanded: Bool = false) -> Affine {
    let angles = SIMD3(sin(Double(seed)), cos(2 * Double(seed)), sin(3 * Double(seed)))
    let (a, b, c) = (angles.x, angles.y, angles.z)
    let rotated = Affine(
      x: SIMD3(cos(a) * cos(b), sin(a) * cos(b), -sin(b)),
      y: SIMD3(
        cos(a) * sin(b) * sin(c) - sin(a) * cos(c), sin(a) * sin(b) * sin(c) + cos(a) * cos(c),
        cos(b) * sin(c)),
      z: SIMD3(
        cos(a) * sin(b) * cos(c) + sin(a) * sin(c), sin(a) * sin(b) * cos(c) - cos(a) * sin(c),
        cos(b) * cos(c)),
      origin: SIMD3(10 * a, -20 * b, 5 * c))
    var affine = rotated
    affine.x *= isLeftHanded ? -1.5 : 1.5
    affine.y *= 2
    affine.z *= 4 + a
    return affine
  }

  @Test func `index and position undo each other for every voxel`() {
    let grid = Grid(shape: [3, 4, 5], affine: Self.affine(1))
    for index in 0..<grid.voxelCount {
      let place = grid.position(ofIndex: index)
      #expect(grid.index(x: place[0], y: place[1], z: place[2]) == index)
      #expect(zip(place, grid.shape).allSatisfy { $0 >= 0 && $0 < $1 })
    }
  }

  @Test(arguments: 1...8)
  func `rows, edges, volume and inverse of a rotated grid agree`(seed: Int) {
    for isLeftHanded in [false, true] {
      let affine = Self.affine(seed, isLeftHanded: isLeftHanded)
      #expect(Affine(rowMajor: affine.rowMajor) == affine && affine.isInvertible)
      let size = affine.voxelSize
      #expect(isClose(abs(affine.determinant), size.x * size.y * size.z, relative: 1e-12))
      #expect((affine.determinant < 0) == isLeftHanded)
      let unit = affine.after(affine.inverse).rowMajor
      let expected = Affine.scaling(SIMD3(1, 1, 1)).rowMajor
      for (value, wanted) in zip(unit, expected) { #expect(isClose(value, wanted, absolute: 1e-12)) }
    }
  }

  @Test(arguments: 1...8)
  func `the quaternion of a rotated grid rebuilds its affine`(seed: Int) {
    for isLeftHanded in [false, true] {
      let affine = Self.affine(seed, isLeftHanded: isLeftHanded)
      let orientation = Orientation(affine)
      #expect(orientation.qformCode == 1 && orientation.placement.field == "sform")
      for (value, wanted) in zip(orientation.qform.rowMajor, affine.rowMajor) {
        #expect(isClose(value, wanted, absolute: 1e-5))
      }
    }
  }

  /// The slow way: of all voxels of the label image, the one whose centre is nearest along its own axes.
  @Test(arguments: 1...6)
  func `resampled labels are those of the box that a centre lies in`(seed: Int) {
    let source = Grid(shape: [5, 4, 3], affine: Self.affine(seed))
    let labels = (0..<60).map { Int32($0 * 7 % 11 + 1) }
    var moved = Self.affine(seed + 1)
    // Centres near the source, so that the grids meet; none on the border of two voxels.
    let middle = source.affine.worldPosition(ofVoxel: SIMD3(2.1, 1.4, 1.1))
    moved.origin += middle - moved.worldPosition(ofVoxel: SIMD3(2, 2, 1))
    let target = Grid(shape: [5, 5, 3], affine: moved)
    let resampled = LabelImage(grid: source, labels: labels).resampled(onto: target)
    #expect(resampled.wasResampled && resampled.labelledCount > 0)
    for index in 0..<target.voxelCount {
      let place = target.position(ofIndex: index).map(Double.init)
      let world = target.affine.worldPosition(ofVoxel: SIMD3(place[0], place[1], place[2]))
      let voxel = source.affine.inverse.worldPosition(ofVoxel: world)
      var expected: Int32 = 0
      for candidate in 0..<source.voxelCount {
        let center = source.position(ofIndex: candidate).map(Double.init)
        let apart = voxel - SIMD3(center[0], center[1], center[2])
        if max(abs(apart.x), abs(apart.y), abs(apart.z)) < 0.5 { expected = labels[candidate] }
      }
      #expect(resampled.labels[index] == expected)
    }
    #expect(resampled.labelledCount == resampled.labels.count { $0 != 0 })
  }

  @Test func `to be in the same space goes both ways, and depends on the corner alone`() {
    let one = Grid(shape: [50, 50, 20], affine: Self.affine(3))
    var affine = Self.affine(3)
    affine.z *= 1.0002
    let other = Grid(shape: [50, 50, 20], affine: affine)
    #expect(one.sameSpace(as: other) == other.sameSpace(as: one))
    #expect(one.sameSpace(as: other, tolerance: 0.1) && !one.sameSpace(as: other, tolerance: 1e-4))
  }

  @Test(arguments: [1, 2, 5])
  func `an image comes back number for number on a rotated grid`(volumes: Int) throws {
    let folder = try TemporaryFolder()
    let grid = Grid(shape: [3, 2, 4], affine: Self.affine(volumes, isLeftHanded: true))
    let values = (0..<grid.voxelCount * volumes).map { Float(sin(Double($0)) * 1e3) }
    let image = NIfTIImage(grid: grid, volumeCount: volumes, values: values)
    for name in ["plain.nii", "packed.nii.gz"] {
      try image.writeFloat32(to: folder.file(name))
      let read = try NIfTIImage.read(folder.file(name))
      #expect(read.values == values && read.shape == image.shape && read.grid.sameSpace(as: grid))
      #expect(Array(read.volume(volumes - 1)) == Array(values.suffix(grid.voxelCount)))
    }
    #expect(folder.contents == ["packed.nii.gz", "plain.nii"])
  }

  @Test func `labels are rounded as far as scaling leaves them, and refused beyond`() throws {
    let folder = try TemporaryFolder()
    let grid = Grid(shape: [2, 1, 1], affine: .scaling(SIMD3(1, 1, 1)))
    func labels(_ values: [Float]) throws -> [Int32] {
      try NIfTIImage(grid: grid, values: values).writeFloat32(to: folder.file("l.nii"))
      return try LabelImage.read(folder.file("l.nii")).labels
    }
    #expect(try labels([0.9995, 255]) == [1, 255])
    #expect(try labels([0.993, 1.008]) == [1, 1])
    #expect(try labels([.nan, 1]) == [0, 1])
    for bad: [Float] in [[0.5, 0], [0.98, 1], [.infinity, 1], [3e9, 0]] {
      #expect(throws: NIfTIError.self, "\(bad)") { try labels(bad) }
    }
    try NIfTIImage(grid: grid, volumeCount: 2, values: [1, 2, 3, 4]).writeFloat32(to: folder.file("two.nii"))
    #expect(throws: NIfTIError.self) { try LabelImage.read(folder.file("two.nii")) }
  }
}
