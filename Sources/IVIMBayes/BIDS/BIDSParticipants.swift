public import Foundation
internal import NIfTI

/// What `bids … participant` is told.
public struct BIDSConfiguration: Sendable {
  /// Participants to fit, without `sub-`; empty for all.
  public var participants: [String] = []
  /// Sessions to fit, without `ses-`; empty for all.
  public var sessions: [String] = []
  /// The session of the baseline, without `ses-`; nil is each participant's first.
  public var baseline: String?
  /// The labels of sessions in their order in time, without `ses-`; empty if the dataset tells it.
  public var order: [String] = []
  /// Which series and segmentations are meant.
  public var selection = BIDSSelection()
  /// How both fits are done; the method of T1 is found by itself.
  public var fit = FitConfiguration()
  /// Priors of the user's own.
  public var priors: URL?
  /// Scan-to-scan variation of the user's own.
  public var repeatability: URL?
  /// True if every voxel of the images is fitted, false if only those of lesions (and of a `_mask`) are.
  public var fitsWholeImage = false
  /// Where fits are made before they are moved to their place; nil is `.work` in the output.
  public var workFolder: URL?
  /// Finished fits are kept, begun ones continued.
  public var resumes = false
  /// Finished fits are replaced.
  public var overwrites = false
  /// The largest number of tasks at work at once.
  public var threads = 1

  /// The defaults.
  public init() {}

  /// True if a unit is to be fitted.
  func includes(_ unit: BIDSUnit) -> Bool {
    let session = unit.session.map { String($0.dropFirst("ses-".count)) }
    return (participants.isEmpty || participants.contains(String(unit.participant.dropFirst("sub-".count))))
      && (sessions.isEmpty || session.map(sessions.contains) ?? false)
  }
}

/// The participant level of the BIDS App: fits every series of every unit, and the changes since the baseline.
public struct BIDSParticipants: Sendable {
  private let dataset: BIDSDataset
  private let output: BIDSOutput
  private let configuration: BIDSConfiguration
  private let notice: @Sendable (String) -> Void
  private let meter: @Sendable (Int) -> ProgressMeter
  private let interruptible: InterruptibleRun

  /// The fits of `dataset` that `configuration` chooses, written to `output`.
  public init(
    _ dataset: BIDSDataset, output: URL, _ configuration: BIDSConfiguration,
    interruptible: InterruptibleRun = InterruptibleRun(),
    notice: @escaping @Sendable (String) -> Void = { _ in },
    meter: @escaping @Sendable (Int) -> ProgressMeter = { _ in .silent }
  ) {
    self.dataset = dataset
    self.output = BIDSOutput(folder: output)
    self.configuration = configuration
    self.notice = notice
    self.meter = meter
    self.interruptible = interruptible
  }

  /// Runs every unit; one that fails does not keep the others from being done.
  ///
  /// - Returns: What failed, by unit; empty if nothing did.
  /// - Throws: status 65 if no unit was chosen, and what keeps every unit from being done.
  public func run() async throws(RunError) -> [BIDSFailure] {
    _ = try OutputPlace(
      output.folder, kind: .dataset, overwriting: true,
      inputs: [dataset.folder] + [configuration.selection.lesions].compactMap { $0 },
      dataset: dataset.folder, option: "the output")
    try output.check()
    let (units, orders) = try orderedUnits()
    let chosen = units.filter(configuration.includes)
    guard !chosen.isEmpty else {
      throw RunError(
        .badInput, at: dataset.folder.relativePath, "no participant and session has the labels asked for",
        advice: "Compare with what ivimbayes units prints")
    }
    let participants = try dataset.participants()
    try noteStrangers(in: participants, units: units)
    let unread = participants.columns.filter { !BIDSOutcomes.reads($0) }
    if !unread.isEmpty {
      notice("participants.tsv: not copied, because nothing reads them: \(unread.joined(separator: ", "))")
    }
    try output.describe(
      units: units, scans: scans(of: units), participants: participants)
    var failures: [BIDSFailure] = []
    for unit in chosen {
      var found = 0
      let failuresBefore = failures.count
      for series in BIDSSeries.allCases {
        do {
          guard let scan = try dataset.scan(series, of: unit, configuration.selection) else { continue }
          found += 1
          scan.notices.forEach { notice("\(unit.path): \($0)") }
          try await fit(scan, of: unit)
        } catch {
          failures.append(BIDSFailure(unit: unit, stage: "\(series.name) fit", error: RunError(error)))
        }
      }
      if found == 0 && failures.count == failuresBefore {
        let error = RunError(
          .missingInput, at: unit.path, "there is no diffusion and no T1 series (_dwi, _IRT1, _VFA)",
          advice: "Check the names of the files, and --select-dwi and --select-t1")
        failures.append(BIDSFailure(unit: unit, stage: "scans", error: error))
      }
    }
    for participant in Set(chosen.map(\.participant)).sorted() {
      let own = units.filter { $0.participant == participant }
      if own.count > 1, let order = orders[participant], order.words == nil {
        failures.append(
          BIDSFailure(unit: own[0], stage: "changes", error: Self.unknownOrder(order, participant)))
        continue
      }
      failures += await BIDSChanges(
        output, configuration, order: orders[participant]?.words, notice: notice
      ).run(own)
    }
    return failures
  }

