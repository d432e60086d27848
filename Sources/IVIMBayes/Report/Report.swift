public import Foundation
internal import NIfTI
internal import Reporting

/// `report`: one page from the folders that the other commands made.
public struct Report: Sendable {
  /// Output folders of `fit`, and of `delta` and `efficacy predict` if there are two visits.
  public var folders: [URL]
  /// The page that is made.
  public var output: URL
  /// True if a page made earlier, and its figures, may be replaced.
  public var overwrites = false
  /// The folder for every figure as SVG with its data as TSV; nil keeps none.
  public var figures: URL?

  /// A report of `folders` as `output`.
  public init(_ folders: [URL], output: URL) {
    self.folders = folders
    self.output = output
  }

  /// Makes the page.
  ///
  /// - Throws: `RunError`, status 73 before any work if the page must not be written; then nothing is written.
  public func run() throws(RunError) {
    let file = try OwnedFile(output, kind: .page, overwriting: overwrites, inputs: folders)
    guard let figures else { return try file.write(Self.text(of: page())) }
    if figures.canonicalPath == output.canonicalPath {
      throw RunError(
        .usage, at: "--keep-figures", "\(figures.relativePath) is the page, which --out names",
        advice: "Give another name for the folder of the figures")
    }
    let place = try OutputPlace(
      figures, kind: .figures, overwriting: overwrites, inputs: folders + [output], option: "--keep-figures")
    try OutputFolder.write(place) { folder in
      let page = try page()
      try Self.write(page.figures, into: folder)
      try file.write(Self.text(of: page))
    }
  }

  /// The page of a cohort or of a judgement, if that is what the only folder holds, or that of a patient.
  private func page() throws(RunError) -> Page {
    if let folder = folders.first, folders.count == 1 {
      if let cohort = try CohortFolder(folder) { return CohortPage(cohort).page() }
      if let page = try Self.efficacyPage(folder) { return page }
    }
    return try PatientPage(contents: ReportFolders(folders).contents()).page()
  }

  /// Nil if `folder` is none of `efficacy predict`.
  private static func efficacyPage(_ folder: URL) throws(RunError) -> Page? {
    let (table, record) = (
      folder.appending(path: "efficacy.tsv"), folder.appending(path: EfficacyRecord.name)
    )
    guard [table, record].allSatisfy({ FileManager.default.fileExists(atPath: $0.path) }) else { return nil }
    return EfficacyPage(efficacy: try ReportedEfficacy(table), record: try EfficacyRecord(record)).page()
  }

  /// Writes the page of `folder`, in which `cohort` or `efficacy predict` has just written its results, as `name`.
  static func writePage(of folder: URL, as name: String) throws(RunError) {
    try write(Report([folder], output: folder).page(), to: folder.appending(path: name))
  }

  /// Writes the page of one fit beside its results.
  static func writePage(of run: RunFolder, to file: URL) throws(RunError) {
    try write(PatientPage(contents: ReportFolders([run.folder]).contents()).page(), to: file)
  }

  /// Writes the page of the changes in `changes`, which were computed from `runs`.
  static func writePage(ofChanges changes: URL, runs: [URL], to file: URL) throws(RunError) {
    try write(PatientPage(contents: ReportFolders(runs + [changes]).contents()).page(), to: file)
  }

  private static func text(of page: Page) throws(RunError) -> String {
    do { return try page.html() } catch { throw RunError(error) }
  }

  static func write(_ page: Page, to file: URL) throws(RunError) {
    do { try AtomicFile.write(page.html(), to: file) } catch { throw RunError(error) }
  }

  private static func write(_ figures: [Figure], into folder: OutputFolder) throws {
    for figure in figures {
      try AtomicFile.write(figure.standalone, to: folder.file("\(figure.name).svg"))
      try AtomicFile.write(figure.data.text, to: folder.file("\(figure.name).tsv"))
    }
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
    if let efficacy, efficacy.rows(ofPatient: changes.patient).isEmpty {
      throw RunError(
        .badInput, at: "report",
        "the probabilities are of \(efficacy.patients.joined(separator: ", ")), the changes of \(changes.patient)",
        advice: "Give the folder that efficacy predict made from these changes")
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
