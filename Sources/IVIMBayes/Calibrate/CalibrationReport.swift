public import Diagnostics
internal import Reporting
internal import Tables

/// What a calibration found.
public struct CalibrationReport: Sendable {
  /// What was done.
  public let plan: CalibrationPlan
  /// The ranks of every quantity; empty if they were not asked for.
  public var ranks: [RankVerdict] = []
  /// The joint test; nil if it was not asked for.
  public var geweke: GewekeTest?
  /// The coverage of lesion means; empty if it was not asked for.
  public var coverage: [CoverageStratum] = []

  init(_ plan: CalibrationPlan) { self.plan = plan }

  /// The limit of |z| in the joint test.
  public static let gewekeLimit = 4.0

  /// True if nothing failed: exit code 0, otherwise 2.
  ///
  /// Coverage fails below 85 % in any stratum of D, f, ADC or T1; above 95 % it is said, not failed.
  public var passes: Bool { failures.isEmpty }

  /// One line for each thing that failed.
  public var failures: [String] {
    let ranked = ranks.filter { !$0.holds }.map { "ranks of \($0.name): \($0.reading.rawValue)" }
    let joint = (geweke?.suspects(limit: Self.gewekeLimit) ?? []).map {
      "joint test of \($0.name), moment \($0.moment): z \(Self.decimals($0.z, 1))"
    }
    let covered = coverage.flatMap { stratum in
      stratum.coverages.filter { Self.verdict($0) == .tooLow || Self.verdict($0) == .unusable }.map {
        "coverage of \($0.name), \(stratum.pattern), \(stratum.level): \(Self.percent($0.share))"
      }
    }
    return ranked + joint + covered
  }

  static func verdict(_ coverage: IntervalCoverage) -> IntervalCoverage.Verdict? {
    CoverageStratum.judged.contains(coverage.name)
      ? coverage.verdict(target: CalibrationPlan.coverageTarget) : nil
  }

  static func decimals(_ value: Double, _ places: Int) -> String { DecimalPlaces(places).text(value) }

  static func percent(_ share: Double) -> String { decimals(100 * share, 1) + " %" }
}

extension CalibrationReport {
  /// The ranks: a row for each quantity.
  var rankTable: TabSeparatedTable {
    var table = TabSeparatedTable(
      columns: ["quantity", "replicates", "chi_squared_p", "location_z", "spread_z", "verdict"], name: "ranks"
    )
    for rank in ranks {
      table.append([
        rank.name, "\(plan.replicates)", TabSeparatedTable.field(rank.pValue),
        TabSeparatedTable.field(rank.locationZ), TabSeparatedTable.field(rank.spreadZ),
        rank.holds ? "holds" : rank.reading.rawValue,
      ])
    }
    return table
  }

  /// The paths of a figure: F̂(z) − z of every quantity with the limits of its band.
  var rankPathTable: TabSeparatedTable {
    var table = TabSeparatedTable(columns: ["quantity", "z", "difference", "lower", "upper"], name: "paths")
    for rank in ranks {
      for k in rank.differences.indices {
        let numbers = [
          Double(k + 1) / Double(rank.differences.count), rank.differences[k], rank.lowerLimits[k],
          rank.upperLimits[k],
        ]
        table.append([rank.name] + numbers.map(TabSeparatedTable.field))
      }
    }
    return table
  }

  /// The joint test: a row for each function and moment.
  var gewekeTable: TabSeparatedTable {
    var table = TabSeparatedTable(
      columns: [
        "function", "moment", "marginal_conditional", "successive_conditional", "standard_error", "z",
        "verdict",
      ],
      name: "geweke")
    for row in geweke?.comparisons ?? [] {
      let numbers = [row.marginal, row.successive, row.standardError, row.z].map(TabSeparatedTable.field)
      let verdict = abs(row.z) < Self.gewekeLimit ? "holds" : "differs"
      table.append([row.name, "\(row.moment)"] + numbers + [verdict])
    }
    return table
  }

  /// Coverage: a row for each pattern, tissue and quantity.
  var coverageTable: TabSeparatedTable {
    var table = TabSeparatedTable(
      columns: [
        "pattern", "tissue", "voxels", "snr", "quantity", "lesions", "nominal", "coverage", "coverage_low",
        "coverage_high", "bias_in_sd", "rms_error_in_sd", "verdict",
      ], name: "coverage")
    for stratum in coverage {
      for row in stratum.coverages {
        let likely = row.uncertainty()
        let numbers = [
          row.nominal, row.share, likely.lowerBound, likely.upperBound, row.standardizedBias,
          row.standardizedError,
        ]
        table.append(
          [
            stratum.pattern, stratum.level, "\(stratum.voxels)",
            TabSeparatedTable.field(stratum.signalToNoise), row.name, "\(row.count)",
          ] + numbers.map(TabSeparatedTable.field) + [Self.verdict(row)?.rawValue ?? "not judged"])
      }
    }
    return table
  }
}
