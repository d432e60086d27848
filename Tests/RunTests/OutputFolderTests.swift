import Foundation
import TestSupport
import Testing

@testable import IVIMBayes

@Suite struct OutputFolderTests {
  private static func refusal(_ body: () throws -> Void) -> String {
    var message = "nothing was refused"
    do {
      try body()
    } catch let error as RunError {
      #expect(error.status == .cannotCreate)
      message = error.description
    } catch { message = "\(error)" }
    return message
  }

  /// Writes a run as the package makes it, of one file with this text.
  private static func make(_ url: URL, _ text: String, overwriting: Bool = false) throws {
    let folder = try OutputFolder(url, overwriting: overwriting)
    try Data(DatasetDescription.text.utf8).write(to: folder.file(DatasetDescription.name))
    try Data(text.utf8).write(to: folder.file("result"))
    try folder.commit()
  }

  private static func result(_ url: URL) throws -> String {
    String(decoding: try Data(contentsOf: url.appending(path: "result")), as: UTF8.self)
  }

  /// Leaves unfinished work beside `url`, as a killed run does.
  private static func abandon(_ url: URL) throws {
    let folder = try OutputFolder(url, overwriting: true)
    try Data("{}".utf8).write(to: folder.checkpoint.appending(path: RunIdentity.fileName))
    try Data("half".utf8).write(to: folder.file("half"))
  }

  @Test func `A folder appears when it is whole, and nothing else stays`() throws {
    let place = try TemporaryFolder()
    let url = place.file("run")
    let folder = try OutputFolder(url, overwriting: false)
    try Data("one".utf8).write(to: folder.file("result"))
    #expect(place.contents == [".run.partial"])
    try folder.commit()
    #expect(place.contents == ["run"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: url.path) == ["result"])
    try OutputFolder(place.file("other"), overwriting: false).discard()
    #expect(place.contents == ["run"])
  }

  @Test func `A second run into one folder is refused while the first is at work`() throws {
    let place = try TemporaryFolder()
    let url = place.file("run")
    var first: OutputFolder? = try OutputFolder(url, overwriting: false)
    try Data("kept".utf8).write(to: try #require(first).file("result"))
    for (overwriting, resuming) in [(false, false), (true, false), (false, true)] {
      let message = Self.refusal {
        _ = try OutputFolder(url, overwriting: overwriting, resuming: resuming)
      }
      #expect(
        message
          == "\(url.relativePath): another run is writing there: process \(getpid()). "
          + "Wait until it ends, or choose another name for --out.")
    }
    #expect(FileManager.default.fileExists(atPath: try #require(first).file("result").path))
    // The lock ends with its holder, and what the holder left without a checkpoint is nobody's.
    first = nil
    let second = try OutputFolder(url, overwriting: false)
    #expect(!FileManager.default.fileExists(atPath: second.file("result").path))
  }

  @Test func `Unfinished work is never thrown away unasked`() throws {
    let place = try TemporaryFolder()
    let url = place.file("run")
    try Self.abandon(url)
    #expect(OutputFolder.hasUnfinishedWork(for: url))
    let message = Self.refusal { _ = try OutputFolder(url, overwriting: false) }
    #expect(
      message
        == "\(url.relativePath): an unfinished run is kept beside it. "
        + "Go on with it by --resume, or start anew with --overwrite.")
    let resumed = try OutputFolder(url, overwriting: false, resuming: true)
    #expect(
      FileManager.default.fileExists(atPath: resumed.checkpoint.appending(path: RunIdentity.fileName).path))
    // Files of the run itself are made again.
    #expect(!FileManager.default.fileExists(atPath: resumed.file("half").path))
    resumed.discard()
    try Self.abandon(url)
    let anew = try OutputFolder(url, overwriting: true)
    #expect(
      !FileManager.default.fileExists(atPath: anew.checkpoint.appending(path: RunIdentity.fileName).path))
  }

  @Test func `A replaced folder is the new one, and comes back if the replacement never came`() throws {
    let place = try TemporaryFolder()
    let url = place.file("run")
    try Self.make(url, "old")
    try Self.make(url, "new", overwriting: true)
    #expect(try Self.result(url) == "new" && place.contents == ["run"])
    // Killed between the two renames: the old folder stands aside.
    try FileManager.default.moveItem(at: url, to: place.file(".run.old"))
    try OutputFolder(url, overwriting: true).discard()
    #expect(try Self.result(url) == "new" && place.contents == ["run"])
    // Killed after both: the old folder is rubbish.
    try FileManager.default.copyItem(at: url, to: place.file(".run.old"))
    try OutputFolder(url, overwriting: true).discard()
    #expect(place.contents == ["run"])
  }

  @Test func `What a run left that was killed while it tidied up can be removed`() throws {
    let place = try TemporaryFolder()
    let url = place.file("run")
    try Self.make(url, "new")
    try Self.abandon(url)
    try FileManager.default.copyItem(at: url, to: place.file(".run.old"))
    OutputFolder.removeLeftovers(beside: url)
    #expect(try Self.result(url) == "new" && place.contents == ["run"])
  }

  @Test func `A folder that appeared meanwhile is not replaced unasked`() throws {
    let place = try TemporaryFolder()
    let url = place.file("run")
    let folder = try OutputFolder(url, overwriting: false)
    try Data("mine".utf8).write(to: folder.file("result"))
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    _ = try place.write("theirs", as: "run/result")
    let error = #expect(throws: RunError.self) { try folder.commit() }
    #expect(error?.status == .inputOutput && error?.description.contains(".run.partial/output") == true)
    #expect(try Self.result(url) == "theirs")
  }

  @Test func `A folder that cannot be made is refused with the reason`() throws {
    let place = try TemporaryFolder()
    for name in ["absent/run", "file/run"] {
      _ = try place.write("a file", as: "file")
      let url = place.file(name)
      let message = Self.refusal { _ = try OutputFolder(url, overwriting: false) }
      #expect(
        message
          == "\(url.relativePath): the output folder cannot be created. "
          + "Check that its parent folder exists and may be written.")
    }
    _ = try place.write("in the way", as: ".run.partial")
    #expect(
      Self.refusal { _ = try OutputFolder(place.file("run"), overwriting: false) }.contains(
        "cannot be created"))
    #expect(place.contents == [".run.partial", "file"])
  }
}
