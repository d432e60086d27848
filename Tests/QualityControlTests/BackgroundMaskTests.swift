import NIfTI
import Testing

@testable import QualityControl

/// The mask that is found without a mask by hand.
@Suite struct BackgroundMaskTests {
  private static let grid = Grid(shape: [12, 12, 4], affine: .scaling([2, 2, 4]))

  /// A bright block in a dark background, with a bright speck far from it.
  private static let intensities: [Float] = (0..<grid.voxelCount).map { index in
    let p = grid.position(ofIndex: index)
    let isInside = (3..<9).contains(p[0]) && (3..<9).contains(p[1])
    if p == [0, 0, 0] { return 5000 }
    return isInside ? Float(900 + 17 * (index % 11)) : Float(5 + index % 7)
  }

  @Test func `The patient is inside, air and specks are outside`() {
    let mask = BackgroundMask.mask(of: Self.intensities, on: Self.grid)
    for (index, isInside) in mask.enumerated() {
      let p = Self.grid.position(ofIndex: index)
      #expect(isInside == ((3..<9).contains(p[0]) && (3..<9).contains(p[1])), "\(p)")
    }
  }

  @Test func `An image without contrast, and voxels without numbers`() {
    let flat = [Float](repeating: 7, count: Self.grid.voxelCount)
    #expect(BackgroundMask.mask(of: flat, on: Self.grid).allSatisfy { $0 })
    var broken = Self.intensities
    let inside = Self.grid.index(x: 5, y: 5, z: 1)
    broken[inside] = .nan
    broken[Self.grid.index(x: 6, y: 5, z: 1)] = -3
    let mask = BackgroundMask.mask(of: broken, on: Self.grid)
    #expect(!mask[inside] && mask[Self.grid.index(x: 4, y: 5, z: 1)])
    #expect(BackgroundMask.threshold(of: flat) == nil)
  }
}
