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

  private static func folder(_ url: URL, overwriting: Bool, resuming: Bool = false) throws(RunError)
    -> OutputFolder
  {
    try OutputFolder(OutputPlace(url, kind: .fit, overwriting: overwriting), resuming: resuming)
  }

  /// Writes a run as the package makes it, of one file with this text.
  private static func make(_ url: URL, _ text: String, overwriting: Bool = false) throws {
    let folder = try Self.folder(url, overwriting: overwriting)
    try Data(text.utf8).write(to: folder.file("result"))
    try folder.commit()
  }

  private static func result(_ url: URL) throws -> String {
    String(decoding: try Data(contentsOf: url.appending(path: "result")), as: UTF8.self)
  }

  /// Leaves unfinished work beside `url`, as a killed run does.
  private static func abandon(_ url: URL) throws {
    let folder = try Self.folder(url, overwriting: true)
    try Data("{}".utf8).write(to: folder.checkpoint.appending(path: RunIdentity.fileName))
    try Data("half".utf8).write(to: folder.file("half"))
  }

  @Test func `A folder appears when it is whole, and nothing else stays`() throws {
    let place = try TemporaryFolder()
    let url = place.file("run")
    let folder = try Self.folder(url, overwriting: false)
    try Data("one".utf8).write(to: folder.file("result"))
    #expect(place.contents == [".run.partial"])
    try folder.commit()
    #expect(place.contents == ["run"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() == [
        OwnershipMark.name, "result",
      ])
    try Self.folder(place.file("other"), overwriting: false).discard()
    #expect(place.contents == ["run"])
  }

  @Test func `A second run into one folder is refused while the first is at work`() throws {
    let place = try TemporaryFolder()
    let url = place.file("run")
    var first: OutputFolder? = try Self.folder(url, overwriting: false)
    try Data("kept".utf8).write(to: try #require(first).file("result"))
    for (overwriting, resuming) in [(false, false), (true, false), (false, true)] {
      let message = Self.refusal {
        _ = try Self.folder(url, overwriting: overwriting, resuming: resuming)
      }
      #expect(
        message
          == "\(url.relativePath): another run is writing there: process \(getpid()). "
          + "Wait until it ends, or choose another name for --out.")
    }
    #expect(FileManager.default.fileExists(atPath: try #require(first).file("result").path))
    // The lock ends with its holder, and what the holder left without a checkpoint is nobody's.
    first = nil
    let second = try Self.folder(url, overwriting: false)
    #expect(!FileManager.default.fileExists(atPath: second.file("result").path))
  }

  @Test func `Unfinished work is never thrown away unasked`() throws {
    let place = try TemporaryFolder()
    let url = place.file("run")
    try Self.abandon(url)
    #expect(OutputFolder.hasUnfinishedWork(for: url))
    let message = Self.refusal { _ = try Self.folder(url, overwriting: false) }
    #expect(
      message
        == "\(url.relativePath): an unfinished run is kept beside it. "
        + "Go on with it by --resume, or start anew with --overwrite.")
    let resumed = try Self.folder(url, overwriting: false, resuming: true)
    #expect(
      FileManager.default.fileExists(atPath: resumed.checkpoint.appending(path: RunIdentity.fileName).path))
    // Files of the run itself are made again.
    #expect(!FileManager.default.fileExists(atPath: resumed.file("half").path))
    resumed.discard()
    try Self.abandon(url)
    let anew = try Self.folder(url, overwriting: true)
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
    try Self.abandon(url)
    try FileManager.default.moveItem(at: url, to: place.file(".run.partial/replaced"))
    try Self.folder(url, overwriting: true).discard()
    #expect(try Self.result(url) == "new" && place.contents == ["run"])
    // Killed after both: the old folder is rubbish.
    try Self.abandon(url)
    try FileManager.default.copyItem(at: url, to: place.file(".run.partial/replaced"))
    try Self.folder(url, overwriting: true).discard()
    #expect(place.contents == ["run"])
  }

  @Test func `What a run left that was killed while it tidied up can be removed`() throws {
    let place = try TemporaryFolder()
    let url = place.file("run")
    try Self.make(url, "new")
    try Self.abandon(url)
    try FileManager.default.copyItem(at: url, to: place.file(".run.partial/replaced"))
    OutputFolder.removeLeftovers(beside: url)
    #expect(try Self.result(url) == "new" && place.contents == ["run"])
  }

  @Test func `A folder that appeared meanwhile is not replaced unasked`() throws {
    let place = try TemporaryFolder()
    let url = place.file("run")
    let folder = try Self.folder(url, overwriting: false)
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
      let message = Self.refusal { _ = try Self.folder(url, overwriting: false) }
      #expect(
        message
          == "\(url.relativePath): the output folder cannot be created. "
          + "Check that its parent folder exists and may be written.")
    }
    _ = try place.write("in the way", as: ".run.partial")
    #expect(
      Self.refusal { _ = try Self.folder(place.file("run"), overwriting: false) }.contains(
        "beside it lies .run.partial, which is not marked as made by ivimbayes"))
    #expect(place.contents == [".run.partial", "file"])
  }

  @Test func `What a mark does not name, or names otherwise, is never removed`() throws {
    let place = try TemporaryFolder()
    let url = place.file("run")
    try Self.make(url, "old")
    let mark = try #require(OwnershipMark.read(of: url))
    #expect(mark.kind == .fit && mark.files.keys.sorted() == ["result"])
    #expect(try mark.stranger(in: url) == nil)
    for (name, text, words) in [
      ("note", "mine", "note, which ivimbayes has not made"),
      ("result", "changed", "result, which was changed after ivimbayes wrote it"),
    ] {
      let kept = try Data(contentsOf: url.appending(path: "result"))
      _ = try place.write(text, as: "run/\(name)")
      let message = Self.refusal { _ = try Self.folder(url, overwriting: true) }
      #expect(message.contains("--overwrite would delete \(words)"), "\(message)")
      try FileManager.default.removeItem(at: url.appending(path: name))
      try kept.write(to: url.appending(path: "result"))
    }
    try FileManager.default.createDirectory(
      at: url.appending(path: "empty"), withIntermediateDirectories: false)
    #expect(
      Self.refusal { _ = try Self.folder(url, overwriting: true) }.contains("the folder empty, which"))
    // What somebody puts into the folder of an unfinished run survives its end.
    let other = try Self.folder(place.file("other"), overwriting: false)
    _ = try place.write("mine", as: ".other.partial/note")
    other.discard()
    #expect(place.contents == [".other.partial", "run"])
    OwnershipMark.removeResult(in: url)
    #expect(FileManager.default.fileExists(atPath: url.appending(path: "empty").path))
    #expect(!FileManager.default.fileExists(atPath: url.appending(path: "result").path))
  }

  @Test func `Times are ours by their members, because equal runs have unequal ones`() throws {
    let place = try TemporaryFolder()
    let url = place.file("run")
    let folder = try Self.folder(url, overwriting: false)
    try Data(RunClock().record.utf8).write(to: folder.file("x_timing.json"))
    try folder.commit()
    let mark = try #require(OwnershipMark.read(of: url))
    #expect(mark.files == ["x_timing.json": []])
    #expect(try mark.stranger(in: url) == nil)
    _ = try place.write(#"{"wall_seconds": 1, "mine": 2}"#, as: "run/x_timing.json")
    #expect(try mark.stranger(in: url)?.hasPrefix("x_timing.json") == true)
  }
}
