internal import Foundation
internal import Lesions
internal import NIfTI
internal import Tables

/// `STEM_lesions.tsv` of point estimates: it has no column of a posterior, and says `point-estimate` in every row.
struct PointEstimateTable {
  static let columns = [
    "lesion", "name", "voxels", "parameter", "functional", "unit", "estimate", "standard_error", "status",
  ]
  /// The status of every row.
  static let status = "point-estimate"

  let table: TabSeparatedTable

  init(_ estimates: PointEstimates, lesions: [Lesion]) {
    var table = TabSeparatedTable(columns: Self.columns, name: "lesions")
    for (lesion, rows) in zip(lesions, estimates.lesions) {
      for (q, quantity) in estimates.quantities.enumerated() {
        let found = rows.filter { $0.values[q].isFinite }
        let values = found.map { $0.values[q] }
        let functionals =
          values.isEmpty
          ? LesionFunctional.allCases.map { _ in Double.nan }
          : LesionFunctional.all(of: values, scale: quantity.scale)
        for (functional, value) in zip(LesionFunctional.allCases, functionals) {
          let error =
            functional == .mean
            ? Self.errorOfMean(
              values, found.map { $0.standardErrors[q] }, scale: quantity.scale, mean: value) : .nan
          table.append(
            [
              "\(lesion.label)", lesion.name, "\(found.count)", quantity.name, functional.rawValue,
              quantity.unit.isEmpty ? "1" : quantity.unit,
            ] + [value, error].map(TabSeparatedTable.field) + [Self.status])
        }
      }
    }
    self.table = table
  }

  /// The standard error of the mean of independent estimates: √Σ e²/V, on the log axis for geometric means.
  private static func errorOfMean(_ values: [Double], _ errors: [Double], scale: LesionScale, mean: Double)
    -> Double
  {
    let relative = scale == .log ? zip(errors, values).map { $0 / $1 } : errors
    let error = relative.reduce(0) { $0 + $1 * $1 }.squareRoot() / Double(max(1, values.count))
    return scale == .log ? mean * error : error
  }

  /// `STEM_lesions.json`.
  static var sidecar: String {
    let columns = [
      "lesion": "label of the lesion in the label image",
      "voxels": "voxels of the lesion in which the fit settled",
      "parameter": "d, dstar, fdstar, adc in mm2/s; t1 in s; f a fraction; s0, sigma in image units",
      "functional": "of the voxels' estimates; the mean of d, dstar, fdstar, adc and t1 is geometric",
      "estimate": "least-squares point estimate: there is no posterior behind it",
      "standard_error":
        "of the mean, by the delta method, voxels taken for independent; n/a of other functionals",
      "status": "point-estimate: nothing was sampled, and nothing here is a posterior summary",
    ]
    return JSONText.object(columns.mapValues { ["Description": $0] })
  }
}
