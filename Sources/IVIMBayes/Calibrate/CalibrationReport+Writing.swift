internal import Foundation
internal import NIfTI
internal import Reporting
internal import Tables

extension CalibrationReport {
  /// Writes tables, figures, text and record into `output`.
  func write(into output: OutputFolder) throws {
    try AtomicFile.write(
      DatasetDescription.text("ivimbayes calibration", type: "derivative"),
      to: output.file(DatasetDescription.name))
    for (name, table) in tables { try AtomicFile.write(table.text, to: output.file(name)) }
    for figure in figures {
      try AtomicFile.write(figure.standalone, to: output.file("\(figure.name).svg"))
    }
    try AtomicFile.write(text(), to: output.file("calibration.txt"))
    try AtomicFile.write(try record(), to: output.file("calibration.json"))
  }

  private var tables: [(String, TabSeparatedTable)] {
    var tables: [(String, TabSeparatedTable)] = []
    if !ranks.isEmpty { tables += [("ranks.tsv", rankTable), ("rank-paths.tsv", rankPathTable)] }
    if geweke != nil { tables.append(("geweke.tsv", gewekeTable)) }
    if !coverage.isEmpty { tables.append(("coverage.tsv", coverageTable)) }
    return tables
  }

  /// Version, protocol, options and verdict: what repeats the calibration.
  private func record() throws -> String {
    var scan: [String: Any] = ["snr": plan.signalToNoise, "lesion_voxels": plan.lesionVoxels]
    switch plan.design {
    case .diffusion(let bValues): scan["b_values"] = bValues
    case .t1(let settings, let repetitionTime):
      scan["settings"] = settings.map { $0.isFinite ? $0 as Any : "inf" }
      scan["repetition_time"] = repetitionTime ?? NSNull()
    }
    let configuration = try JSONSerialization.jsonObject(with: JSONEncoder().encode(plan.configuration))
    return JSONText.object([
      "version": IVIMBayesVersion.current, "protocol": scan, "replicates": plan.replicates,
      "checks": plan.checks.map(\.rawValue).sorted(), "configuration": configuration,
      "priors": plan.priors.json, "verdict": passes ? "pass" : "fail", "failures": failures,
    ])
  }
}
