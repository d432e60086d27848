internal import Acquisitions
internal import Diagnostics
internal import Foundation
internal import NIfTI

/// The voxel maps of a fit: one image for each parameter and statistic, on the grid of the input.
struct ParameterMaps {
  static let statistics = ["mean", "sd", "q05", "median", "q95", "rhat", "essbulk", "grade"]

  let grid: Grid
  let quantities: [Quantity]
  /// `[mapped quantity][statistic][voxel of the grid]`; NaN (grade: 0) where nothing was fitted.
  private var values: [[[Float]]]

  init(_ results: FitResults, _ inputs: FitInputs) {
    grid = inputs.series.grid
    quantities = results.quantities.filter(\.isMapped)
    let empty = Self.statistics.map { statistic in
      [Float](repeating: statistic == "grade" ? 0 : .nan, count: inputs.series.grid.voxelCount)
    }
    values = quantities.map { _ in empty }
    for (row, statistics) in zip(inputs.background, results.background) {
      set(statistics, at: inputs.series.voxels[row])
    }
    for (posterior, entry) in zip(results.lesions, inputs.lesions) {
      for (row, statistics) in zip(entry.lesion.rows, posterior.statistics) {
        set(statistics, at: entry.series.voxels[row])
      }
    }
  }

  private mutating func set(_ statistics: [VoxelStatistics], at voxel: Int) {
    for (q, s) in statistics.enumerated() {
      let numbers = [s.mean, s.sd, s.q05, s.median, s.q95, s.rHat, s.bulkESS, Float(s.grade.rawValue)]
      for (k, number) in numbers.enumerated() { values[q][k][voxel] = number }
    }
  }

  /// Writes every map with its sidecar.
  func write(stem: String, into folder: OutputFolder) throws {
    for (q, quantity) in quantities.enumerated() {
      for (k, statistic) in Self.statistics.enumerated() {
        let name = Self.name(stem, quantity.name, statistic)
        let image = NIfTIImage(grid: grid, values: values[q][k])
        try image.writeFloat32(
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
    return JSONText.object([
      "Description": "\(quantity.name): \(meaning[statistic] ?? statistic)", "Units": isNumber ? "1" : unit,
    ])
  }
}

/// JSON as our files have it: sorted keys, two spaces, a newline at the end.
enum JSONText {
  static func object(_ members: [String: Any]) -> String {
    let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? JSONSerialization.data(withJSONObject: members, options: options) else {
      return "{}\n"
    }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  /// Why JSON could not be read, in words for the person who wrote it.
  static func reason(_ error: any Error) -> String {
    let context: DecodingError.Context? =
      switch error as? DecodingError {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
        .dataCorrupted(let context):
        context
      default: nil
      }
    if let context {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return (path.isEmpty ? "" : "\(path): ") + context.debugDescription.trimmedSentence
    }
    let description = (error as NSError).userInfo["NSDebugDescription"] as? String
    return (description ?? "\(error)").trimmedSentence
  }
}

extension String {
  /// The text without the full stop at its end.
  fileprivate var trimmedSentence: String { hasSuffix(".") ? String(dropLast()) : self }
}
