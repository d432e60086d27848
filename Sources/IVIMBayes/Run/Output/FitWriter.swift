public import Diagnostics
public import Foundation
internal import NIfTI
internal import Posteriors
internal import QualityControl
internal import Reporting
internal import Tables

/// Writes the output folder of a fit.
struct FitWriter {
  let stem: String
  let inputs: FitInputs
  let results: FitResults
  let configuration: FitConfiguration
  let notices: [String]
  let digests: [String: String]

  func write(into folder: OutputFolder, clock: RunClock) throws -> FitReport {
    if !inputs.isRegional { try ParameterMaps(results, inputs).write(stem: stem, into: folder) }
    let lesions = LesionTable(results.lesions)
    if !results.lesions.isEmpty {
      try AtomicFile.write(lesions.table.text, to: folder.file("\(stem)_lesions.tsv"))
      try AtomicFile.write(LesionTableSidecar.text, to: folder.file("\(stem)_lesions.json"))
      if configuration.saveDraws == "lesions" {
        try LesionDraws(results: results, inputs: inputs).file.write(to: folder.file("\(stem)_draws.nc"))
      }
    }
    if let quality = inputs.quality {
      try AtomicFile.write(quality.table.text, to: folder.file("\(stem)_qc.tsv"))
    }
    try ReportSources(inputs: inputs).write(stem: stem, into: folder)
    let health = try health(lesions)
    try AtomicFile.write(try runRecord(health), to: folder.file("\(stem)_run.json"))
    try AtomicFile.write(clock.record, to: folder.file("\(stem)_timing.json"))
    try AtomicFile.write(DatasetDescription.text, to: folder.file(DatasetDescription.name))
    try AtomicFile.write(DatasetDescription.ignored, to: folder.file(".bidsignore"))
    try Report.writePage(of: RunFolder(folder.working), to: folder.file("\(stem)_report.html"))
    return FitReport(
      folder: folder.final, stem: stem, lesionCount: results.lesions.count,
      voxelCount: voxelCount,
      verdict: health.verdict, flags: health.flags)
  }

  private var voxelCount: Int {
    inputs.background.count + inputs.lesions.reduce(0) { $0 + $1.lesion.rows.count }
  }

  /// The health of every functional, and of the voxels as maps.
  private func health(_ lesions: LesionTable) throws -> RunHealth {
    let isKnown = configuration.sigma != nil
    let judged = lesions.rows.filter { !(isKnown && $0.parameter == "sigma") && !Self.isStill($0) }
    let mapped = results.quantities.filter { $0.isMapped && !(isKnown && $0.name == "sigma") }
    let sites = try mapped.map { quantity in
      let index = results.quantities.filter(\.isMapped).firstIndex(of: quantity) ?? 0
      let outside = try results.background.planes(ofQuantity: index)
      let inside = results.lesions.flatMap(\.statistics).map { $0[index] }
      return SiteHealth(
        "map of \(quantity.name)", rHat: outside[5].map(Double.init) + inside.map { Double($0.rHat) },
        effectiveSize: outside[6].map(Double.init) + inside.map { Double($0.bulkESS) })
    }
    let hasVoxels = results.background.rowCount > 0 || !results.lesions.isEmpty
    let table = try LesionTableFlags(
      lesions.table, configuration: configuration, settings: inputs.series.settings)
    return RunHealth(
      quantities: judged.map(\.health), sites: hasVoxels ? sites : [],
      flags: (judged.isEmpty ? configuration.shortChains() : []) + table.flags)
  }

  /// The spread of a lesion of one voxel is zero in every draw, and not a fault.
  private static func isStill(_ row: LesionRow) -> Bool {
    row.voxels == 1 && ["sd", "iqr"].contains(row.functional)
  }

  private func runRecord(_ health: RunHealth) throws -> String {
    let encoder = JSONEncoder()
    let options = try JSONSerialization.jsonObject(with: encoder.encode(configuration))
    var noise: [String: Any] = [:]
    for (region, level) in results.noiseLevels {
      noise[region] = [
        "sigma": level.variance.squareRoot(),
        "pseudo_observations": level.pseudoObservations.isFinite ? level.pseudoObservations as Any : "known",
      ]
    }
    var exclusions: [String: Int] = [:]
    for (reason, count) in inputs.series.exclusions { exclusions[reason.rawValue] = count }
    return JSONText.object([
      "software": ["name": "ivimbayes", "version": IVIMBayesVersion.current],
      "configuration": options,
      "inputs": digests,
      "priors": [
        "name": inputs.priors.name, "values": inputs.priors.json, "defaulted": inputs.priors.defaulted,
      ],
      "protocol": [
        (inputs.t1?.settingsName ?? "b_values"): inputs.series.settings,
        "averages": inputs.series.averages,
      ],
      "noise_levels": noise,
      "excluded_voxels": exclusions,
      "voxels": voxelCount,
      "synthetic": inputs.isSynthetic,
      "notices": notices,
      "lesions": inputs.lesions.map { entry in
        [
          "label": entry.lesion.label, "name": entry.lesion.name, "voxels": entry.lesion.rows.count,
          "labelled_voxels": entry.lesion.labelledVoxelCount,
        ] as [String: Any]
      },
      "health": [
        "verdict": health.verdict.word,
        "flags": health.flags.map {
          [$0.kind.rawValue, $0.subject, $0.severityWord, $0.evidence, $0.action]
        },
      ],
      "statement": IVIMBayesVersion.researchUse,
    ])
  }
}

/// What a finished fit tells its caller.
public struct FitReport: Sendable {
  /// The output folder.
  public let folder: URL
  /// What the names of its files start with.
  public let stem: String
  /// The number of lesions fitted.
  public let lesionCount: Int
  /// The number of voxels fitted.
  public let voxelCount: Int
  /// Was the sampling good enough?
  public let verdict: Verdict
  /// What was not, worst first.
  public let flags: [HealthFlag]
}
