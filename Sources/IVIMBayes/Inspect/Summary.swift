internal import Diagnostics
internal import Foundation
internal import NIfTI
public import Tables

/// What `summarize` shows: the posterior by lesion, or by voxel.
public enum Summary {
  /// The rows of the lesion table, those of one functional if `functional` is given.
  public static func byLesion(_ run: RunFolder, functional: String? = "mean") throws(RunError)
    -> TabSeparatedTable
  {
    let table = try run.lesions()
    guard let functional, let column = table.columns.firstIndex(of: "functional") else { return table }
    var selected = TabSeparatedTable(columns: table.columns, name: table.name)
    for row in table.rows where row.fields[column] == functional { selected.append(row.fields) }
    guard !selected.rows.isEmpty else {
      throw RunError(
        .usage, at: "--functional", "there is no functional \"\(functional)\"",
        advice: "Choose one of mean, median, p10, p25, p75, p90, sd, iqr or all")
    }
    return selected
  }

  /// One row for each parameter: how its posterior medians and SDs spread over the voxels, and how well they were
  /// sampled.
  public static func byVoxel(_ run: RunFolder) throws(RunError) -> TabSeparatedTable {
    if try run.isPointEstimate { return try pointEstimatesByVoxel(run) }
    var table = TabSeparatedTable(
      columns: [
        "parameter", "voxels", "median_q05", "median_median", "median_q95", "sd_median",
        "share_prior_dominated",
        "share_rhat_above_1.05", "ess_bulk_q05",
      ], name: "voxels")
    for parameter in run.mappedParameters() {
      func values(_ statistic: String) throws(RunError) -> [Double] {
        try run.map(parameter, statistic).values.filter(\.isFinite).map(Double.init).sorted()
      }
      let medians = try values("median")
      let grades = try values("grade").filter { $0 > 0 }
      let rHats = try values("rhat")
      let share = Double(grades.count { $0 == 3 }) / Double(max(1, grades.count))
      let above = Double(rHats.count { $0 > 1.05 }) / Double(max(1, rHats.count))
      let numbers = [
        medians.quantile(0.05), medians.quantile(0.5), medians.quantile(0.95), try values("sd").quantile(0.5),
        share, above, try values("essbulk").quantile(0.05),
      ]
      table.append([parameter, "\(medians.count)"] + numbers.map(TabSeparatedTable.field))
    }
    return try nonEmpty(table, run)
  }

  /// How the point estimates of each parameter spread over the voxels.
  private static func pointEstimatesByVoxel(_ run: RunFolder) throws(RunError) -> TabSeparatedTable {
    var table = TabSeparatedTable(
      columns: [
        "parameter", "voxels", "estimate_q05", "estimate_median", "estimate_q95", "stderr_median", "status",
      ], name: "voxels")
    for parameter in run.mappedParameters(statistic: "estimate") {
      func values(_ statistic: String) throws(RunError) -> [Double] {
        try run.map(parameter, statistic).values.filter(\.isFinite).map(Double.init).sorted()
      }
      let (found, errors) = (try values("estimate"), try values("stderr"))
      let numbers = [
        found.quantile(0.05), found.quantile(0.5), found.quantile(0.95), errors.quantile(0.5),
      ]
      table.append(
        [parameter, "\(found.count)"] + numbers.map(TabSeparatedTable.field) + [PointEstimateTable.status])
    }
    return try nonEmpty(table, run)
  }

  private static func nonEmpty(_ table: TabSeparatedTable, _ run: RunFolder) throws(RunError)
    -> TabSeparatedTable
  {
    guard !table.rows.isEmpty else {
      throw RunError(
        .badInput, at: run.folder.relativePath, "the run has no maps", advice: "Summarise it with --by lesion"
      )
    }
    return table
  }
}
