public import Foundation
internal import GSLSupport
internal import Lesions
internal import NIfTI
internal import Tables

/// Patients of known truth as a BIDS dataset: scans, lesions under `derivatives/lesions`, the truth under
/// `derivatives/truth`. Everything is stamped SYNTHETIC.
public struct SimulatedDataset: Sendable {
  private let title: String
  private let patients: [SimulatedPatient]
  private let plan: ScanPlan
  private let tissue: SimulatedTissue
  private let planText: String
  private let seed: UInt64

  /// One patient.
  public init(_ plan: PatientPlan, seed: UInt64) {
    title = "SYNTHETIC patient"
    patients = [plan.patient(seed: seed)]
    self.plan = plan.scan
    tissue = plan.lesions.first?.tissue ?? SimulatedTissue()
    planText = plan.json
    self.seed = seed
  }

  /// A cohort.
  public init(_ plan: CohortPlan, seed: UInt64) {
    title = "SYNTHETIC cohort"
    patients = plan.drawPatients(seed: seed)
    self.plan = plan.scan
    tissue = plan.tissue
    planText = plan.json
    self.seed = seed
  }

  /// Writes the dataset into the new folder `folder`.
  ///
  /// - Throws: status 73 if `folder` exists, 74 if writing fails, 65 for a lesion without voxels; nothing is left behind.
  public func write(to folder: URL, overwriting: Bool, reading inputs: [URL] = []) throws(RunError) {
    try OutputFolder.write(OutputPlace(folder, kind: .simulation, overwriting: overwriting, inputs: inputs)) {
      output in
      try write(into: DatasetFolder(output.working))
    }
  }

  private func write(into folder: DatasetFolder) throws {
    var tables = TruthTables(plan: plan)
    for patient in patients {
      var truths: [VisitTruth] = []
      for visit in plan.visits.indices {
        let truth = try VisitTruth(of: patient, visit: visit, plan: plan, seed: seed)
        try SimulatedVisit(
          patient: patient, visit: visit, truth: truth, plan: plan, tissue: tissue, seed: seed
        )
        .write(into: folder)
        truths.append(truth)
      }
      tables.add(patient, truths: truths)
      try folder.write(sessions, to: "\(patient.subject)/\(patient.subject)_sessions.tsv")
    }
    let truth = "derivatives/truth"
    for table in [tables.lesions, tables.changes, tables.patients] {
      try folder.write(table.text, to: "\(truth)/\(table.name)")
    }
    try folder.write(planText, to: "\(truth)/plan.json")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let variability = TruthTables.repeatability(plan, tissue: tissue).map { ($0.key.rawValue, $0.value) }
    let entries = try encoder.encode(Dictionary(uniqueKeysWithValues: variability))
    try folder.write(String(decoding: entries, as: UTF8.self) + "\n", to: "\(truth)/repeatability.json")
    try writeDescriptions(into: folder)
  }

  private var sessions: String {
    "session_id\tacq_time\tprogress\n"
      + plan.visits.enumerated().map { index, visit in
        let day = String(format: "2000-%02d-%02dT00:00:00", 1 + index % 12, 1 + index / 12)
        return "ses-\(visit.name)\t\(day)\t\(TabSeparatedTable.field(visit.progress))\n"
      }.joined()
  }

  private func writeDescriptions(into folder: DatasetFolder) throws {
    let rows = patients.map { "\($0.subject)\t\($0.outcome)\t\($0.pdl1)\n" }.joined()
    let license: [String: Any] = ["License": "CC0"]
    let links: [String: Any] = ["License": "CC0", "DatasetLinks": ["raw": "../.."]]
    let texts = [
      DatasetDescription.name: DatasetDescription.text(title, type: "raw", license),
      "README.md": """
      # \(title)

      Simulated by ivimbayes from `derivatives/truth/plan.json`; no patient data.

      - `derivatives/lesions`: label images of the lesions, as a reader would draw them.
      - `derivatives/truth`: true voxel maps, `lesions.tsv` (true functionals: `scanned`, as in this scan, and
        `underlying`, without what differs between two scans anyway), `changes.tsv` (true changes of the underlying
        tissue, and of what was scanned), `patients.tsv`, `repeatability.json` (for `ivimbayes delta --repeatability`).

      """,
      ".bidsignore": "derivatives/\n.ivimbayes.json\n",
      "participants.tsv": "participant_id\toutcome\tpdl1\n" + rows,
      "participants.json": JSONText.object([
        "outcome": [
          "Description": "SYNTHETIC best response by RECIST 1.1",
          "Levels": [
            "CR": "complete response", "PR": "partial response", "SD": "stable disease",
            "PD": "progressive disease",
          ],
        ],
        "pdl1": [
          "Description": "SYNTHETIC PD-L1 status",
          "Levels": ["positive": "PD-L1 positive", "negative": "PD-L1 negative"],
        ],
      ]),
      "sessions.json": JSONText.object([
        "acq_time": ["Description": "SYNTHETIC date that orders the visits"],
        "progress": ["Description": "SYNTHETIC share of the change that has happened: 0 before treatment"],
      ]),
      "derivatives/lesions/\(DatasetDescription.name)":
        DatasetDescription.text("\(title): lesions", type: "derivative", links),
      "derivatives/truth/\(DatasetDescription.name)":
        DatasetDescription.text("\(title): truth", type: "derivative", links),
      "derivatives/truth/.bidsignore": "**/*_dwimap.nii.gz\n*.tsv\nplan.json\nrepeatability.json\n",
    ]
    for (name, text) in texts { try folder.write(text, to: name) }
  }
}

/// A folder in which files are written by their paths.
struct DatasetFolder {
  private let root: URL

  init(_ root: URL) { self.root = root }

  /// The place of a file, whose folder is made.
  func place(_ path: String) throws -> URL {
    let file = root.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    return file
  }

  func write(_ text: String, to path: String) throws {
    try AtomicFile.write(text, to: try place(path))
  }
}
