internal import Foundation
internal import Tables

/// `STEM_sensitivity.tsv`: every lesion with its field and without.
struct SensitivityTable {
  let sensitivities: [FieldSensitivity]

  private static let columns: [(name: String, description: String)] = [
    ("lesion", "label of the lesion in the label image"), ("name", "name of the lesion"),
    ("voxels", "fitted voxels of the lesion"), ("parameter", "as in the table of lesions"),
    ("unit", "of mean and sd; 1 for a pure number"),
    ("mean", "posterior mean of the lesion mean"), ("sd", "posterior standard deviation of the lesion mean"),
    ("mean_without_field", "the mean when the voxels share their population only (lambda = 0)"),
    ("sd_without_field", "the standard deviation then"),
    (
      "shift_in_sd",
      "difference of the two means on the log or logit axis, in standard deviations; beyond 0.5 it is flagged"
    ),
    ("lambda", "posterior median of the dependence between neighbours"),
    ("range_mm", "distance over which the field falls to 1/e, at that lambda"),
    ("share_borrowed", "share of voxels with less than 0.2 of their standard deviation without the field"),
    ("flag", "field-dependent, mostly-borrowed, both, or none"),
  ]

  /// The table; numbers that do not exist are `n/a`.
  var table: TabSeparatedTable {
    var table = TabSeparatedTable(columns: Self.columns.map(\.name), name: "sensitivity")
    for sensitivity in sensitivities {
      for row in sensitivity.rows {
        let numbers = [
          row.mean, row.sd, row.meanWithout, row.sdWithout, row.shift, row.dependence, row.range,
          row.borrowedShare,
        ]
        let flags = [
          sensitivity.isShifted(row) ? "field-dependent" : nil,
          sensitivity.isBorrowed(row) ? "mostly-borrowed" : nil,
        ].compactMap { $0 }
        table.append(
          [
            "\(sensitivity.label)", sensitivity.lesion, "\(sensitivity.voxels)", row.parameter,
            row.unit.isEmpty ? "1" : row.unit,
          ] + numbers.map(TabSeparatedTable.field) + [flags.isEmpty ? "none" : flags.joined(separator: ",")])
      }
    }
    return table
  }

  /// What the columns mean.
  var sidecar: String {
    TableSidecar.text(
      Dictionary(uniqueKeysWithValues: Self.columns.map { ($0.name, $0.description) }), of: table)
  }

  /// One line for the reader: how many lesions, the largest shift, and how many maps are mostly borrowed.
  var sentence: String {
    let rows = sensitivities.flatMap { sensitivity in sensitivity.rows.map { (sensitivity, $0) } }
    let shifts = rows.filter { $0.1.shift.isFinite }
    guard let largest = shifts.max(by: { abs($0.1.shift) < abs($1.1.shift) }) else {
      return "sensitivity: no lesion has a field"
    }
    let maps = rows.filter { $0.1.borrowedShare.isFinite }
    let (shifted, borrowed) = (
      rows.count { $0.0.isShifted($0.1) }, maps.count { $0.0.isBorrowed($0.1) }
    )
    let lesions = sensitivities.count == 1 ? "1 lesion" : "\(sensitivities.count) lesions"
    return
      "sensitivity: \(lesions) fitted again without a field: \(shifted) of \(rows.count) means differ by more than 0.5 SD, "
      + String(format: "%.2f", abs(largest.1.shift))
      + " at most (\(largest.1.parameter) of \(largest.0.lesion)); \(borrowed) of \(maps.count) maps are mostly borrowed"
  }
}
