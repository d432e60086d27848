internal import Foundation
internal import NIfTI

/// The voxel maps of a fit: one image for each parameter and statistic, on the grid of the input.
///
/// Maps of one parameter are made and written at a time: eight numbers for each voxel of the grid are in memory.
struct ParameterMaps {
  static let statistics = ["mean", "sd", "q05", "median", "q95", "rhat", "essbulk", "grade"]

  let results: FitResults
  let inputs: FitInputs

  init(_ results: FitResults, _ inputs: FitInputs) {
    self.results = results
    self.inputs = inputs
  }

  /// `[statistic][voxel of the grid]` of one mapped quantity; NaN (grade: 0) where nothing was fitted.
  private func values(ofQuantity quantity: Int) throws -> [[Float]] {
    var maps = Self.statistics.map { statistic in
      [Float](repeating: statistic == "grade" ? 0 : .nan, count: inputs.series.grid.voxelCount)
    }
    for (plane, values) in try results.background.planes(ofQuantity: quantity).enumerated() {
      for (row, value) in zip(inputs.background, values) { maps[plane][inputs.series.voxels[row]] = value }
    }
    for (posterior, entry) in zip(results.lesions, inputs.lesions) {
      for (row, statistics) in zip(entry.lesion.rows, posterior.statistics) {
        let voxel = entry.series.voxels[row]
        for (plane, value) in statistics[quantity].planes.enumerated() { maps[plane][voxel] = value }
      }
    }
    return maps
  }

  /// Writes every map with its sidecar.
  func write(stem: String, into folder: OutputFolder) throws {
    let grid = inputs.series.grid
    for (q, quantity) in results.quantities.filter(\.isMapped).enumerated() {
      for (statistic, values) in zip(Self.statistics, try values(ofQuantity: q)) {
        let name = Self.name(stem, quantity.name, statistic)
        try NIfTIImage(grid: grid, values: values).writeFloat32(
          to: folder.file(name + ".nii.gz"), description: "\(quantity.name) \(statistic)")
        let sidecar = Self.sidecar(quantity, statistic: statistic)
        try AtomicFile.write(sidecar, to: folder.file(name + ".json"))
      }
    }
  }

  /// T1 maps have a name in BIDS; those of diffusion parameters follow the draft BEP016.
  static func name(_ stem: String, _ parameter: String, _ statistic: String) -> String {
    parameter == "t1"
      ? "\(stem)_desc-\(statistic)_T1map" : "\(stem)_model-ivim_param-\(parameter)_desc-\(statistic)_dwimap"
  }

  private static func sidecar(_ quantity: Quantity, statistic: String) -> String {
    let unit = quantity.unit.isEmpty ? (quantity.name == "f" ? "1" : "arbitrary") : quantity.unit
    let meaning = [
      "mean": "posterior mean", "sd": "posterior standard deviation", "q05": "5 % quantile of the posterior",
      "median": "posterior median", "q95": "95 % quantile of the posterior",
      "rhat": "rank-normalised split R-hat", "essbulk": "bulk effective sample size",
      "grade": "0 outside, 1 data-dominated, 2 mixed, 3 prior-dominated",
    ]
    let isNumber = ["rhat", "essbulk", "grade"].contains(statistic)
    var members: [String: Any] = [
      "Description": "\(quantity.name): \(meaning[statistic] ?? statistic)", "Units": isNumber ? "1" : unit,
    ]
    // BIDS requires it of every T1map derivative.
    if quantity.name == "t1" { members["SkullStripped"] = false }
    return JSONText.object(members)
  }
}
