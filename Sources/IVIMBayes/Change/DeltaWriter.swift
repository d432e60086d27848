internal import Checksums
internal import Foundation
internal import Lesions
internal import NIfTI
internal import Reporting
internal import Tables

/// Writes the output folder of `delta`.
struct DeltaWriter {
  let visits: DeltaVisits
  let changes: VisitChanges
  let files: DeltaFiles
  let configuration: DeltaConfiguration
  let notices: [String]
  /// What the design alone would do, if it was simulated.
  let bias: [DesignBias.Row]?

  func write(into folder: OutputFolder) throws {
    let table = ChangeTable.table(changes.entries.map(\.change))
    try AtomicFile.write(table.text, to: folder.file("changes.tsv"))
    try AtomicFile.write(
      TableSidecar.text(ChangeTable.descriptions, of: table),
      to: folder.file("changes.json"))
    try ChangesFile(visits, changes).file.write(to: folder.file(ChangesFile.name))
    if let bias {
      try AtomicFile.write(
        DesignBias.table(bias, patient: visits.patient).text, to: folder.file("design_bias.tsv"))
    }
    try AtomicFile.write(try record(), to: folder.file("changes_run.json"))
    try AtomicFile.write(
      DatasetDescription.text("ivimbayes changes", type: "derivative"),
      to: folder.file(DatasetDescription.name))
    try AtomicFile.write(ignored, to: folder.file(".bidsignore"))
    let runs = [visits.pre, visits.post].flatMap { visit in
      Modality.allCases.compactMap { visit[$0]?.folder.folder }
    }
    try Report.writePage(
      ofChanges: folder.working, runs: runs, to: folder.file("changes_report.html"))
  }

  private let ignored = """
    .ivimbayes.json
    changes*
    design_bias.tsv
    *.html

    """

  private func record() throws -> String {
    JSONText.object([
      "software": ["name": "ivimbayes", "version": IVIMBayesVersion.current],
      "configuration": try JSONText.members(of: configuration),
      "patient": visits.patient,
      "runs": ["pre": try runs(visits.pre), "post": try runs(visits.post)],
      "inputs": try digests(),
      "protocol": try JSONText.members(of: visits.fingerprint),
      "protocol_differences": visits.protocolDifferences,
      "variability": try JSONText.members(
        of: Dictionary(uniqueKeysWithValues: changes.variabilities.map { ($0.key.rawValue, $0.value) })),
      "lesions": visits.matches.map { match in
        [
          "name": match.name, "pre": match.pre ?? NSNull(), "post": match.post ?? NSNull(),
          "signal_to_noise": [
            "pre": signalToNoise(visits.pre, match.pre), "post": signalToNoise(visits.post, match.post),
          ],
        ] as [String: Any]
      },
      "notices": notices,
      "synthetic": try [visits.pre, visits.post].flatMap(\.values).contains { run throws(RunError) in
        try RunFileContents(run.folder.file("_run.json")).isSynthetic
      },
      "statement": IVIMBayesVersion.researchUse,
    ])
  }

  /// SNR of a lesion's S₀ in every modality of a visit.
  private func signalToNoise(_ runs: [Modality: VisitRun], _ label: String?) -> [String: Any] {
    var ratios: [String: Any] = [:]
    for (modality, run) in runs {
      guard let lesion = label.flatMap(run.index) else { continue }
      let ratio = run.signalToNoise(lesion: lesion)
      if ratio.isFinite { ratios[modality.rawValue] = ratio }
    }
    return ratios
  }

  /// Stem and digests of every run of a visit: the files themselves may move.
  private func runs(_ runs: [Modality: VisitRun]) throws -> [String: Any] {
    var entries: [String: Any] = [:]
    for (modality, run) in runs {
      var files: [String: Any] = ["stem": run.folder.stem]
      for suffix in ["_run.json", "_lesions.tsv", "_draws.nc"] {
        files["sha256" + suffix] = try SHA256Digest(ofFile: run.folder.file(suffix)).description
      }
      entries[modality.rawValue] = files
    }
    return entries
  }

  private func digests() throws -> [String: String] {
    var digests: [String: String] = [:]
    for file in [files.match, files.repeatability].compactMap({ $0 }) {
      digests[file.lastPathComponent] = try SHA256Digest(ofFile: file).description
    }
    return digests
  }
}
