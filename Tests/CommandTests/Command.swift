import Foundation
import Testing

/// The built `ivimbayes`, run as a user runs it.
enum Command {
  /// What a run of the command left: its exit code and both streams.
  struct Outcome: Sendable {
    let status: Int32
    let output: String
    let errors: String

    /// The lines of standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// There is no command to test.
  struct NotBuilt: Error, CustomStringConvertible {
    let name: String
    let places: [String]
    var description: String {
      "no \(name) in \(places.joined(separator: ", ")): build it first with swift build, or name it in IVIMBAYES_COMMAND"
    }
  }

  /// The command: `IVIMBAYES_COMMAND`, or the file `ivimbayes` beside the test bundle.
  static func executable() throws -> URL {
    if let named = ProcessInfo.processInfo.environment["IVIMBAYES_COMMAND"] { return URL(filePath: named) }
    return try product("ivimbayes")
  }

  /// The built executable `name` beside the test bundle.
  static func product(_ name: String) throws -> URL {
    let programs = [try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")]
    let bundles = (programs.compactMap { $0 } + CommandLine.arguments).filter { $0.contains(".xctest") }
    let folders = bundles.map { path in
      var folder = URL(filePath: path).deletingLastPathComponent()
      while folder.path.contains(".xctest") { folder = folder.deletingLastPathComponent() }
      return folder
    }
    for folder in folders {
      let candidate = folder.appending(path: name)
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
    }
    throw NotBuilt(name: name, places: folders.map(\.path))
  }

  /// Runs the command with `arguments` in `folder` and waits for it.
  ///
  /// The environment is this process's, with a fixed width for help texts and `environment` on top.
  static func run(
    _ arguments: [String], of executable: URL? = nil, in folder: URL? = nil,
    environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = try executable ?? Self.executable()
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment
      .merging(["COLUMNS": "100", "TERM": "dumb"]) { $1 }.merging(environment) { $1 }
    // Files in place of pipes: neither stream can fill up and block the other.
    let streams = try ["output", "errors"].map { _ in
      let file = FileManager.default.temporaryDirectory.appending(
        path: "ivimbayes-stream-\(UUID().uuidString)")
      try Data().write(to: file)
      return file
    }
    defer { for file in streams { try? FileManager.default.removeItem(at: file) } }
    let handles = try streams.map { try FileHandle(forWritingTo: $0) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handles[0]
    process.standardError = handles[1]
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    ended.wait()
    for handle in handles { try handle.close() }
    let texts = try streams.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }

  /// Runs the command and requires that it ends with 0.
  @discardableResult
  static func succeed(
    _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    let outcome = try run(arguments, in: folder, environment: environment)
    try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
    return outcome
  }
}
