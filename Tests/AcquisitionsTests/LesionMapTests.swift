import Acquisitions
import Foundation
import NIfTI
import TestSupport
import Testing

struct LesionMapTests {
  let folder: TemporaryFolder
  let grid = Grid(shape: [4, 2, 1], affine: .scaling(SIMD3(2, 2, 4)))

  init() throws { folder = try TemporaryFolder() }

  func labels(_ labels: [Int32], on grid: Grid? = nil) throws -> URL {
    try LabelImage(grid: grid ?? self.grid, labels: labels).write(to: folder.file("dseg.nii.gz"))
    return folder.file("dseg.nii.gz")
  }

  @Test func `lesions take their rows, names and counts from labels, table and series`() throws {
    let names = try folder.write("index\tname\tcolor\n3\tsegment IV\tred\n", as: "dseg.tsv")
    let map = try LesionMap.read(labels([0, 1, 1, 0, 3, 3, 0, 3]), names: names, onto: grid)
    let lesions = map.lesions(in: [1, 3, 4, 7])
    #expect(
      lesions == [
        Lesion(label: 1, name: "lesion-1", rows: [0], labelledVoxelCount: 2),
        Lesion(label: 3, name: "segment IV", rows: [2, 3], labelledVoxelCount: 3),
      ])
    #expect(map.notices.isEmpty)
  }

  @Test func `255 alone means inside, with a notice`() throws {
    let map = try LesionMap.read(labels([0, 255, 255, 0, 0, 0, 0, 0]), onto: grid)
    #expect(map.labelValues == [1] && map.notices.count == 1 && map.notices[0].contains("255"))
    let two = try LesionMap.read(labels([0, 255, 1, 0, 0, 0, 0, 0]), onto: grid)
    #expect(two.labelValues == [1, 255] && two.notices.isEmpty)
    let mask = try Mask.read(labels([0, 255, 255, 0, 0, 0, 0, 0]), onto: grid)
    #expect(mask.inside == [false, true, true, false, false, false, false, false])
    #expect(mask.notices.count == 1)
  }

  @Test func `a flipped grid is resampled by world coordinates, with a notice`() throws {
    let flipped = Grid(shape: [4, 2, 1], affine: .scaling(SIMD3(-2, 2, 4), origin: SIMD3(6, 0, 0)))
    let map = try LesionMap.read(labels([0, 0, 0, 7, 0, 0, 0, 0], on: flipped), onto: grid)
    #expect(map.labels == [7, 0, 0, 0, 0, 0, 0, 0])
    #expect(map.notices.first?.contains("another grid") == true)
  }

  @Test func `a name without a voxel is a notice`() throws {
    let names = try folder.write("index,name\n0,background\n1,a\n9,gone\n", as: "dseg.csv")
    let map = try LesionMap.read(labels([0, 1, 0, 0, 0, 0, 0, 0]), names: names, onto: grid)
    #expect(map.notices.count == 1 && map.notices[0].contains("label 9"))
  }

  @Test func `lesion voxels outside the mask are taken in`() {
    let mask = Mask(inside: [true, false, false])
    #expect(mask.including(LesionMap(labels: [0, 2, 0])).inside == [true, true, false])
  }

  @Test func `every unusable label image or names table is its own error`() throws {
    let far = Grid(shape: [4, 2, 1], affine: .scaling(SIMD3(2, 2, 4), origin: SIMD3(500, 0, 0)))
    let farLabels = try labels([1, 1, 1, 1, 1, 1, 1, 1], on: far)
    expect(
      failure { try LesionMap.read(farLabels, onto: grid, matching: .scanner) }, at: "dseg.nii.gz",
      says: "world coordinates",
      advises: "Check that it was drawn on this scan")
    expect(
      failure { try LesionMap.read(farLabels, onto: grid) }, at: "dseg.nii.gz", says: "500 mm",
      advises: "Give --place same-grid")
    let empty = try labels([0, 0, 0, 0, 0, 0, 0, 0])
    expect(
      failure { try Mask.read(empty, onto: grid) }, at: "dseg.nii.gz", says: "every voxel is 0",
      advises: "Draw")
    let negative = try labels([0, -1, 0, 0, 0, 0, 0, 0])
    expect(
      failure { try Mask.read(negative, onto: grid) }, at: "dseg.nii.gz", says: "-1 is no label",
      advises: "Use 0")
    let good = try labels([0, 1, 0, 0, 0, 0, 0, 0])
    let twice = try folder.write("index\tname\n1\ta\n1\tb\n", as: "dseg.tsv")
    expect(
      failure { try LesionMap.read(good, names: twice, onto: grid) }, at: "dseg.tsv",
      says: "label 1 has two names", advises: "Keep one line")
    let wrong = try folder.write("label\tname\n1\ta\n", as: "dseg.tsv")
    expect(
      failure { try LesionMap.read(good, names: wrong, onto: grid) }, at: "dseg.tsv",
      says: "no column \"index\"", advises: "Add the column")
    let missing = folder.file("none.nii.gz")
    expect(
      failure { try LesionMap.read(missing, onto: grid) }, at: "none.nii.gz", says: "No such file",
      advises: "Check")
  }
}
