public import Acquisitions
public import Tables

/// The quality of every volume in every lesion of a scan.
public struct QualityTable: Sendable, Equatable {
  /// Lesions in their order, volumes in theirs.
  public let rows: [VolumeQuality]

  /// A table of these rows.
  public init(rows: [VolumeQuality]) { self.rows = rows }

  /// The columns of `STEM_qc.tsv`.
  public static let columns = [
    "lesion", "name", "volume", "setting", "mean", "residual", "edge_shift", "outlying_share", "snr", "flag",
  ]

  /// The table as text: `flag` is `ok` or the faults joined by `+`; `n/a` where a number could not be had.
  public var table: TabSeparatedTable {
    var table = TabSeparatedTable(columns: Self.columns, name: "qc")
    for row in rows {
      let numbers = [
        row.setting, row.meanSignal, row.standardizedResidual, row.edgeShift, row.outlyingShare, row.snr,
      ]
      table.append(
        [String(row.label), row.name, String(row.volume)] + numbers.map(TabSeparatedTable.field)
          + [row.isFlagged ? row.faults.map(\.rawValue).joined(separator: "+") : "ok"])
    }
    return table
  }

  /// The flagged volumes of each lesion, as exclusions: `--exclude-flagged`.
  public var exclusions: VolumeExclusions {
    var byLesion: [Int: Set<Int>] = [:]
    for row in rows where row.isFlagged { byLesion[row.label, default: []].insert(row.volume) }
    return VolumeExclusions(byLesion: byLesion)
  }
}
