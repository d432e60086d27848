public import Foundation
internal import NIfTI
internal import Reporting
internal import Tables

/// `report`: one page from the folders that the other commands made.
public struct Report: Sendable {
  /// Output folders of `fit`, and of `delta` and `efficacy predict` if there are two visits.
  public var folders: [URL]
  /// The page that is made.
  public var output: URL
  /// True if a page made earlier may be replaced.
  public var overwrites = false
  /// The table that a cohort's comparisons were computed from, to draw its lesions; nil draws none.
  public var cohort: URL?
  /// The folder for every figure as SVG with its data as TSV; nil keeps none.
  public var figures: URL?

  /// A report of `folders` as `output`.
  public init(_ folders: [URL], output: URL) {
    self.folders = folders
    self.output = output
  }

  /// Makes the page.
  ///
  /// - Throws: `RunError`; then nothing is written.
  public func run() throws(RunError) {
    if FileManager.default.fileExists(atPath: output.path) && !overwrites {
      throw RunError(
        .cannotCreate, at: output.relativePath, "the page exists already",
        advice: "Choose another name for --out, or add --overwrite")
    }
    let page =
      if let page = try cohortPage() { page } else {
        try PatientPage(contents: ReportFolders(folders).contents()).page()
      }
    try Self.write(page, to: output)
    if let figures { try Self.write(page.figures, into: figures) }
  }

  /// The page of a cohort, if that is what the only folder holds.
  private func cohortPage() throws(RunError) -> Page? {
    guard let folder = folders.first, folders.count == 1 else { return nil }
    var tables: [String: TabSeparatedTable] = [:]
    let lesions: TabSeparatedTable?
    do throws(TableError) {
      for name in ["groups.tsv", "paired.tsv", "roc.tsv"] {
        let file = folder.appending(path: name)
        guard FileManager.default.fileExists(atPath: file.path) else { continue }
        tables[name] = try TabSeparatedTable.read(file)
      }
      guard tables["groups.tsv"] != nil else { return nil }
      lesions = try cohort.map { file throws(TableError) in try TabSeparatedTable.read(file) }
    } catch { throw RunError(error) }
    return try CohortPage(
      tables, name: cohort?.deletingPathExtension().lastPathComponent ?? folder.lastPathComponent,
      cohort: lesions, isSynthetic: ReportSources.isSynthetic(cohort ?? folder.appending(path: "groups.tsv"))
    ).page()
  }

  /// Writes the page of one fit beside its results.
  static func writePage(of run: RunFolder, to file: URL) throws(RunError) {
    try write(PatientPage(contents: ReportFolders([run.folder]).contents()).page(), to: file)
  }

  /// Writes the page of the changes in `changes`, which were computed from `runs`.
  static func writePage(ofChanges changes: URL, runs: [URL], to file: URL) throws(RunError) {
    try write(PatientPage(contents: ReportFolders(runs + [changes]).contents()).page(), to: file)
  }

  static func write(_ page: Page, to file: URL) throws(RunError) {
    do { try AtomicFile.write(page.html(), to: file) } catch { throw RunError(error) }
  }

  static func write(_ figures: [Figure], into folder: URL) throws(RunError) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for figure in figures {
        try AtomicFile.write(figure.standalone, to: folder.appending(path: "\(figure.name).svg"))
        try AtomicFile.write(figure.data.text, to: folder.appending(path: "\(figure.name).tsv"))
      }
    } catch { throw RunError(error) }
  }
}

/// Folders sorted by what they hold, and fits by the visit that they belong to.
struct ReportFolders {
  private var runs: [ReportedRun] = []
  private var changes: ReportedChanges?
  private var efficacy: ReportedEfficacy?

  init(_ folders: [URL]) throws(RunError) {
    for folder in folders {
      func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: name).path)
      }
      if has("changes.tsv") {
        changes = try ReportedChanges(folder)
      } else if has("efficacy.tsv") {
        efficacy = try ReportedEfficacy(folder.appending(path: "efficacy.tsv"))
      } else {
        runs.append(try ReportedRun(RunFolder(folder)))
      }
    }
  }

  /// One visit, or two if there are changes: a fit belongs to the visit that names the digest of its run file.
  func contents() throws(RunError) -> ReportContents {
    let seed = runs.first?.record.configuration.seed ?? 1
    guard let changes else {
      try requireOneOfEachKind(runs, "")
      return ReportContents(
        visits: [ReportedVisit(mark: .after, label: "", runs: runs)], changes: nil, efficacy: nil, seed: seed)
    }
    func visit(_ digests: [String], _ mark: VisitMark, _ label: String) -> ReportedVisit {
      // Diffusion first.
      let own = digests.compactMap { digest in runs.first { $0.record.digest == digest } }
      return ReportedVisit(mark: mark, label: label, runs: own.filter { !$0.isT1 } + own.filter(\.isT1))
    }
    let visits = [
      visit(changes.preDigests, .before, "before"), visit(changes.postDigests, .after, "after"),
    ]
    let expected = changes.preDigests + changes.postDigests
    let strangers = runs.filter { !expected.contains($0.record.digest) }.map(\.folder.folder.relativePath)
    guard visits.reduce(0, { $0 + $1.runs.count }) == expected.count, strangers.isEmpty else {
      let problem =
        strangers.first.map { "the changes were not computed from the fit in \($0)" }
        ?? "the changes were computed from \(expected.count) fits, of which \(runs.count) are given"
      throw RunError(
        .badInput, at: "report", problem,
        advice: "Give the folders that delta was given, unchanged, and its own")
    }
    return ReportContents(visits: visits, changes: changes, efficacy: efficacy, seed: seed)
  }

  private func requireOneOfEachKind(_ runs: [ReportedRun], _ visit: String) throws(RunError) {
    guard !runs.isEmpty else {
      throw RunError(
        .badInput, at: "report", "there is no fit among the folders", advice: "Give the --out of a fit")
    }
    for isT1 in [false, true] where runs.count(where: { $0.isT1 == isT1 }) > 1 {
      throw RunError(
        .badInput, at: "report", "there are several fits of one kind and nothing that orders them",
        advice: "Compare two visits with ivimbayes delta, and give its folder too")
    }
  }
}
