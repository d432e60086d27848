internal import Diagnostics
internal import Foundation
internal import NIfTI
internal import Posteriors
internal import QualityControl
internal import Tables

/// Writes the output folder of a least-squares fit: every file says that it holds point estimates.
struct PointEstimateWriter {
  let stem: String
  let inputs: FitInputs
  let estimates: PointEstimates
  let record: FitRecord

  static let explanation =
    "Levenberg-Marquardt least squares with flat priors: point estimates, not a posterior"

  func write(into folder: OutputFolder, clock: RunClock) throws -> FitReport {
    if !inputs.isRegional { try writeMaps(into: folder) }
    if !inputs.lesions.isEmpty {
      let table = PointEstimateTable(estimates, lesions: inputs.lesions.map(\.lesion)).table
      try AtomicFile.write(table.text, to: folder.file("\(stem)_lesions.tsv"))
      try AtomicFile.write(PointEstimateTable.sidecar(of: table), to: folder.file("\(stem)_lesions.json"))
    }
    if let quality = inputs.quality {
      try AtomicFile.write(quality.table.text, to: folder.file("\(stem)_qc.tsv"))
    }
    let members: [String: Any] = [
      "estimate": ["kind": PointEstimateTable.status, "method": Self.explanation],
      "unsettled_fits": estimates.missingCount,
      "health": ["verdict": PointEstimateTable.status, "flags": [String]()] as [String: Any],
    ]
    try AtomicFile.write(try record.text(with: members), to: folder.file("\(stem)_run.json"))
    try AtomicFile.write(clock.record, to: folder.file("\(stem)_timing.json"))
    try AtomicFile.write(DatasetDescription.text, to: folder.file(DatasetDescription.name))
    try AtomicFile.write(DatasetDescription.ignored, to: folder.file(".bidsignore"))
    return FitReport(
      folder: folder.final, stem: stem, lesionCount: inputs.lesions.count, voxelCount: inputs.voxelCount,
      verdict: .pass, flags: [], isPointEstimate: true)
  }

  private func writeMaps(into folder: OutputFolder) throws {
    let grid = inputs.series.grid
    for (q, quantity) in estimates.quantities.enumerated() where quantity.isMapped {
      var values = [Float](repeating: .nan, count: grid.voxelCount)
      var errors = values
      func set(_ estimate: VoxelEstimate, at voxel: Int) {
        values[voxel] = Float(estimate.values[q])
        errors[voxel] = Float(estimate.standardErrors[q])
      }
      for (row, estimate) in zip(inputs.background, estimates.background) {
        set(estimate, at: inputs.series.voxels[row])
      }
      for (entry, found) in zip(inputs.lesions, estimates.lesions) {
        for (row, estimate) in zip(entry.lesion.rows, found) { set(estimate, at: entry.series.voxels[row]) }
      }
      for (statistic, meaning, map) in [
        ("estimate", "point estimate", values), ("stderr", "standard error of the point estimate", errors),
      ] {
        let name = ParameterMaps.name(stem, quantity.name, statistic)
        try NIfTIImage(grid: grid, values: map).writeFloat32(
          to: folder.file(name + ".nii.gz"), description: "\(quantity.name) \(statistic), no posterior")
        let unit = quantity.unit.isEmpty ? (quantity.name == "f" ? "1" : "arbitrary") : quantity.unit
        let sidecar: [String: Any] = [
          "Description": "\(quantity.name): \(meaning). \(Self.explanation)", "Units": unit,
          "PointEstimate": true,
        ]
        try AtomicFile.write(JSONText.object(sidecar), to: folder.file(name + ".json"))
      }
    }
  }
}
