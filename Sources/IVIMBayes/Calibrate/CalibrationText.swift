internal import Diagnostics
internal import Foundation
public import Reporting

extension CalibrationReport {
  /// The report for a terminal: verdict, what failed, and one table for each check.
  public func text(style: TerminalStyle = .plain) -> String {
    let verdict = passes ? "PASS" : "FAIL"
    var text = style.bold("\(verdict): \(title)") + "\n"
    for failure in failures { text += "  \(failure)\n" }
    if !ranks.isEmpty {
      text += "\nSimulation-based calibration, \(plan.replicates) lesions from the prior (1 % false alarms)\n"
      text += ranksText.text(style: style)
    }
    if geweke != nil {
      text += "\nGeweke's joint test (|z| < \(Self.decimals(Self.gewekeLimit, 0)))\n"
      text += gewekeText.text(style: style)
    }
    if !coverage.isEmpty {
      let target = CalibrationPlan.coverageTarget
      text +=
        "\nCoverage of \(Int(100 * CalibrationPlan.nominalCoverage)) % intervals of lesion means, "
        + "\(plan.replicates) lesions a row; target \(Int(100 * target.lowerBound)) to "
        + "\(Int(100 * target.upperBound)) %\n" + coverageText.text(style: style)
    }
    if !passes { text += "\n" + advice }
    return text
  }

  private var title: String {
    let settings =
      switch plan.design {
      case .diffusion(let bValues): "\(bValues.count) b-values"
      case .t1(let settings, _): "\(plan.configuration.method ?? "ir"), \(settings.count) settings"
      }
    return "\(settings), SNR \(Self.number(plan.signalToNoise)), \(plan.lesionVoxels) voxels, "
      + "prior \(plan.configuration.lesionPrior)"
  }

  private static func number(_ value: Double) -> String { String(format: "%g", value) }

  private var ranksText: TextTable {
    var table = TextTable(
      columns: [
        ("quantity", .left), ("chi2 p", .right), ("location z", .right), ("spread z", .right),
        ("verdict", .left),
      ])
    for rank in ranks {
      table.append(
        [
          rank.name, Self.decimals(rank.pValue, 3), Self.decimals(rank.locationZ, 1),
          Self.decimals(rank.spreadZ, 1),
          rank.holds ? "holds" : rank.reading.rawValue,
        ], emphasis: rank.holds ? .none : .bold)
    }
    return table
  }

  private var gewekeText: TextTable {
    var table = TextTable(
      columns: [("function", .left), ("z of location", .right), ("z of spread", .right), ("verdict", .left)])
    let rows = geweke?.comparisons ?? []
    for first in rows where first.moment == 1 {
      guard let second = rows.first(where: { $0.name == first.name && $0.moment == 2 }) else { continue }
      let holds = abs(first.z) < Self.gewekeLimit && abs(second.z) < Self.gewekeLimit
      table.append(
        [
          first.name, Self.decimals(first.z, 1), Self.decimals(second.z, 1), holds ? "holds" : "differs",
        ], emphasis: holds ? .none : .bold)
    }
    return table
  }

  private var coverageText: TextTable {
    var table = TextTable(
      columns: [
        ("lesion", .left), ("tissue", .left), ("mean of", .left), ("covered", .right), ("95 % range", .right),
        ("bias/sd", .right), ("rms/sd", .right), ("verdict", .left),
      ])
    for stratum in coverage {
      for row in stratum.coverages {
        let (likely, verdict) = (row.uncertainty(), Self.verdict(row))
        let isBad = verdict == .tooLow || verdict == .unusable
        table.append(
          [
            stratum.pattern, stratum.level, row.name, Self.percent(row.share),
            "\(Self.decimals(100 * likely.lowerBound, 0)) to \(Self.decimals(100 * likely.upperBound, 0))",
            Self.decimals(row.standardizedBias, 2), Self.decimals(row.standardizedError, 2),
            verdict?.rawValue ?? "not judged",
          ], emphasis: isBad ? .bold : verdict == nil ? .faint : .none)
      }
    }
    return table
  }

  private var advice: String {
    var lines: [String] = []
    if ranks.contains(where: { !$0.holds }) || geweke.map({ !$0.suspects().isEmpty }) == true {
      lines.append(
        "Ranks or joint test: run again with another --seed. If it fails again, please report it with this command: "
          + "the program is wrong.")
    }
    if failures.contains(where: { $0.hasPrefix("coverage") }) {
      let isIndependent = plan.configuration.lesionPrior == "independent"
      lines.append(
        isIndependent
          ? "Coverage: independent voxels draw the mean of a lesion to the prior, and its interval does not know. Do not "
            + "use intervals of lesion means from --prior independent."
          : "Coverage: at this protocol the intervals of these lesion means are too narrow or biased. Use more b-values or "
            + "averages, larger lesions, or a prior nearer to the tissue, and calibrate again.")
    }
    return "What to do:\n" + lines.map { "  \($0)\n" }.joined()
  }
}
