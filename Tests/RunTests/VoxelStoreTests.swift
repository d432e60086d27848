import Foundation
import TestSupport
import Testing

@testable import IVIMBayes

@Suite struct VoxelStoreTests {
  /// Statistics that tell row, quantity and plane.
  private static func statistics(_ rows: Range<Int>, quantities: Int = 2) -> [[VoxelStatistics]] {
    rows.map { row in
      (0..<quantities).map { quantity in
        let base = Float(1000 * quantity + 10 * row)
        return VoxelStatistics(planes: [base, base + 1, base + 2, 3, 4, 5, 6, Float(row % 4)])
      }
    }
  }

  private static func open(_ folder: TemporaryFolder, rows: Int = 21) throws -> VoxelStore {
    try VoxelStore(folder.file("voxels"), rowCount: rows, quantityCount: 2, tileSize: 8)
  }

  @Test func `Tiles come back in the order of the rows, whatever order they were written in`() throws {
    let folder = try TemporaryFolder()
    let store = try Self.open(folder)
    #expect(store.tileCount == 3 && store.pendingTiles == [0, 1, 2] && store.rows(ofTile: 2) == 16..<21)
    for tile in [2, 0, 1] { try store.save(Self.statistics(store.rows(ofTile: tile)), tile: tile) }
    #expect(store.pendingTiles.isEmpty)
    store.flush()
    let expected = Self.statistics(0..<21)
    for quantity in 0..<2 {
      let planes = try Self.open(folder).planes(ofQuantity: quantity)
      #expect(planes.count == 8)
      for row in 0..<21 {
        #expect(planes.map { $0[row] } == expected[row][quantity].planes)
      }
    }
  }

  @Test func `A store that is opened again knows what it holds`() throws {
    let folder = try TemporaryFolder()
    let store = try Self.open(folder)
    try store.save(Self.statistics(8..<16), tile: 1)
    #expect(try Self.open(folder).pendingTiles == [0, 2])
    // Another size of the scan, as of another input: nothing of it is taken over.
    #expect(
      try VoxelStore(folder.file("voxels"), rowCount: 13, quantityCount: 2, tileSize: 8).pendingTiles == [
        0, 1,
      ])
  }

  @Test func `A tile that a crash left half-written is pending again`() throws {
    let folder = try TemporaryFolder()
    let store = try Self.open(folder)
    for tile in 0..<3 { try store.save(Self.statistics(store.rows(ofTile: tile)), tile: tile) }
    let whole = [UInt8](try Data(contentsOf: folder.file("voxels")))
    _ = try folder.write(Array(whole.dropLast(3)), as: "voxels")
    #expect(try Self.open(folder).pendingTiles == [2])
    for place in [0, 9, 20, 30, 100] {
      var damaged = whole
      damaged[place] ^= 1
      _ = try folder.write(damaged, as: "voxels")
      #expect(try Self.open(folder).pendingTiles == [0], "byte \(place)")
    }
    _ = try folder.write([UInt8](repeating: 0, count: whole.count), as: "voxels")
    let empty = try Self.open(folder)
    #expect(empty.pendingTiles == [0, 1, 2])
    let error = #expect(throws: RunError.self) { try empty.planes(ofQuantity: 0) }
    #expect(error?.status == .inputOutput)
    #expect(
      error?.description
        == "the checkpoint voxels: tile 0 is missing or damaged. "
        + "Check the disk of the output folder and its free space.")
  }

  @Test func `A full disk is an error of the disk, and says so`() throws {
    let store = try VoxelStore(URL(filePath: "/dev/full"), rowCount: 8, quantityCount: 2, tileSize: 8)
    let error = #expect(throws: RunError.self) { try store.save(Self.statistics(0..<8), tile: 0) }
    #expect(error?.status == .inputOutput && store.pendingTiles == [0])
    #expect(error?.description.hasPrefix("the checkpoint full: ") == true)
    #expect(error?.description.hasSuffix("Check the disk of the output folder and its free space.") == true)
  }

  @Test func `A store that cannot be made is an error of the disk`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: RunError.self) {
      try VoxelStore(folder.file("absent/voxels"), rowCount: 8, quantityCount: 2, tileSize: 8)
    }
    #expect(error?.status == .inputOutput)
  }
}
