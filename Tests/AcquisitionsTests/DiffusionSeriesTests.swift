import Acquisitions
import Foundation
import NIfTI
import TestSupport
import Testing

/// A series of 4 × 1 × 1 voxels whose signals are given voxel by voxel.
func image(_ voxels: [[Float]]) -> NIfTIImage {
  let volumes = voxels[0].count
  return NIfTIImage(
    grid: Grid(shape: [voxels.count, 1, 1], affine: .scaling(SIMD3(2, 2, 4))), volumeCount: volumes,
    values: (0..<volumes).flatMap { volume in voxels.map { $0[volume] } })
}

let dwi = URL(filePath: "dwi.nii.gz")
let bval = URL(filePath: "dwi.bval")

func series(
  _ voxels: [[Float]], b: [Double], mask: Mask? = nil, selection: DiffusionSelection = DiffusionSelection()
) throws -> DiffusionSeries {
  try DiffusionSeries(
    image(voxels), from: dwi, bValues: b.map { BValue($0) }, from: bval, mask: mask, selection: selection)
}

struct DiffusionSeriesTests {
  static let voxels: [[Float]] = [[100, 80, 60], [0, 0, 0], [90, -1, 50], [.nan, 1, 1]]

  @Test func `without a mask every voxel with a positive finite lowest shell is taken`() throws {
    let series = try series(Self.voxels, b: [0, 400, 800])
    #expect(series.voxels == [0, 2])
    #expect(Array(series.signals[1]) == [90, -1, 50])
    #expect(series.signals.signals(ofRow: 0) == [100, 80, 60])
    #expect(series.averages == [1, 1, 1])
    #expect(series.exclusions.isEmpty)
    #expect(series.lowestShell == [0])
  }

  @Test func `voxels of the mask that cannot be fitted are counted by reason`() throws {
    let voxels: [[Float]] = [
      [9, 8, 7], [.nan, 1, 2], [1, .infinity, 2], [0, 1, 2], [-1, 2, 3], [5, 5, 5], [0, 0, 0],
    ]
    let mask = Mask(inside: voxels.map { _ in true })
    let series = try series(voxels, b: [0, 400, 800], mask: mask)
    #expect(series.voxels == [0])
    #expect(series.exclusions == [.notANumber: 1, .infinite: 1, .nonPositiveB0: 3, .constant: 1])
  }

  @Test func `b0 is the mean of the lowest shell, not its first volume`() throws {
    let series = try series([[-1, 5, 3], [1, -5, 3]], b: [0, 2, 800], mask: Mask(inside: [true, true]))
    #expect(series.voxels == [0] && series.exclusions == [.nonPositiveB0: 1])
  }

  @Test func `the range of b-values keeps or drops shells as a whole`() throws {
    let b = [0.0, 10, 600, 1_003, 1_200]
    let voxel: [Float] = [10, 9, 5, 4, 3]
    #expect(try series([voxel], b: b).bValues.map(\.secondsPerSquareMillimeter) == [0, 10, 600, 1_003])
    let narrow = DiffusionSelection(lowestB: 5, highestB: 600)
    #expect(try series([voxel], b: b, selection: narrow).signals.values == [9, 5])
  }