  /// Says which rows of `participants.tsv` belong to no folder, and which folders have no row: ids that lost their zeros.
  private func noteStrangers(in table: TabSeparatedTable, units: [BIDSUnit]) throws(RunError) {
    let listed: [String]
    do { listed = try table.strings("participant_id").map { $0.hasPrefix("sub-") ? $0 : "sub-\($0)" } } catch
    {
      throw RunError(error)
    }
    let folders = Set(units.map(\.participant))
    let rows = Set(listed).subtracting(folders).sorted()
    let missing = folders.subtracting(listed).sorted()
    func plain(_ name: String) -> String { name.dropFirst("sub-".count).drop { $0 == "0" }.lowercased() }
    let lost = rows.filter { row in missing.contains { plain($0) == plain(row) } }
    if !rows.isEmpty {
      notice(
        "participants.tsv: no folder for \(rows.joined(separator: ", "))"
          + (lost.isEmpty ? "" : " (did \(lost.joined(separator: ", ")) lose zeros in a spreadsheet?)"))
    }
    if !missing.isEmpty {
      notice(
        "participants.tsv: no row for \(missing.joined(separator: ", ")); outcome and PD-L1 are not known")
    }
  }

  /// Every unit, each participant's in their order in time, and what decided it.
  ///
  private func orderedUnits() throws(RunError) -> ([BIDSUnit], [String: BIDSSessionOrder]) {
    var (units, orders): ([BIDSUnit], [String: BIDSSessionOrder]) = ([], [:])
    for unit in try dataset.units() where orders[unit.participant] == nil {
      let order = try dataset.order(
        of: unit.participant, given: configuration.order, baseline: configuration.baseline)
      orders[unit.participant] = order
      guard !order.sessions.isEmpty else {
        units.append(unit)
        continue
      }
      let own = order.sessions.map { BIDSUnit(participant: unit.participant, session: $0) }
      units += own
      guard own.contains(where: configuration.includes) else { continue }
      if own.count > 1, let words = order.words { notice("\(unit.participant): \(words)") }
    }
    return (units, orders)
  }

  /// Nothing tells the order of the sessions: fits do not need it, changes do.
  private static func unknownOrder(_ order: BIDSSessionOrder, _ participant: String) -> RunError {
    RunError(
      .badInput, at: participant,
      "nothing tells which of its sessions came first: \(order.sessions.joined(separator: ", ")); there are fits, and no changes",
      advice: (order.sessions.count == 2 ? "Give --baseline LABEL" : "Give --order LABEL,LABEL,...")
        + ", or acq_time in \(participant)_sessions.tsv; --resume keeps the fits")
  }

  /// The series of every unit; one that cannot be told apart counts as there, because its fit will be missing.
  private func scans(of units: [BIDSUnit]) -> [BIDSUnit: Set<BIDSSeries>] {
    Dictionary(
      uniqueKeysWithValues: units.map { unit in
        let has = BIDSSeries.allCases.filter { series in
          do { return try dataset.scan(series, of: unit, configuration.selection) != nil } catch {
            return true
          }
        }
        return (unit, Set(has))
      })
  }

  /// Fits one scan in the work folder and moves the result to its place in one step.
  private func fit(_ scan: BIDSScan, of unit: BIDSUnit) async throws {
    let place = output.fit(scan.series, of: unit)
    var files = FitFiles(input: scan.images[0], output: place)
    files.moreInputs = Array(scan.images.dropFirst())
    files.lesions = scan.lesions
    files.lesionMasks = scan.lesionMasks.map(\.file)
    files.lesionMaskLabels = scan.lesionMasks.isEmpty ? nil : scan.lesionMasks.map(\.label)
    files.b1 = scan.b1
    files.bValueAdvice = "Put it beside the image, or at the top of the dataset as BIDS's inheritance has it"
    files.lesionNames = scan.lesionNames
    files.mask = scan.mask
    files.priors = configuration.priors
    var options = configuration.fit
    options.method = scan.method
    options.wholeImage = configuration.fitsWholeImage
    if output.isFitted(scan.series, unit) && !configuration.overwrites {
      guard configuration.resumes, try FinishedFit.report(files, options) != nil else {
        throw RunError(
          .cannotCreate, at: place.relativePath,
          configuration.resumes
            ? "the fit there is of other options or inputs" : "the fit exists already",
          advice: configuration.resumes
            ? "Give the options that it was made with, or replace it by --overwrite"
            : "Add --resume to keep what is finished, or --overwrite to replace it")
      }
      notice("\(unit.path): the \(scan.series.name) fit is finished already")
      return
    }
    let final = try OutputPlace(
      place, kind: .fit, overwriting: configuration.overwrites, option: "the output")
    try final.checkFolder()
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    let work = configuration.workFolder ?? output.folder.appending(path: ".work")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    let draft = work.appending(path: "\(unit.stem)_\(scan.series.rawValue)")
    files.output = draft
    files.resumes = configuration.resumes
    files.overwrites = !configuration.resumes
    notice("\(unit.path): fitting \(scan.series.name)")
    let fit = Fit(
      files, options, threads: configuration.threads, interruptible: interruptible,
      notice: { [notice] in notice("\(unit.path): \($0)") }, meter: meter)
    _ = try await fit.run()
    // What makes a folder a dataset of its own stands once, at the top of the whole.
    for name in [DatasetDescription.name, ".bidsignore", OwnershipMark.name] {
      try FileManager.default.removeItem(at: draft.appending(path: name))
    }
    try OutputFolder.write(final) { folder in try folder.adopt(draft) }
    if (try? FileManager.default.contentsOfDirectory(atPath: work.path))?.isEmpty == true {
      try? FileManager.default.removeItem(at: work)
    }
  }
}

/// A part of a unit that could not be done.
public struct BIDSFailure: Sendable {
  /// Whose.
  public let unit: BIDSUnit
  /// Why it ended, with the unit and what was being done.
  public let error: RunError

  init(unit: BIDSUnit, stage: String, error: RunError) {
    self.unit = unit
    self.error = RunError(
      status: error.status, description: "\(unit.path), \(stage): \(error.description)")
  }
}
