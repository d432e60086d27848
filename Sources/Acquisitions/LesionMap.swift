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
  /// - Another grid is resampled, with a notice that says how many voxels are labelled, and by how much the volume of a
  ///   label changes if that is more than a tenth.
  /// - `matching` says how the image is laid on `grid`; nil if the headers must be clear.
  /// - Throws: `image`, `table`, `emptyLabels`, `negativeLabel`, `noOverlap`, `doubtfulPlace`, `otherShape`,
  ///   `vanishedLabel`, `duplicateName`.
  public static func read(
    _ file: URL, names namesFile: URL? = nil, onto grid: Grid, matching: GridMatching? = nil
  ) throws(AcquisitionError) -> LesionMap {
    var (labels, notices) = try Self.labels(file, onto: grid, matching, isEachKept: true)
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

  /// Reads one mask for each lesion onto `grid`: the label is the place in the list, or one of `numbers`; the name is that
  /// of the file.
  ///
  /// A BIDS name gives its entity `label`: `sub-01_label-node_mask.nii.gz` is "node".
  ///
  /// - Throws: what the other reader throws, `badMask` for a file of several labels, and `overlap` where two lesions share
  ///   voxels.
  public static func read(
    masks files: [URL], labels numbers: [Int]? = nil, onto grid: Grid, matching: GridMatching? = nil
  ) throws(AcquisitionError) -> LesionMap {
    var labels = [Int32](repeating: 0, count: grid.voxelCount)
    var (names, notices): ([Int: String], [String]) = ([:], [])
    for (index, file) in files.enumerated() {
      let own = try Self.labels(file, onto: grid, matching, isEachKept: true)
      let values = Set(own.labels).subtracting([0])
      guard values.count == 1 else { throw .badMask(file: file, labels: values.count) }
      var shared = 0
      for voxel in labels.indices where own.labels[voxel] != 0 {
        if labels[voxel] != 0 { shared += 1 } else { labels[voxel] = Int32(numbers?[index] ?? index + 1) }
      }
      if shared > 0, let other = files[..<index].last {
        throw .overlap(file: file, other: other, voxels: shared)
      }
      names[numbers?[index] ?? index + 1] = Self.name(of: file)
      notices += own.notices
    }
    return LesionMap(labels: labels, names: names, notices: notices)
  }

  /// The name that a mask gives to its lesion.
  static func name(of file: URL) -> String {
    var name = file.lastPathComponent
    for suffix in [".gz", ".nii"] where name.lowercased().hasSuffix(suffix) {
      name = String(name.dropLast(suffix.count))
    }
    let label = name.split(separator: "_").first { $0.hasPrefix("label-") }
    return label.map { String($0.dropFirst("label-".count)) } ?? name
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
    _ file: URL, onto grid: Grid, _ matching: GridMatching?, isEachKept: Bool
  ) throws(AcquisitionError) -> (labels: [Int32], notices: [String]) {
    let image: LabelImage
    do { image = try LabelImage.read(file) } catch { throw .image(error) }
    if let negative = image.labels.first(where: { $0 < 0 }) {
      throw .negativeLabel(labels: file, label: Int(negative))
    }
    guard image.labels.contains(where: { $0 != 0 }) else { throw .emptyLabels(labels: file) }
    let placed = try Placement.labels(of: file, image, on: grid, matching, isEachKept: isEachKept)
    return (placed.labels, placed.notices)
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
