internal import Diagnostics
public import Foundation
internal import GSLSupport
public import Lesions

/// `delta`: from the runs of two visits to the change of every parameter of every lesion, on disk.
public struct Delta: Sendable {
  /// What is read, and where the results go.
  public let files: DeltaFiles
  /// What is done.
  public let configuration: DeltaConfiguration
  /// The largest number of tasks at work at once in simulations.
  public let threads: Int
  private let notice: @Sendable (String) -> Void

  /// The change of `files` as `configuration` says; `notice` is told what a reader should know.
  public init(
    _ files: DeltaFiles, _ configuration: DeltaConfiguration, threads: Int = 1,
    notice: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.files = files
    self.configuration = configuration
    self.threads = threads
    self.notice = notice
  }

  /// Computes the changes and writes the output folder.
  ///
  /// - Throws: `RunError`; then nothing is left behind.
  public func run() async throws(RunError) -> DeltaReport {
    try await OutputFolder.write(files.outputPlace()) { folder in
      try configuration.check()
      let visits = try DeltaVisits(files, configuration)
      visits.notices.forEach(notice)
      let own = try files.repeatability.map { try RepeatabilityTable.variabilities(contentsOf: $0) }
      let changes = VisitChanges(visits, configuration: configuration, ownVariabilities: own)
      changes.notices.forEach(notice)
      let bias =
        configuration.sensitivity
        ? try await DesignBias(visits: visits, changes: changes, threads: threads, seed: configuration.seed)
          .run() : nil
      bias?.notices.forEach(notice)
      let writer = DeltaWriter(
        visits: visits, changes: changes, files: files, configuration: configuration,
        notices: visits.notices + changes.notices + (bias?.notices ?? []), bias: bias?.rows)
      try writer.write(into: folder)
      return DeltaReport(
        folder: folder.final, patient: visits.patient, changes: changes.entries.map(\.change))
    }
  }
}

/// What a finished `delta` tells its caller.
public struct DeltaReport: Sendable {
  /// The output folder.
  public let folder: URL
  /// The patient's key.
  public let patient: String
  /// Every row of `changes.tsv`.
  public let changes: [LesionChange]
}
