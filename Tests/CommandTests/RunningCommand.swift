import Foundation
import TestSupport

/// The command at work: a test can wait for what it does and end it.
final class RunningCommand {
  private let process = Process()
  private let ended = DispatchSemaphore(value: 0)
  private let streams: TemporaryFolder

  /// Starts the command with `arguments`.
  init(_ arguments: [String]) throws {
    streams = try TemporaryFolder()
    for name in ["output", "errors"] { _ = try streams.write("", as: name) }
    process.executableURL = try Command.executable()
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: streams.file("output"))
    process.standardError = try FileHandle(forWritingTo: streams.file("errors"))
    process.terminationHandler = { [ended] _ in ended.signal() }
    try process.run()
  }

  /// Waits until `holds` is true, or the command has ended.
  func wait(until holds: () -> Bool) {
    while process.isRunning, !holds() { Thread.sleep(forTimeInterval: 0.002) }
  }

  /// Sends `signal`, if there is one, waits for the end, and returns the exit code (of a shell: 128 + signal if a signal
  /// ended it) and what was said on standard error.
  func end(by signal: Int32? = nil) throws -> (status: Int32, errors: String) {
    if let signal { kill(process.processIdentifier, signal) }
    ended.wait()
    let status = process.terminationStatus
    let errors = try String(contentsOf: streams.file("errors"), encoding: .utf8)
    return (process.terminationReason == .uncaughtSignal ? 128 + status : status, errors)
  }
}
