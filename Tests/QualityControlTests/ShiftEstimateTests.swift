import Foundation
import GSLSupport
import NIfTI
import TestSupport
import Testing

@testable import QualityControl

struct NeighbourhoodTests {
  let grid = Grid(shape: [30, 30, 5], affine: .scaling(.one))

  @Test func `the box holds the lesion, a margin and the reach of a displacement`() throws {
    let box = try #require(Neighbourhood(around: [grid.index(x: 15, y: 14, z: 2)], in: grid))
    // Two voxels through the plane would leave less than half of the three slices in the core.
    #expect(box.radius == [3, 3, 1])
    #expect(box.origin == [9, 8, 0] && box.shape == [13, 13, 5])
    #expect(box.coreCount == 7 * 7 * 3)
    #expect(box.coreRows.count == 21)
  }

  @Test func `at the border it stays inside the image`() throws {
    let box = try #require(Neighbourhood(around: [0, grid.voxelCount - 1], in: grid))
    for axis in 0..<3 {
      #expect(box.origin[axis] >= 0 && box.origin[axis] + box.shape[axis] <= grid.shape[axis])
    }
  }

  @Test func `a single slice is searched in plane only, a single voxel not at all`() throws {
    let slice = Grid(shape: [30, 30, 1], affine: .scaling(.one))
    #expect(try #require(Neighbourhood(around: [465], in: slice)).radius == [3, 3, 0])
    #expect(Neighbourhood(around: [0], in: Grid(shape: [1, 1, 1], affine: .scaling(.one))) == nil)
    #expect(Neighbourhood(around: [], in: slice) == nil)
  }

  @Test func `values come in the order of the image, and what is not finite is zero`() throws {
    var image = NIfTIImage(
      grid: grid, volumeCount: 2, values: (0..<(2 * grid.voxelCount)).map { Float($0) })
    let first = grid.voxelCount + grid.index(x: 9, y: 8, z: 0)
    let box = try #require(Neighbourhood(around: [grid.index(x: 15, y: 14, z: 2)], in: grid))
    #expect(box.values(of: 1, in: image)[..<2] == [Double(first), Double(first + 1)])
    image.values[first] = .nan
    #expect(box.values(of: 1, in: image)[0] == 0)
  }
}

struct ShiftEstimateTests {
  /// Volumes of a smooth pattern seen at several contrasts, one of them displaced by fractions of a voxel.
  static func estimate(_ displacement: [Double], contrast: Double = 0.4, noise: Double = 0.02) throws
    -> ShiftEstimate
  {
    let grid = Grid(shape: [24, 24, 7], affine: .scaling(.one))
    let box = try #require(Neighbourhood(around: [grid.index(x: 12, y: 12, z: 3)], in: grid))
    var random = RandomStream(StreamKey(seed: 3, purpose: .simulation))
    func pattern(_ x: Double, _ y: Double, _ z: Double) -> Double {
      sin(0.9 * x + 0.3 * y) + cos(0.8 * y - 0.4 * x) + sin(0.7 * z + 0.2 * x)
    }
    let volumes = (0..<6).map { volume in
      (0..<box.voxelCount).map { index -> Double in
        let p = [
          index % box.shape[0], index / box.shape[0] % box.shape[1], index / box.shape[0] / box.shape[1],
        ]
        let at = (0..<3).map { Double(p[$0]) - (volume == 3 ? displacement[$0] : 0) }
        let scale = volume == 3 ? contrast : 1 - 0.1 * Double(volume)
        return 5 + scale * pattern(at[0], at[1], at[2]) + noise * random.normal()
      }
    }
    return try #require(ShiftEstimate(of: 3, among: volumes, in: box, voxelsPerNoise: 4))
  }

  @Test(arguments: [[2.0, 0, 0], [0, -2, 0], [0, 0, 2], [1, 1, 0], [-0.4, 0.3, 0], [0, 0, 0]])
  func `a displacement is found to a quarter of a voxel along each axis`(displacement: [Double]) throws {
    let found = try Self.estimate(displacement)
    for axis in 0..<3 { #expect(isClose(found.displacement[axis], displacement[axis], absolute: 0.25)) }
  }

  @Test func `inverted contrast is followed, as in an inversion recovery`() throws {
    #expect(try isClose(Self.estimate([2, 0, 0], contrast: -0.5).displacement[0], 2, absolute: 0.25))
  }

  @Test func `evidence is high for a displacement and none for rest`() throws {
    #expect(try Self.estimate([2, 0, 0]).evidence > 12)
    #expect(try Self.estimate([0, 0, 0]).evidence == 0)
  }

  @Test func `twin: noise without a pattern gives no evidence`() throws {
    #expect(try Self.estimate([2, 0, 0], contrast: 0, noise: 1).evidence < 12)
  }

  @Test func `constant surroundings show no displacement`() throws {
    let grid = Grid(shape: [24, 24, 7], affine: .scaling(.one))
    let box = try #require(Neighbourhood(around: [grid.index(x: 12, y: 12, z: 3)], in: grid))
    let flat = [[Double]](repeating: [Double](repeating: 1, count: box.voxelCount), count: 4)
    #expect(ShiftEstimate(of: 1, among: flat, in: box, voxelsPerNoise: 4) == nil)
  }
}
