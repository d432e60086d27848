internal import Diagnostics
internal import Foundation
internal import Synchronization

/// The statistics of the voxels outside lesions, tile by tile in one file: memory holds one tile of each thread.
///
/// A tile is one write at a place of its own, with a header that says which tile it is and a checksum. A tile that a
/// crash left half-written is therefore known as such, and is drawn again.
final class VoxelStore: Sendable {
  /// Rows in all.
  let rowCount: Int
  /// Rows of a tile; the last one may have fewer.
  let tileSize: Int
  /// Mapped quantities of a row.
  let quantityCount: Int

  private let file: URL
  private let state: Mutex<State>

  private struct State {
    let handle: FileHandle
    var finished: Set<Int>
    var lastFlush: Date
  }

  /// Seconds after which what was written is forced to the disk.
  private static let flushInterval = 5.0
  private static let magic = Array("ivbtile1".utf8)
  private static let headerSize = 32

  /// Opens the store in `file`, which is made if it is missing, and checks every tile that is there.
  ///
  /// - Throws: status 74 if the file cannot be made or read.
  init(_ file: URL, rowCount: Int, quantityCount: Int, tileSize: Int) throws(RunError) {
    self.rowCount = rowCount
    self.tileSize = tileSize
    self.quantityCount = quantityCount
    self.file = file
    let path = file.path
    guard
      FileManager.default.fileExists(atPath: path)
        || FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forUpdatingAtPath: path)
    else { throw Self.failure(file, "it cannot be made or opened") }
    state = Mutex(State(handle: handle, finished: [], lastFlush: .now))
    let tiles = tileCount
    do {
      let size = try handle.seekToEnd()
      let found = size == 0 ? [] : try (0..<tiles).filter { try contents(ofTile: $0) != nil }
      state.withLock { $0.finished = Set(found) }
    } catch { throw Self.failure(file, "\(error.localizedDescription)") }
  }

  var tileCount: Int { (rowCount + tileSize - 1) / tileSize }

  /// The rows of a tile.
  func rows(ofTile tile: Int) -> Range<Int> { tile * tileSize..<min(rowCount, (tile + 1) * tileSize) }

  /// Tiles that are not on the disk yet, in order.
  var pendingTiles: [Int] {
    let finished = state.withLock { $0.finished }
    return (0..<tileCount).filter { !finished.contains($0) }
  }

  /// Writes the statistics of a tile: `[row][mapped quantity]`.
  ///
  /// - Throws: status 74, for example if the disk is full.
  func save(_ statistics: [[VoxelStatistics]], tile: Int) throws(RunError) {
    precondition(
      statistics.count == rows(ofTile: tile).count, "one row of statistics for each row of the tile")
    var planes = [Float](repeating: .nan, count: statistics.count * planeCount)
    for (row, quantities) in statistics.enumerated() {
      for (quantity, fields) in quantities.enumerated() {
        for (field, value) in fields.planes.enumerated() {
          planes[(quantity * VoxelStatistics.planeCount + field) * statistics.count + row] = value
        }
      }
    }
    let payload = LittleEndian.bytes(of: planes[...])
    let record = Data(header(tile, payload[...]) + payload)
    let failure: RunError? = state.withLock { state in
      do {
        try state.handle.seek(toOffset: UInt64(offset(ofTile: tile)))
        try state.handle.write(contentsOf: record)
        if -state.lastFlush.timeIntervalSinceNow > Self.flushInterval {
          try state.handle.synchronize()
          state.lastFlush = .now
        }
        state.finished.insert(tile)
        return nil
      } catch { return Self.failure(file, error.localizedDescription) }
    }
    if let failure { throw failure }
  }

  /// Forces what was written to the disk.
  func flush() { state.withLock { try? $0.handle.synchronize() } }

  /// The statistics of one mapped quantity: `[plane][row]`, planes as in `VoxelStatistics.planes`.
  ///
  /// - Throws: status 74 if a tile is missing or damaged.
  func planes(ofQuantity quantity: Int) throws(RunError) -> [[Float]] {
    let planes = VoxelStatistics.planeCount
    var result = [[Float]](repeating: [], count: planes)
    for index in result.indices { result[index].reserveCapacity(rowCount) }
    for tile in 0..<tileCount {
      guard let values = try? contents(ofTile: tile) else {
        throw Self.failure(file, "tile \(tile) is missing or damaged")
      }
      let rows = rows(ofTile: tile).count
      for plane in 0..<planes {
        let first = (quantity * planes + plane) * rows * 4
        result[plane] += LittleEndian.floats(values[first..<first + rows * 4])
      }
    }
    return result
  }

  private var planeCount: Int { quantityCount * VoxelStatistics.planeCount }

  private func offset(ofTile tile: Int) -> Int { tile * (Self.headerSize + 4 * tileSize * planeCount) }

  /// Magic, tile, rows, and the checksum of these and the payload.
  private func header(_ tile: Int, _ payload: ArraySlice<UInt8>) -> [UInt8] {
    let start = Self.magic + LittleEndian.bytes(of: [UInt64(tile), UInt64(rows(ofTile: tile).count)])
    var checksum = Checksum()
    checksum.add(start[...])
    checksum.add(payload)
    return start + checksum.bytes
  }

  /// The payload of a tile; nil if it was never written, or not wholly.
  private func contents(ofTile tile: Int) throws -> [UInt8]? {
    let count = Self.headerSize + 4 * rows(ofTile: tile).count * planeCount
    let record = try state.withLock { state in
      try state.handle.seek(toOffset: UInt64(offset(ofTile: tile)))
      return try state.handle.read(upToCount: count) ?? Data()
    }
    guard record.count == count else { return nil }
    let bytes = [UInt8](record)
    guard bytes.starts(with: Self.magic) else { return nil }
    let payload = bytes[Self.headerSize...]
    return bytes.starts(with: header(tile, payload)) ? Array(payload) : nil
  }

  private static func failure(_ file: URL, _ reason: String) -> RunError {
    RunError(
      .inputOutput, at: "the checkpoint \(file.lastPathComponent)", reason,
      advice: "Check the disk of the output folder and its free space")
  }
}

extension VoxelStatistics {
  /// Numbers of one quantity in one voxel, in the order of `ParameterMaps.statistics`.
  static let planeCount = 8

  var planes: [Float] { [mean, sd, q05, median, q95, rHat, bulkESS, Float(grade.rawValue)] }

  /// The statistics with these eight planes.
  init(planes: some Sequence<Float>) {
    let p = Array(planes)
    self.init(
      mean: p[0], sd: p[1], q05: p[2], median: p[3], q95: p[4], rHat: p[5], bulkESS: p[6],
      grade: Grade(rawValue: UInt8(exactly: p[7]) ?? 0) ?? .outside)
  }
}
