internal import Checksums
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
  /// Every job of an array writes the same bytes, each file in one step. Of the participants only what `group` reads is
  /// kept: names and dates of birth stay where they are.
  ///
  /// - Parameters:
  ///   - units: Every unit of the raw dataset, baselines first.
  ///   - scans: The series that each unit has.
  ///   - participants: The raw dataset's table.
  /// - Throws: status 73 or 74 if the folder cannot be made or written.
  func describe(
    units: [BIDSUnit], scans: [BIDSUnit: Set<BIDSSeries>], participants: TabSeparatedTable
  ) throws(RunError) {
    var table = TabSeparatedTable(columns: ["participant_id", "session_id", "dwi", "anat"])
    for unit in units {
      let has = BIDSSeries.allCases.map { scans[unit]?.contains($0) ?? false ? "true" : "false" }
      table.append([unit.participant, unit.session ?? TabSeparatedTable.missing] + has)
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try write([
        DatasetDescription.name: DatasetDescription.text, ".bidsignore": Self.ignored,
        Self.participantsName: participants.keepingColumns(where: BIDSOutcomes.reads).text,
        Self.unitsName: table.text,
      ])
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
        guard BIDSUnit.isLabel(participant, "sub-"), session.map({ BIDSUnit.isLabel($0, "ses-") }) ?? true
        else {
          throw RunError(
            .badInput, at: "\(file.relativePath), line \(table.rows[row].line)",
            "\(participant) \(session ?? "") is no participant and session",
            advice: "Run the participant level again; it writes this file")
        }
        return (
          BIDSUnit(participant: participant, session: session),
          Set(has.filter { $0.1[row] == "true" }.map(\.0))
        )
      }
    } catch { throw RunError(error) }
  }

  /// The participants as the participant level saw them.
  func participants() throws(RunError) -> TabSeparatedTable {
    do { return try TabSeparatedTable.read(folder.appending(path: Self.participantsName)) } catch {
      throw RunError(error)
    }
  }

  /// Refuses a folder that holds the data or results of somebody else, and description files that somebody has changed.
  ///
  /// Logs and lists that a scheduler keeps there are none of them.
  ///
  /// - Throws: status 73 with what is in the way.
  func check() throws(RunError) {
    func refusal(_ problem: String, _ advice: String) -> RunError {
      RunError(.cannotCreate, at: folder.relativePath, problem, advice: advice)
    }
    let elsewhere = "Give a new folder, or the results of an earlier bids"
    if FileKind(at: folder) == nil { return }
    guard FileKind(at: folder.resolvingSymlinksInPath()) == .folder else {
      throw refusal("it exists and is no folder", elsewhere)
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
      throw refusal("the folder cannot be read", "Check its permissions")
    }
    let mark = OwnershipMark.read(of: folder)
    let data = names.sorted().first { name in
      name.hasPrefix("sub-") || name == group.lastPathComponent || Self.descriptionNames.contains(name)
        || name == OwnershipMark.name
    }
    guard let mark, mark.kind == .dataset else {
      guard let data else { return }
      throw refusal("the folder holds \(data), and is not marked as results of bids", elsewhere)
    }
    for name in Self.descriptionNames {
      let file = folder.appending(path: name)
      guard let kind = FileKind(at: file) else { continue }
      let isOwn = kind == .regular && (try? OwnershipMark.isUnchanged(file, mark.files[name] ?? [])) ?? false
      guard isOwn || isOwnNow(file) else {
        throw refusal(
          "\(name) was changed after ivimbayes wrote it",
          "Make the change in the dataset, and move this file away; bids writes it again")
      }
    }
  }

  /// True if `file` is ours by a mark that another job has written since.
  private func isOwnNow(_ file: URL) -> Bool {
    guard let mark = OwnershipMark.read(of: folder) else { return false }
    return (try? OwnershipMark.isUnchanged(file, mark.files[file.lastPathComponent] ?? [])) ?? false
  }

  private static let participantsName = "participants.tsv"

  private static let descriptionNames = [
    DatasetDescription.name, ".bidsignore", participantsName, unitsName,
  ]

  /// Writes files by their names; while they are replaced, the mark names the old and the new contents.
  private func write(_ texts: [String: String]) throws {
    let mark = folder.appending(path: OwnershipMark.name)
    let new = texts.mapValues { [SHA256Digest(of: Data($0.utf8)).description] }
    let old = OwnershipMark.read(mark)?.files ?? [:]
    if old != new {
      try OwnershipMark(kind: .dataset, files: old.merging(new) { $0 + $1 }).write(to: mark)
    }
    for (name, text) in texts {
      let file = folder.appending(path: name)
      if (try? String(contentsOf: file, encoding: .utf8)) != text { try AtomicFile.write(text, to: file) }
    }
    if old != new { try OwnershipMark(kind: .dataset, files: new).write(to: mark) }
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
      .ivimbayes.json
      **/.ivimbayes.json

      """
}
