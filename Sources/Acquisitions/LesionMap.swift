public import Foundation
public import NIfTI
internal import Tables

/// The lesions of a scan: a label for each voxel of its grid, and their names.
public struct LesionMap: Sendable, Equatable {
  /// One label for each voxel of the grid, x fastest; 0 outside.
  public let labels: [Int32]
  /// The label values that occur, ascending.
  public let labelValues: [Int]
  /// Names by label; a label without one is called `lesion-<label>`.
  public let names: [Int: String]
  /// What the user should know: resampling, 255, names without a lesion.
  public let notices: [String]

  /// A map of these labels, which must not be negative.
  public init(labels: [Int32], names: [Int: String] = [:], notices: [String] = []) {
    precondition(labels.allSatisfy { $0 >= 0 }, "labels must not be negative")
    self.labels = labels
    labelValues = Set(labels).subtracting([0]).map(Int.init).sorted()
    self.names = names
    self.notices = notices
  }

  /// Reads a label image onto `grid` by world coordinates, nearest neighbour, with names from a BIDS dseg table.
  ///
  /// - An image whose only value is 255 means "inside" and becomes label 1, with a notice.
  /// - Another grid is resampled, with a notice that says how many voxels are labelled.
  /// - Throws: `image`, `table`, `emptyLabels`, `negativeLabel`, `noOverlap`, `duplicateName`.
  public static func read(
    _ file: URL, names namesFile: URL? = nil, onto grid: Grid
  ) throws(AcquisitionError) -> LesionMap {
    var (labels, notices) = try Self.labels(file, onto: grid)
    let present = Set(labels).subtracting([0])
    if present == [255] {
      labels = labels.map { min($0, 1) }
      notices.append("\(file.relativePath): the only label is 255, taken as \"inside\": lesion 1")
    }
    let names = try namesFile.map { file throws(AcquisitionError) in try Self.names(file) } ?? [:]
    let map = LesionMap(labels: labels, names: names, notices: notices)
    let unused = names.keys.filter { $0 != 0 && !map.labelValues.contains($0) }.sorted()
    guard let namesFile, !unused.isEmpty else { return map }
    let list = unused.map(String.init).joined(separator: ", ")
    return LesionMap(
      labels: labels, names: names,
      notices: notices + ["\(namesFile.relativePath): no voxel has the label \(list)"])
  }

  /// The lesions with their rows in a series that was read from these voxels.
  ///
  /// - Parameter voxels: The grid indices of the series' rows, ascending.
  /// - Returns: One lesion for each label, ascending.
  public func lesions(in voxels: [Int]) -> [Lesion] {
    var rows: [Int: [Int]] = [:]
    for (row, voxel) in voxels.enumerated() where labels[voxel] != 0 {
      rows[Int(labels[voxel]), default: []].append(row)
    }
    var counts: [Int: Int] = [:]
    for label in labels where label != 0 { counts[Int(label), default: 0] += 1 }
    return labelValues.map { label in
      Lesion(
        label: label, name: names[label] ?? "lesion-\(label)", rows: rows[label] ?? [],
        labelledVoxelCount: counts[label] ?? 0)
    }
  }

  /// The labels of a mask or label image on `grid`, none negative, with notices.
  static func labels(
    _ file: URL, onto grid: Grid
  ) throws(AcquisitionError) -> (labels: [Int32], notices: [String]) {
    let image: LabelImage
    do { image = try LabelImage.read(file) } catch { throw .image(error) }
    if let negative = image.labels.first(where: { $0 < 0 }) {
      throw .negativeLabel(labels: file, label: Int(negative))
    }
    guard image.labels.contains(where: { $0 != 0 }) else { throw .emptyLabels(labels: file) }
    let resampled = image.resampled(onto: grid)
    guard resampled.labelledCount > 0 else { throw .noOverlap(labels: file) }
    let notice =
      "\(file.relativePath): on another grid, resampled to the nearest voxel by world coordinates; "
      + "\(resampled.labelledCount) voxels of the image are labelled"
    return (resampled.labels, resampled.wasResampled ? [notice] : [])
  }

  private static func names(_ file: URL) throws(AcquisitionError) -> [Int: String] {
    let rows: [(label: Int, name: String)]
    do throws(TableError) {
      let table = try TabSeparatedTable.read(file)
      rows = Array(zip(try table.integers("index"), try table.strings("name")))
    } catch {
      throw .table(error)
    }
    var names: [Int: String] = [:]
    for row in rows where names.updateValue(row.name, forKey: row.label) != nil {
      throw .duplicateName(table: file.relativePath, label: row.label)
    }
    return names
  }
}
