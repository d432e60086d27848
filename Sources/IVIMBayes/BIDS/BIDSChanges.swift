internal import Foundation

/// The changes of one participant: from the first session to each later one.
struct BIDSChanges {
  private let output: BIDSOutput
  private let configuration: BIDSConfiguration
  /// What decided the order of the sessions.
  private let order: String?
  private let notice: @Sendable (String) -> Void

  init(
    _ output: BIDSOutput, _ configuration: BIDSConfiguration, order: String?,
    notice: @escaping @Sendable (String) -> Void
  ) {
    self.output = output
    self.configuration = configuration
    self.order = order
    self.notice = notice
  }

  /// Computes what is possible of `units`, one participant's with the baseline first; what is there is kept unless it is
  /// older than a fit. A session whose fits are still missing is left for another job.
  func run(_ units: [BIDSUnit]) async -> [BIDSFailure] {
    guard let baseline = units.first, !output.fits(of: baseline).isEmpty else { return [] }
    var failures: [BIDSFailure] = []
    for unit in units.dropFirst() {
      let fits = output.fits(of: unit)
      guard !fits.isEmpty, isDue(unit, from: baseline) else { continue }
      guard (output.fits(of: baseline) + fits).allSatisfy(hasPosterior) else {
        notice("\(unit.path): no changes, because point estimates have no posterior")
        continue
      }
      let bare = [baseline, unit].filter { !hasLesions($0) }.map(\.path)
      guard bare.isEmpty else {
        notice(
          "\(unit.path): no changes, because \(bare.joined(separator: " and ")) has no lesions: draw them on that scan, or say "
            + "where they are with --lesions")
        continue
      }
      do throws(RunError) {
        var files = DeltaFiles(pre: output.fits(of: baseline), post: fits, output: output.changes(to: unit))
        files.repeatability = configuration.repeatability
        files.order = order
        files.overwrites = true
        var options = DeltaConfiguration()
        options.patient = unit.participant
        options.seed = configuration.fit.seed
        notice("\(unit.path): changes since \(baseline.session ?? baseline.participant)")
        _ = try await Delta(files, options, notice: { [notice] in notice("\(unit.path): \($0)") }).run()
      } catch {
        failures.append(BIDSFailure(unit: unit, stage: "changes", error: error))
      }
    }
    return failures
  }

  private func hasLesions(_ unit: BIDSUnit) -> Bool {
    output.fits(of: unit).contains { (try? RunFolder($0).has("_lesions.tsv")) == true }
  }

  private func hasPosterior(_ fit: URL) -> Bool { (try? RunFolder(fit).isPointEstimate) == false }

  /// True if there are no changes yet, or a fit is newer than they are.
  private func isDue(_ unit: BIDSUnit, from baseline: BIDSUnit) -> Bool {
    guard output.hasChanges(unit) else { return true }
    func date(_ file: URL) -> Date? {
      (try? FileManager.default.attributesOfItem(atPath: file.path))?[.modificationDate] as? Date
    }
    guard let made = date(output.changes(to: unit).appending(path: "changes.tsv")) else { return true }
    let records = [baseline, unit].flatMap(output.fits).compactMap { try? RunFolder($0).file("_run.json") }
    return records.contains { date($0).map { $0 > made } ?? true }
  }
}
