import Foundation
import IVIMBayes
import NIfTI
import TestSupport
import Testing

/// Interrupted runs go on, and end as if nothing had happened.
@Suite struct ResumeTests {
  /// A fit of every voxel and lesion of the shared phantom: long enough to be interrupted.
  static func arguments(into out: URL, _ scan: PhantomScan) -> [String] {
    [
      "fit", "ivim", scan.image.path, "--lesions", scan.lesions.path, "--draws", "2000", "--out", out.path,
    ]
  }

  /// The files of the fit when nothing happens to it.
  static let undisturbed = Result {
    let folder = try TemporaryFolder()
    let scan = try PhantomScan.shared.get()
    try Command.succeed(arguments(into: folder.file("run"), scan) + ["--quiet"])
    return try FinishedRun(folder.file("run")).reproducibleContents()
  }

  /// True once `count` parts of the run into `out` are kept.
  private static func hasKept(_ count: Int, of out: URL) -> Bool {
    let place = out.deletingLastPathComponent().appending(
      path: ".\(out.lastPathComponent).partial/checkpoint")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
    return names.count { $0.hasSuffix(".part") } >= count
  }

  @Test(arguments: [(SIGINT, Int32(130), 1), (SIGTERM, 143, 2), (SIGKILL, 137, 3)])
  func `A run that is ended goes on with --resume, to the same bytes`(
    signal: Int32, status: Int32, parts: Int
  ) throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    let run = FinishedRun(folder.file("run"))
    let arguments = Self.arguments(into: run.folder, scan)
    let command = try RunningCommand(arguments)
    command.wait { Self.hasKept(parts, of: run.folder) }
    let outcome = try command.end(by: signal)
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(folder.contents == [".run.partial"])
    if signal != SIGKILL {
      #expect(
        outcome.errors.hasSuffix(
          "ivimbayes: interrupted: what is finished is kept. Run the same command with --resume to go on.\n"))
    }
    // Without --resume the work is neither used nor lost; another run does not take it over.
    let refused = try Command.run(arguments)
    #expect(refused.status == 73 && refused.errors.contains("Go on with it by --resume"))
    let other = try Command.run(arguments + ["--resume", "--seed", "2"])
    #expect(other.status == 65 && other.errors.contains("its --seed was another"))
    try Command.succeed(arguments + ["--resume", "--quiet", "--threads", "1"])
    #expect(try run.reproducibleContents() == Self.undisturbed.get())
    #expect(folder.contents == ["run"])
  }

  /// The lesions of the phantom with a field, so long that they are still at work when their chains are first written.
  @Test(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
  func `A run that is ended within its first lesion goes on there, to the same bytes`() throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    func arguments(_ name: String) -> [String] {
      scan.lesionFit(into: folder.file(name)) + [
        "--prior", "spatial", "--draws", "30000", "--resume", "--quiet",
      ]
    }
    let place = folder.file(".run.partial/checkpoint")
    var kept: [String] { (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? [] }
    let first = try RunningCommand(arguments("run"))
    first.wait { kept.contains { $0.hasSuffix(".chains") } }
    let outcome = try first.end(by: SIGTERM)
    #expect(outcome.status == 143, "\(outcome.errors)")
    #expect(!kept.contains { $0.hasPrefix("lesion") && $0.hasSuffix(".part") })
    let second = try RunningCommand(arguments("run"))
    Thread.sleep(forTimeInterval: 1)
    #expect(try second.end(by: SIGKILL).status == 137)
    #expect(kept.contains { $0.hasSuffix(".chains") })
    try Command.succeed(arguments("run"))
    try Command.succeed(arguments("undisturbed"))
    #expect(
      try FinishedRun(folder.file("run")).reproducibleContents()
        == FinishedRun(folder.file("undisturbed")).reproducibleContents())
    #expect(folder.contents == ["run", "undisturbed"])
  }

  @Test func `--resume starts a run where there is none, and leaves a finished one alone`() throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    let arguments = scan.lesionFit(into: folder.file("run")) + ["--draws", "60", "--resume"]
    let first = try Command.succeed(arguments)
    let made =
      try FileManager.default.attributesOfItem(atPath: folder.file("run").path)[.systemFileNumber] as? Int
    let second = try Command.succeed(arguments)
    let left =
      try FileManager.default.attributesOfItem(atPath: folder.file("run").path)[.systemFileNumber] as? Int
    #expect(second.output == first.output && made == left)
    #expect(second.errors.contains("the run is finished already: nothing was left to do"))
    let summary = first.errors.split(separator: "\n").last
    #expect(second.errors.split(separator: "\n").last == summary)
    // Another run is not that one.
    let other = try Command.run(arguments + ["--seed", "5"])
    #expect(other.status == 73 && other.errors.contains("the output folder exists already"))
  }

  @Test func `A second run into a folder at work is refused, and does not disturb the first`() throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    let run = FinishedRun(folder.file("run"))
    let arguments = Self.arguments(into: run.folder, scan)
    let first = try RunningCommand(arguments)
    first.wait { Self.hasKept(1, of: run.folder) }
    for extra in [[], ["--resume"], ["--overwrite"]] {
      let second = try Command.run(arguments + extra)
      #expect(second.status == 73 && second.errors.contains("another run is writing there: process "))
      #expect(second.errors.contains("Wait until it ends"))
    }
    #expect(try first.end().status == 0)
    #expect(try run.reproducibleContents() == Self.undisturbed.get())
  }

  @Test func `Before anything is finished an interrupted run leaves nothing`() throws {
    let folder = try TemporaryFolder()
    let scan = try PhantomScan.shared.get()
    let command = try RunningCommand(
      scan.lesionFit(into: folder.file("run")) + ["--draws", "200000", "--max-draws", "200000"])
    command.wait { folder.contents.contains(".run.partial") }
    let outcome = try command.end(by: SIGTERM)
    // The signal may come before its handler is there: the default ends the process as well.
    #expect(outcome.status == 143)
    let again = try Command.run(scan.lesionFit(into: folder.file("run")) + ["--draws", "60"])
    #expect(again.status == 0 || again.errors.contains("--resume"))
  }

  @Test(arguments: [8, 64, 1024]) func `Results do not depend on the size of the tiles`(tileSize: Int)
    async throws
  {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    var files = FitFiles(input: scan.image, output: folder.file("run"))
    files.lesions = scan.lesions
    var configuration = FitConfiguration()
    configuration.draws = 2000
    _ = try await Fit(files, configuration, threads: 2, tileSize: tileSize).run()
    #expect(try FinishedRun(folder.file("run")).reproducibleContents() == Self.undisturbed.get())
  }

  @Test func `A cancelled task ends with what it finished kept, and the next one goes on`() async throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    var files = FitFiles(input: scan.image, output: folder.file("run"))
    files.lesions = scan.lesions
    var configuration = FitConfiguration()
    configuration.draws = 2000
    // Voxels outside the lesions as well, so that there is something left to do when the task is cancelled.
    configuration.wholeImage = true
    var whole = files
    whole.output = folder.file("whole")
    _ = try await Fit(whole, configuration, threads: 2, tileSize: 8).run()
    let (first, plan) = (Fit(files, configuration, threads: 1, tileSize: 8), configuration)
    let task = Task { try await first.run() }
    while !Self.hasKept(3, of: files.output) { try await Task.sleep(for: .milliseconds(2)) }
    task.cancel()
    let outcome = await task.result
    let error = #expect(throws: RunError.self) { try outcome.get() }
    #expect(
      error?.status == .interrupted && error?.description.hasSuffix("--resume goes on with it.") == true)
    files.resumes = true
    _ = try await Fit(files, plan, threads: 2, tileSize: 8).run()
    #expect(
      try FinishedRun(folder.file("run")).reproducibleContents()
        == FinishedRun(folder.file("whole")).reproducibleContents())
  }
}
