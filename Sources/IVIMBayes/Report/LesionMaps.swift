internal import Foundation
internal import NIfTI
internal import Reporting

/// The maps of one run around its lesions, read once.
struct LesionMaps: Sendable {
  private let grid: Grid
  private let reference: [Float]
  private let labels: [Int32]
  private let maps: [String: [String: [Float]]]
  private let units: [String: Double]

  /// Nil if the run has no maps or no label image.
  init?(_ run: ReportedRun) throws(RunError) {
    let folder = run.folder
    let parameters = ParameterName.ordered(folder.mappedParameters())
    guard folder.has("_desc-lesions_dseg.nii.gz"), !parameters.isEmpty else { return nil }
    do {
      let label = try LabelImage.read(folder.file("_desc-lesions_dseg.nii.gz"))
      grid = label.grid
      labels = label.labels
      reference =
        folder.has("_reference.nii.gz")
        ? try NIfTIImage.read(folder.file("_reference.nii.gz")).values
        : [Float](repeating: .nan, count: label.grid.voxelCount)
    } catch { throw RunError(error) }
    var maps: [String: [String: [Float]]] = [:]
    for parameter in parameters {
      for statistic in ["median", "sd", "grade"] {
        maps[parameter, default: [:]][statistic] = try folder.map(parameter, statistic).values
      }
    }
    self.maps = maps
    units = Dictionary(
      uniqueKeysWithValues: parameters.map { parameter in
        let unit = parameter == "t1" ? "s" : parameter == "f" ? "1" : "mm2/s"
        return (parameter, DisplayUnit(parameter: parameter, unit: unit).factor)
      })
  }

  var parameters: [String] { ParameterName.ordered(maps.keys) }

  /// The slice in which the lesion is largest, cut around it, with `statistic` of `parameter` in the unit of display; nil
  /// if the lesion or the parameter is not there.
  func tile(_ parameter: String, _ statistic: String, lesion: String) -> MapTile? {
    guard let label = Int32(lesion), let values = maps[parameter]?[statistic],
      let grades = maps[parameter]?["grade"], let box = box(of: label)
    else { return nil }
    var tile = MapTile(
      columns: 0, rows: 0, voxelSize: (grid.voxelSize.x, grid.voxelSize.y), image: [], values: [], grades: [],
      isInside: [])
    (tile.columns, tile.rows) = (box.x.count, box.y.count)
    let factor = units[parameter] ?? 1
    for y in box.y.reversed() {
      for x in box.x {
        let index = grid.index(x: x, y: y, z: box.z)
        tile.image.append(Double(reference[index]))
        tile.values.append(Double(values[index]) * factor)
        tile.grades.append(grades[index].isFinite ? Int(grades[index]) : 0)
        tile.isInside.append(labels[index] == label)
      }
    }
    return tile
  }

  /// A square in mm around the lesion with a margin of a third, inside the image.
  private func box(of label: Int32) -> (x: Range<Int>, y: Range<Int>, z: Int)? {
    var counts = [Int](repeating: 0, count: grid.shape[2])
    for (index, value) in labels.enumerated() where value == label {
      counts[grid.position(ofIndex: index)[2]] += 1
    }
    guard let most = counts.max(), most > 0, let z = counts.firstIndex(of: most) else { return nil }
    var (columns, rows): ([Int], [Int]) = ([], [])
    for y in 0..<grid.shape[1] {
      for x in 0..<grid.shape[0] where labels[grid.index(x: x, y: y, z: z)] == label {
        columns.append(x)
        rows.append(y)
      }
    }
    let size = grid.voxelSize
    let spans = [(columns, size.x), (rows, size.y)].map { places, step in
      Double((places.max() ?? 0) - (places.min() ?? 0) + 1) * step
    }
    let side = (spans.max() ?? 1) * 1.66
    func range(_ places: [Int], step: Double, extent: Int) -> Range<Int> {
      let middle = Double((places.max() ?? 0) + (places.min() ?? 0)) / 2
      let half = max(side / step / 2, 4)
      let low = max(0, Int((middle - half).rounded())), high = min(extent - 1, Int((middle + half).rounded()))
      return low..<(high + 1)
    }
    return (
      range(columns, step: size.x, extent: grid.shape[0]), range(rows, step: size.y, extent: grid.shape[1]), z
    )
  }
}
