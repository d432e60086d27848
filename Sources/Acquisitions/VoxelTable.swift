/// Signals of many voxels: voxels × settings, settings fastest.
public struct VoxelTable: Sendable, Equatable {
  /// The number of rows.
  public let voxelCount: Int
  /// The number of measurements of one voxel.
  public let settingCount: Int
  /// `voxelCount × settingCount` signals in image units, settings fastest.
  public private(set) var values: [Float]

  /// A table of `voxelCount × settingCount` values, settings fastest.
  public init(voxelCount: Int, settingCount: Int, values: [Float]) {
    precondition(
      values.count == voxelCount * settingCount,
      "\(values.count) values cannot be \(voxelCount) voxels × \(settingCount) settings")
    self.voxelCount = voxelCount
    self.settingCount = settingCount
    self.values = values
  }

  /// The signals of one voxel, in the order of the settings.
  public subscript(row: Int) -> ArraySlice<Float> {
    values[(row * settingCount)..<((row + 1) * settingCount)]
  }

  /// One signal.
  public subscript(row: Int, setting: Int) -> Float {
    get { values[row * settingCount + setting] }
    set { values[row * settingCount + setting] = newValue }
  }

  /// The signals of one voxel in double precision.
  public func signals(ofRow row: Int) -> [Double] { self[row].map(Double.init) }

  /// The mean signal of some voxels for each setting; NaN for no voxels.
  public func mean(ofRows rows: [Int]) -> [Double] {
    var sums = [Double](repeating: 0, count: settingCount)
    for row in rows {
      for (setting, signal) in self[row].enumerated() { sums[setting] += Double(signal) }
    }
    return sums.map { $0 / Double(rows.count) }
  }

  /// The part of the table with these rows and settings, in this order.
  public func selecting(rows: [Int], settings: [Int]) -> VoxelTable {
    VoxelTable(
      voxelCount: rows.count, settingCount: settings.count,
      values: rows.flatMap { row in settings.map { self[row, $0] } })
  }
}
