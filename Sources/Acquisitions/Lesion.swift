/// One labelled region of a scan and its rows in the table of signals.
public struct Lesion: Sendable, Equatable {
  /// Its value in the label image.
  public let label: Int
  /// Its name, from the names table, or `lesion-<label>`.
  public let name: String
  /// Its rows in the table of signals, ascending: the voxels that can be fitted.
  public let rows: [Int]
  /// Its voxels in the label image, those that cannot be fitted included.
  public let labelledVoxelCount: Int

  /// A lesion of these rows.
  public init(label: Int, name: String, rows: [Int], labelledVoxelCount: Int) {
    self.label = label
    self.name = name
    self.rows = rows
    self.labelledVoxelCount = labelledVoxelCount
  }
}
