internal import Acquisitions
internal import Foundation
internal import NIfTI
internal import Tables

/// What a page needs of a scan besides the results, kept beside them: the signals that were fitted, an image to draw
/// the maps on, and the lesions as they were fitted.
struct ReportSources {
  let inputs: FitInputs

  static let signalColumns = ["lesion", "name", "setting", "averages", "signal", "voxels"]

  /// Writes `STEM_signals.tsv`, `STEM_reference.nii.gz` and `STEM_desc-lesions_dseg.nii.gz`, those that exist.
  func write(stem: String, into folder: OutputFolder) throws {
    if !inputs.lesions.isEmpty {
      try AtomicFile.write(signals.text, to: folder.file("\(stem)_signals.tsv"))
    }
    guard !inputs.isRegional else { return }
    if let reference = inputs.reference {
      try NIfTIImage(grid: inputs.series.grid, values: reference)
        .writeFloat32(to: folder.file("\(stem)_reference.nii.gz"), description: "reference image")
    }
    guard !inputs.lesions.isEmpty else { return }
    var labels = [Int32](repeating: 0, count: inputs.series.grid.voxelCount)
    for entry in inputs.lesions {
      for row in entry.lesion.rows { labels[entry.series.voxels[row]] = Int32(entry.lesion.label) }
    }
    try LabelImage(grid: inputs.series.grid, labels: labels)
      .write(to: folder.file("\(stem)_desc-lesions_dseg.nii.gz"), description: "lesions as fitted")
  }

  /// The mean signal of each lesion at each setting, as it was fitted.
  private var signals: TabSeparatedTable {
    var table = TabSeparatedTable(columns: Self.signalColumns, name: "signals")
    for entry in inputs.lesions {
      let means = entry.series.signals.mean(ofRows: entry.lesion.rows)
      for (index, setting) in entry.series.settings.enumerated() {
        table.append(
          ["\(entry.lesion.label)", entry.lesion.name]
            + [setting, entry.series.averages[index], Double(means[index])].map(TabSeparatedTable.field)
            + ["\(entry.lesion.rows.count)"])
      }
    }
    return table
  }

  /// The mean of the volumes at which `weights` is smallest (within `tolerance`): of b-values the b = 0 image, of
  /// negative times the image after the longest.
  static func image(_ image: NIfTIImage, lowest weights: [Double], tolerance: Double) -> [Float] {
    let least = weights.min() ?? 0
    let chosen = weights.indices.filter { weights[$0] <= least + tolerance && $0 < image.volumeCount }
    var sum = [Float](repeating: 0, count: image.grid.voxelCount)
    for volume in chosen {
      for (index, value) in image.volume(volume).enumerated() { sum[index] += value / Float(chosen.count) }
    }
    return sum
  }

  /// True if what is known of a scan says that it was simulated: its name, its sidecar, or the dataset that it lies in.
  static func isSynthetic(_ input: URL) -> Bool {
    let mark = "SYNTHETIC"
    if input.lastPathComponent.contains(mark) { return true }
    func says(_ file: URL) -> Bool {
      guard let contents = try? Data(contentsOf: file),
        let members = try? JSONSerialization.jsonObject(with: contents) as? [String: Any]
      else { return false }
      return ["Name", "Description"].contains { (members[$0] as? String)?.hasPrefix(mark) ?? false }
    }
    // The folder of delta says whether its scans were simulated.
    if let contents = try? Data(contentsOf: input.appending(path: "changes_run.json")),
      let record = try? JSONSerialization.jsonObject(with: contents) as? [String: Any],
      let isSynthetic = record["synthetic"] as? Bool
    {
      return isSynthetic
    }
    var folder = input.deletingLastPathComponent()
    var name = input.lastPathComponent
    for suffix in [".gz", ".nii", ".tsv"] where name.hasSuffix(suffix) {
      name = String(name.dropLast(suffix.count))
    }
    if says(folder.appending(path: name + ".json")) { return true }
    // A BIDS image lies at most four folders below the root of its dataset.
    for _ in 0..<5 {
      if says(folder.appending(path: DatasetDescription.name)) { return true }
      folder = folder.deletingLastPathComponent()
    }
    return false
  }
}
