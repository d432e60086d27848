internal import Foundation
internal import Lesions
internal import NIfTI
internal import Tables

/// `STEM_lesions.tsv` of point estimates: it has no column of a posterior, and says `point-estimate` in every row.
struct PointEstimateTable {
  static let columns = [
    "lesion", "name", "voxels", "parameter", "functional", "unit", "estimate", "standard_error", "status",
    "at_bound",
  ]
  /// The status of every row.
  static let status = "point-estimate"

  let table: TabSeparatedTable

  init(_ estimates: PointEstimates, lesions: [Lesion]) {
    var table = TabSeparatedTable(columns: Self.columns, name: "lesions")
    for (lesion, rows) in zip(lesions, estimates.lesions) {
      for (q, quantity) in estimates.quantities.enumerated() {
        let settled = rows.filter { $0.values[q].isFinite }
        let bounds = Self.bounds(of: quantity.name)
        let found = settled.filter { bounds?.contains($0.values[q]) ?? true }
        let values = found.map { $0.values[q] }
        let functionals =
          values.isEmpty
          ? LesionFunctional.allCases.map { _ in Double.nan }
          : LesionFunctional.all(of: values, scale: .identity)
        for (functional, value) in zip(LesionFunctional.allCases, functionals) {
          let error =
            functional == .mean
            ? Self.errorOfMean(
              found.map { $0.standardErrors[q] }) : .nan
          table.append(
            [
              "\(lesion.label)", lesion.name, "\(found.count)", quantity.name, functional.rawValue,
              quantity.unit.isEmpty ? "1" : quantity.unit,
            ] + [value, error].map(TabSeparatedTable.field)
              + [Self.status, "\(settled.count - found.count)"])
        }
      }
    }
    self.table = table
  }

  /// What an estimate of the parameter must be to count: where the curve does not determine it, least squares runs to one end.
  /// Nil for S₀, σ and the factors of a sequence.
  private static func bounds(of parameter: String) -> ClosedRange<Double>? {
    if parameter == "f" { return 0.001...0.999 }
    return parameter == "t1star"
      ? PlausibleRange.t1.numbers : LesionParameter(rawValue: parameter)?.plausibleValues.numbers
  }

  /// The standard error of the mean of independent estimates: √Σ e²/V.
  private static func errorOfMean(_ errors: [Double]) -> Double {
    errors.reduce(0) { $0 + $1 * $1 }.squareRoot() / Double(max(1, errors.count))
  }

  /// `STEM_lesions.json`.
  static func sidecar(of table: TabSeparatedTable) -> String {
    let columns = [
      "lesion": "label of the lesion in the label image", "name": "name of the lesion",
      "voxels": "voxels of the lesion in which the fit settled, off the bounds of the parameter",
      "at_bound":
        "voxels in which least squares ran to a bound (f below 0.001 or above 0.999, D, D* and T1 outside of what tissue can "
        + "have): the curve does not determine the parameter there, and they are left out",
      "parameter": "d, dstar, fdstar, adc in mm2/s; t1 in s; f a fraction; s0, sigma in image units",
      "functional":
        "of the voxels' estimates off the bounds; the mean is arithmetic, unlike that of a posterior",
      "estimate": "least-squares point estimate: there is no posterior behind it",
      "standard_error":
        "of the mean, by the delta method, voxels taken for independent; n/a of other functionals",
      "status": "point-estimate: nothing was sampled, and nothing here is a posterior summary",
    ]
    return TableSidecar.text(columns, of: table)
  }
}
