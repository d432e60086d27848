public import Foundation
internal import Lesions
internal import NIfTI
internal import Tables

/// The group level of the BIDS App, which reads only what the participant level has written.
///
/// It makes `group/cohort.tsv`, one row for each lesion with its outcome, PD-L1 and the draws of its change from the first
/// session to the second; what `BIDSCohortAnalysis` makes of it; and `group/missing.tsv`, which says of every participant,
/// and of the cohort, what is not there.
public struct BIDSGroup: Sendable {
  private let output: BIDSOutput
  private let overwrites: Bool
  private let options: BIDSCohortOptions
  private let notice: @Sendable (String) -> Void

  /// The group level of the derivative dataset `output`.
  public init(
    output: URL, _ options: BIDSCohortOptions = BIDSCohortOptions(), overwriting: Bool,
    notice: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.output = BIDSOutput(folder: output)
    self.options = options
    self.notice = notice
    overwrites = overwriting
  }

  /// What the group level has made.
  public struct Report: Sendable {
    /// The folder of the cohort.
    public let folder: URL
    /// The cohort's table, of lesions with an outcome or without.
    public let cohort: URL
    /// How many lesions it has.
    public let lesionCount: Int
    /// One line for each thing that is missing.
    public let missing: [String]
  }

  /// Collects the cohort, compares its groups and trains its model.
  ///
  /// - Throws: status 66 if the participant level has not run, 65 if no change is there at all, 73 if the folder exists.
  public func run() throws(RunError) -> Report {
    let place = try OutputPlace(
      output.group, kind: .group, overwriting: overwrites, inputs: [options.repeatability].compactMap { $0 })
    try place.checkFolder()
    let units = try output.units()
    let (cohort, found) = try collect(units)
    var missing = found
    guard !cohort.rows.isEmpty else {
      throw RunError(
        .badInput, at: output.folder.relativePath, "no participant has changes of lesions",
        advice: "Run the participant level; it needs lesions and two sessions")
    }
    try OutputFolder.write(place) { folder in
      try AtomicFile.write(cohort.text, to: folder.file("cohort.tsv"))
      let analysis = BIDSCohortAnalysis(cohort: cohort, output: output, options: options, notice: notice)
      for lack in try analysis.write(into: folder) {
        notice("no \(lack.what): \(lack.error.description)")
        missing.append(["n/a", "n/a", lack.what])
      }
      try AtomicFile.write(missing.text, to: folder.file("missing.tsv"))
      try AtomicFile.write(
        DatasetDescription.judgement("ivimbayes cohort"),
        to: folder.file(DatasetDescription.name))
    }
    return Report(
      folder: output.group, cohort: output.group.appending(path: "cohort.tsv"),
      lesionCount: cohort.rows.count,
      missing: missing.rows.map { $0.fields.joined(separator: " ") })
  }

  private func collect(_ units: [BIDSUnit]) throws(RunError) -> (TabSeparatedTable, TabSeparatedTable) {
    let participants = try BIDSOutcomes(try output.participants())
    let expected = try output.expectedScans()
    var cohort = TabSeparatedTable(
      columns: ["patient", "lesion", "name", "outcome", "pdl1", "changes"], name: "cohort.tsv")
    var missing = TabSeparatedTable(
      columns: ["participant_id", "session_id", "missing"], name: "missing.tsv")
    var order: [String] = []
    for unit in units {
      if order.last != unit.participant { order.append(unit.participant) }
      for series in BIDSSeries.allCases
      where expected[unit]?.contains(series) ?? false && !output.isFitted(series, unit) {
        missing.append([unit.participant, unit.session ?? "n/a", "\(series.name) fit"])
      }
    }
    for participant in order {
      let own = units.filter { $0.participant == participant }
      if participants.outcome(of: participant) == TabSeparatedTable.missing {
        missing.append([participant, "n/a", "outcome"])
      }
      guard own.count >= 2 else {
        missing.append([participant, "n/a", "second session"])
        continue
      }
      for unit in own.dropFirst(2) {
        missing.append([
          participant, unit.session ?? "n/a", "not used: the change to \(own[1].session ?? "n/a") is judged",
        ])
      }
      guard output.hasChanges(own[1]) else {
        missing.append([participant, own[1].session ?? "n/a", "changes"])
        continue
      }
      for lesion in try lesions(of: own[1]) {
        cohort.append([
          participant, lesion.label, lesion.name, participants.outcome(of: participant),
          participants.pdl1(of: participant), "../\(own[1].path)/changes/changes.nc",
        ])
      }
    }
    return (cohort, missing)
  }

  /// Label and name of every lesion of the changes to `unit`.
  private func lesions(of unit: BIDSUnit) throws(RunError) -> [(label: String, name: String)] {
    do {
      let table = try TabSeparatedTable.read(output.changes(to: unit).appending(path: "changes.tsv"))
      var found: [(label: String, name: String)] = []
      for (label, name) in zip(try table.strings("lesion"), try table.strings("name"))
      where !found.contains(where: { $0.label == label }) {
        found.append((label, name))
      }
      return found
    } catch { throw RunError(error) }
  }
}
