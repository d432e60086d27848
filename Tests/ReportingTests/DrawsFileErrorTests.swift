import Foundation
import TestSupport
import Testing

@testable import Reporting

struct DrawsFileErrorTests {
  /// The error of reading `bytes` as a draws file.
  private func errorReading(_ bytes: Data, groups: [String]? = ["posterior"]) throws -> DrawsFileError? {
    let folder = try ExampleDraws.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "draws.nc")
    try bytes.write(to: file)
    do throws(DrawsFileError) {
      _ = try DrawsFile(contentsOf: file, groups: groups)
      return nil
    } catch {
      return error
    }
  }

  private func exampleBytes() throws -> Data {
    let folder = try ExampleDraws.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "draws.nc")
    try ExampleDraws.file().write(to: file)
    return try Data(contentsOf: file)
  }

  @Test func `every case says what is wrong, where, and what to do`() {
    let file = "/data/run/x_draws.nc"
    let cases: [(DrawsFileError, what: String, advice: String)] = [
      (.missing(file: file), "not found", "--save-draws"),
      (.unreadable(file: file, reason: "HDF error"), "cannot be read (HDF error)", "copy it again"),
      (
        .notNetCDF(file: file, reason: "it is empty"), "not a draws file (it is empty)",
        "Give a netCDF-4 file"
      ),
      (
        .missingGroup(file: file, group: "posterior", found: ["prior"]),
        "without group \"posterior\" (it has prior)",
        "Give a file"
      ),
      (.missingGroup(file: file, group: "posterior", found: []), "it has none", "Give a file"),
      (
        .inconsistent(file: file, variable: "posterior/d", reason: "too large"),
        "contradicts itself (too large)",
        "repeat the run"
      ),
      (.cannotCreate(file: file, reason: "Permission denied"), "cannot be created", "Choose an --out folder"),
      (
        .diskFull(file: file, neededBytes: 900, availableBytes: 100), "900 bytes needed, 100 free",
        "Make room"
      ),
      (.writeFailed(file: file, reason: "I/O error"), "could not be written (I/O error)", "Check the disk"),
    ]
    for (error, what, advice) in cases {
      #expect(error.description.contains(what) && error.description.contains(file))
      #expect(error.description.contains(advice))
    }
  }

  @Test func `a file that is absent, a folder, empty, text or netCDF-3 is told apart`() throws {
    let nowhere = URL(filePath: "/nowhere/draws.nc")
    #expect(throws: DrawsFileError.missing(file: "/nowhere/draws.nc")) { try DrawsFile(contentsOf: nowhere) }
    let folder = try ExampleDraws.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: DrawsFileError.notNetCDF(file: folder.path, reason: "it is a folder")) {
      try DrawsFile(contentsOf: folder)
    }
    for (bytes, reason) in [
      (Data(), "it is empty"), (Data("subject\tf\n".utf8), "it does not begin as HDF5 does"),
      (Data("CDF\u{1}....".utf8), "it is netCDF-3"), (Data([0x89, 0x48]), "it does not begin as HDF5 does"),
    ] {
      guard case .notNetCDF(_, let found) = try errorReading(bytes) else {
        Issue.record("\(reason) was accepted")
        continue
      }
      #expect(found == reason)
    }
  }

  @Test(arguments: [9, 100, 600, 5000, 40_000])
  func `a file cut short is unreadable`(length: Int) throws {
    let bytes = try exampleBytes()
    try #require(bytes.count > length)
    let error = try errorReading(bytes.prefix(length))
    guard case .unreadable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `a flipped bit among the draws is an error, not a number`() throws {
    var bytes = try exampleBytes()
    // The arrays fill the second half of the file; compressed numbers are all that stands there.
    bytes[bytes.count * 3 / 4] ^= 1
    guard case .unreadable = try errorReading(bytes, groups: nil) else {
      Issue.record("the flipped bit was not noticed")
      return
    }
  }

  @Test func `damaged bytes are refused or read, and never end the program`() throws {
    let bytes = try exampleBytes()
    var refused = 0
    // A fixed sequence of places, most of them among the tables of the file.
    for step in 0..<100 {
      var damaged = bytes
      damaged[(step * 7919 + step * step * 31) % min(bytes.count, 30_000)] ^= 0xff
      if try errorReading(damaged, groups: nil) != nil { refused += 1 }
    }
    #expect(refused == 100)
  }

  @Test func `a file that another program changed is read where it is trusted`() throws {
    let bytes = try exampleBytes()
    // Without its last line the file is one of libnetcdf alone.
    let line = try #require(bytes.dropLast().lastIndex(of: UInt8(ascii: "\n")))
    let folder = try ExampleDraws.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "draws.nc")
    try bytes.prefix(upTo: line).write(to: file)
    guard case .unreadable(_, let reason) = try errorReading(bytes.prefix(upTo: line)) else {
      Issue.record("a file without a checksum was read")
      return
    }
    #expect(reason.contains("checksum is missing"))
    let trusted = try DrawsFile(contentsOf: file, acceptingUnsealed: true)
    #expect(trusted.group("posterior") == ExampleDraws.file().group("posterior"))
  }

  @Test func `a group that is not there is named with those that are`() throws {
    let error = try errorReading(exampleBytes(), groups: ["prior"])
    guard
      case .missingGroup(_, "prior", ["posterior", "sample_stats", "observed_data", "constant_data"]) = error
    else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `a folder that does not exist cannot take a file, and nothing is left behind`() throws {
    let folder = try ExampleDraws.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "absent/draws.nc")
    do throws(DrawsFileError) {
      try ExampleDraws.file().write(to: file)
      Issue.record("written into a folder that does not exist")
    } catch {
      guard case .cannotCreate(file.path, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
    // A folder stands where the file should go.
    let taken = folder.appending(path: "taken")
    try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
    do throws(DrawsFileError) {
      try ExampleDraws.file().write(to: taken)
      Issue.record("a folder was replaced")
    } catch {
      guard case .cannotCreate(taken.path, "Is a directory") = error else {
        Issue.record("\(error)")
        return
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["taken"])
  }

  @Test func `a disk without room is noticed before anything is written`() throws {
    let file = URL(filePath: "/tmp/draws.nc")
    let needed = ExampleDraws.file().byteCount
    // 4 × 500 draws of 2 + 2 + 3 + 1 doubles, 5 floats, and the statistics.
    #expect(needed > 4 * 500 * (8 * 8 + 5 * 4))
    #expect(throws: DrawsFileError.diskFull(file: "/tmp/draws.nc", neededBytes: needed, availableBytes: 10)) {
      try DrawsFile.requireRoom(bytes: needed, at: file, available: 10)
    }
    try DrawsFile.requireRoom(bytes: needed, at: file, available: needed)
    try DrawsFile.requireRoom(bytes: needed, at: file, available: nil)
  }
}
