internal import Foundation
internal import NIfTI
internal import Tables

/// The derivative dataset that `bids` writes: `sub-/ses-/dwi` and `anat` hold fits, `sub-/ses-/changes` the changes since
/// the baseline, `group` the cohort.
struct BIDSOutput: Sendable {
  let folder: URL

  private static let unitsName = "units.tsv"

  /// The folder of a fit.
  func fit(_ series: BIDSSeries, of unit: BIDSUnit) -> URL {
    folder.appending(path: "\(unit.path)/\(series.rawValue)")
  }

  /// The folder of the changes from the baseline to `unit`.
  func changes(to unit: BIDSUnit) -> URL { folder.appending(path: "\(unit.path)/changes") }

  var group: URL { folder.appending(path: "group") }

  /// True if a finished fit lies in its folder.
  func isFitted(_ series: BIDSSeries, _ unit: BIDSUnit) -> Bool {
    (try? RunFolder(fit(series, of: unit))) != nil
  }

  func hasChanges(_ unit: BIDSUnit) -> Bool {
    FileManager.default.fileExists(atPath: changes(to: unit).appending(path: "changes.tsv").path)
  }

  /// The fits that a unit has.
  func fits(of unit: BIDSUnit) -> [URL] {
    BIDSSeries.allCases.filter { isFitted($0, unit) }.map { fit($0, of: unit) }
  }

  /// Writes what describes the dataset, and what `group` must know of the raw one: units in their order, and outcomes.
  ///
  /// Every job of an array writes the same bytes, each file in one step.
  ///
  /// - Parameters:
  ///   - units: Every unit of the raw dataset, baselines first.
  ///   - scans: The series that each unit has.
  ///   - participants: The raw dataset's table.
  /// - Throws: status 73 or 74 if the folder cannot be made or written.
  func describe(units: [BIDSUnit], scans: [BIDSUnit: Set<BIDSSeries>], participants: TabSeparatedTable)
    throws(RunError)
  {
    var table = TabSeparatedTable(columns: ["participant_id", "session_id", "dwi", "anat"])
    for unit in units {
      let has = BIDSSeries.allCases.map { scans[unit]?.contains($0) ?? false ? "true" : "false" }
      table.append([unit.participant, unit.session ?? TabSeparatedTable.missing] + has)
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try write(DatasetDescription.text, to: DatasetDescription.name)
      try write(Self.ignored, to: ".bidsignore")
      try write(participants.text, to: "participants.tsv")
      try write(table.text, to: Self.unitsName)
    } catch { throw RunError(error) }
  }

  /// The units that the participant level was told of, baseline first.
  ///
  /// - Throws: status 66 if the participant level has not run.
  func units() throws(RunError) -> [BIDSUnit] { try listed().map(\.unit) }

  /// The series that each unit of the raw dataset has.
  func expectedScans() throws(RunError) -> [BIDSUnit: Set<BIDSSeries>] {
    Dictionary(try listed().map { ($0.unit, $0.scans) }) { first, _ in first }
  }

  private func listed() throws(RunError) -> [(unit: BIDSUnit, scans: Set<BIDSSeries>)] {
    let file = folder.appending(path: Self.unitsName)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw RunError(
        .missingInput, at: folder.relativePath, "it has no \(Self.unitsName)",
        advice: "Run the participant level first")
    }
    do {
      let table = try TabSeparatedTable.read(file)
      let sessions = try table.strings("session_id")
      let has = try BIDSSeries.allCases.map { ($0, try table.strings($0.rawValue)) }
      return try table.strings("participant_id").enumerated().map { row, participant in
        let session = sessions[row] == TabSeparatedTable.missing ? nil : sessions[row]
        return (
          BIDSUnit(participant: participant, session: session),
          Set(has.filter { $0.1[row] == "true" }.map(\.0))
        )
      }
    } catch { throw RunError(error) }
  }

  /// The participants as the participant level saw them.
  func participants() throws(RunError) -> TabSeparatedTable {
    do { return try TabSeparatedTable.read(folder.appending(path: "participants.tsv")) } catch {
      throw RunError(error)
    }
  }

  private func write(_ text: String, to name: String) throws {
    let file = folder.appending(path: name)
    if (try? String(contentsOf: file, encoding: .utf8)) == text { return }
    try AtomicFile.write(text, to: file)
  }

  /// Files whose names BIDS does not know yet.
  private static let ignored =
    DatasetDescription.ignored + """
      **/*_lesions.tsv
      **/*_lesions.json
      **/*_qc.tsv
      **/*_draws.nc
      **/*_run.json
      **/*_timing.json
      **/*.html
      **/changes
      group
      units.tsv
      .work

      """
}
