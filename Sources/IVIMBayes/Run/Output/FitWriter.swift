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
  /// The digests of the images in their order.
  let images: [String]
  /// What the model checks and the engine say.
  let checkFlags: [HealthFlag]
  /// How f was turned into a volume fraction, if it was.
  let correction: BloodCorrection?

  func write(into folder: OutputFolder, clock: RunClock) throws -> FitReport {
    if !inputs.isRegional { try ParameterMaps(results, inputs).write(stem: stem, into: folder) }
    let lesions = LesionTable(rows: results.rows)
    if !results.lesions.isEmpty {
      try AtomicFile.write(lesions.table.text, to: folder.file("\(stem)_lesions.tsv"))
      try AtomicFile.write(
        LesionTableSidecar.text(of: lesions.table), to: folder.file("\(stem)_lesions.json"))
      if configuration.saveDraws == "lesions" {
        try LesionDraws(results: results, inputs: inputs).file.write(to: folder.file("\(stem)_draws.nc"))
      }
    }
    if !results.sensitivities.isEmpty {
      let table = SensitivityTable(sensitivities: results.sensitivities)
      try AtomicFile.write(table.table.text, to: folder.file("\(stem)_sensitivity.tsv"))
      try AtomicFile.write(table.sidecar, to: folder.file("\(stem)_sensitivity.json"))
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
      voxelCount: inputs.voxelCount,
      verdict: health.verdict, flags: health.flags)
  }

  /// The health of every functional, and of the voxels as maps.
  private func health(_ lesions: LesionTable) throws -> RunHealth {
    let isKnown = inputs.knownSigma != nil
    let judged = lesions.rows.filter { !$0.isStill }
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
      quantities: judged.map(\.health) + results.population, sites: hasVoxels ? sites : [],
      flags: (judged.isEmpty ? configuration.shortChains() : []) + table.flags + checkFlags)
  }

  private func runRecord(_ health: RunHealth) throws -> String {
    var noise: [String: Any] = [:]
    for (region, level) in results.noiseLevels {
      noise[region] = [
        "sigma": level.variance.squareRoot(),
        "pseudo_observations": level.pseudoObservations.isFinite ? level.pseudoObservations as Any : "known",
      ]
    }
    var members: [String: Any] = [
      "noise_levels": noise,
      "model_checks": zip(inputs.lesions, results.checks).compactMap { entry, check in
        check?.record(lesion: entry.lesion.label, settings: entry.series.settings)
      },
      "health": [
        "verdict": health.verdict.word, "flags": health.flags.map(\.record),
      ] as [String: Any],
    ]
    if !results.sensitivities.isEmpty {
      members["sensitivity"] = results.sensitivities.flatMap(\.record)
    }
    if let correction { members["blood_correction"] = correction.record }
    return try FitRecord(
      inputs: inputs, configuration: configuration, notices: notices, digests: digests, images: images
    ).text(with: members)
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
  /// True of least squares: nothing was sampled, and there is no posterior.
  public var isPointEstimate = false
}