  @Test func `volumes are excluded by their number in the file`() throws {
    let selection = DiffusionSelection(exclusions: VolumeExclusions(everywhere: [1], byLesion: [2: [3]]))
    let b = [0.0, 10, 600, 800]
    let all = try series([[10, 9, 5, 4]], b: b, selection: selection)
    #expect(all.settings.map(\.volumes) == [[0], [2], [3]])
    #expect(
      try series([[10, 9, 5, 4]], b: b, selection: selection.inLesion(2)).settings.map(\.volumes) == [
        [0], [2],
      ])
  }

  @Test func `directions are kept apart, or pooled with n counting them`() throws {
    let b = [0.0, 500, 501, 499, 0]
    let voxel: [Float] = [100, 10, 20, 40, 110]
    let separate = try series([voxel], b: b)
    #expect(separate.signals.values == voxel && separate.averages == [1, 1, 1, 1, 1])
    let arithmetic = try series([voxel], b: b, selection: DiffusionSelection(directions: .arithmetic))
    #expect(arithmetic.bValues.map(\.secondsPerSquareMillimeter) == [0, 500])
    #expect(arithmetic.averages == [2, 3])
    #expect(arithmetic.signals.values == [105, Float(70.0 / 3)])
    let geometric = try series([voxel], b: b, selection: DiffusionSelection(directions: .geometric))
    #expect(isClose(Double(geometric.signals[0, 1]), 20, relative: 1e-6))
    let weighted = DiffusionSelection(averages: [1, 1, 2, 1, 3], directions: .arithmetic)
    let pooled = try series([voxel], b: b, selection: weighted)
    #expect(pooled.averages == [4, 4] && pooled.signals.values == [107.5, 22.5])
  }

  @Test func `a direction without signal has no geometric mean and is counted`() throws {
    let selection = DiffusionSelection(directions: .geometric)
    let voxels: [[Float]] = [[100, 10, 0], [100, 10, .nan], [100, 10, 20]]
    let series = try series(
      voxels, b: [0, 500, 500], mask: Mask(inside: [true, true, true]), selection: selection)
    #expect(series.exclusions == [.nonPositiveDirection: 1, .notANumber: 1])
  }

  @Test func `rows and settings can be selected, and lesions reduced to their means`() throws {
    let series = try series([[10, 8, 6], [20, 10, 2], [30, 20, 10]], b: [0, 400, 800])
    let part = series.selecting(rows: [2, 0], settings: [0, 2])
    #expect(part.signals.values == [30, 10, 10, 6] && part.voxels == [2, 0])
    let lesion = Lesion(label: 1, name: "a", rows: [0, 1], labelledVoxelCount: 3)
    let empty = Lesion(label: 2, name: "b", rows: [], labelledVoxelCount: 3)
    let curves = series.meanCurves(of: [lesion, empty], id: "p1")
    #expect(
      curves == [
        SignalCurve(
          id: "p1", lesion: "a", settings: [0, 400, 800], signals: [15, 9, 4], averages: [1, 1, 1])
      ])
  }

  @Test func `every contradiction between image, b-values and selection is its own error`() throws {
    let voxel: [[Float]] = [[10, 8, 6]]
    expect(
      failure { try series([[1]], b: [0]) }, at: "dwi.nii.gz", says: "one volume", advises: "4-D file")
    expect(
      failure { try series(voxel, b: [0, 1]) }, at: "dwi.bval", says: "2 entries for the 3 volumes",
      advises: "one entry for each volume")
    expect(
      failure { try series(voxel, b: [0, 1, 2], selection: DiffusionSelection(averages: [1])) },
      at: "--averages", says: "1 entries for the 3 volumes of dwi.nii.gz",
      advises: "one entry for each volume")
    expect(
      failure { try series(voxel, b: [60, 400, 800]) }, at: "dwi.bval", says: "lowest b-value in use is 60",
      advises: "--b-min")
    expect(
      failure {
        try series(voxel, b: [0, 400, 800], selection: DiffusionSelection(lowestB: 2_000, highestB: 3_000))
      },
      at: "dwi.bval", says: "no volume is left", advises: "Widen")
    let outside = DiffusionSelection(exclusions: VolumeExclusions(everywhere: [3]))
    expect(
      failure { try series(voxel, b: [0, 400, 800], selection: outside) }, at: "--exclude-volumes 3",
      says: "volumes 0 to 2", advises: "count from 0")
    expect(
      failure { try series([[.nan, 1, 2]], b: [0, 400, 800], mask: Mask(inside: [true])) }, at: "dwi.nii.gz",
      says: "no voxel can be fitted (1 nan)", advises: "where the mask is")
  }

  @Test func `an averages file is positive numbers`() throws {
    let folder = try TemporaryFolder()
    #expect(try DiffusionSelection.readAverages(folder.write("1 2 4\n", as: "nex.txt")) == [1, 2, 4])
    expect(
      failure { try DiffusionSelection.readAverages(folder.write("1 0 4\n", as: "nex.txt")) },
      at: "nex.txt, entry 2", says: "positive", advises: "Correct the entry")
  }

  @Test(.enabled(if: Folders.scans != nil))
  func `the prostate scan has eleven b-values up to 1000 less one, and its voxels with signal`() throws {
    let folder = try #require(Folders.scans).appending(path: "ivim-prostate-3t")
    let series = try DiffusionSeries.read(
      image: folder.appending(path: "dwi.nii.gz"), bValues: folder.appending(path: "dwi.bval"),
      mask: folder.appending(path: "roi_bph.nii.gz"))
    #expect(
      series.bValues.map(\.secondsPerSquareMillimeter) == [0, 25, 50, 75, 100, 150, 200, 500, 800, 1_000])
    #expect(series.signals.voxelCount == 82)
  }
}
