import ArgumentParser
import Foundation
import IVIMBayes

/// The form of the log on standard error.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
}

/// What is said on standard error.
struct LogOptions: ParsableArguments {
  @Flag(help: "Say nothing but results and errors.")
  var quiet = false

  @Option(help: ArgumentHelp("text or json: one object a line on standard error.", valueName: "format"))
  var logFormat: LogFormat = .text

  var console: Console { Console(quiet: quiet, format: logFormat) }
}

/// Standard error: notices, progress and errors. Results go to standard output and never through here.
struct Console: Sendable {
  let quiet: Bool
  let format: LogFormat

  private var isTerminal: Bool {
    isatty(FileHandle.standardError.fileDescriptor) == 1
      && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Runs `body`; an error is reported on standard error and ends the process with its exit code.
  static func reporting<Result>(_ body: () throws -> Result) throws -> Result {
    try Console(quiet: false, format: .text).reporting(body)
  }

  /// Runs `body`; an error is reported and ends the process with its exit code.
  func reporting<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw failure(RunError(error)) }
  }

  /// The form of results on standard output.
  static var outputStyle: TerminalStyle {
    TerminalStyle(
      environment: ProcessInfo.processInfo.environment,
      isTerminal: isatty(FileHandle.standardOutput.fileDescriptor) == 1)
  }

  /// A line for the reader.
  var notice: @Sendable (String) -> Void {
    { text in if !quiet { write(level: "notice", text) } }
  }

  /// A meter that shows one changing line on a terminal and a plain line every 10 s elsewhere.
  var meter: @Sendable (Int) -> ProgressMeter { meter(of: "voxels") }

  /// A meter that counts `unit`.
  func meter(of unit: String) -> @Sendable (Int) -> ProgressMeter {
    { total in
      guard !quiet else { return .silent }
      let changing = isTerminal && format == .text
      return ProgressMeter(total: total, unit: unit, interval: changing ? 0.2 : 10) { reading in
        if changing {
          emit("\r\(Self.printable(reading.line))\u{1B}[K")
        } else {
          write(level: "progress", reading.line)
        }
      }
    }
  }

  /// Says that a fit is done: where its results are, and how it was sampled.
  func finish(_ report: FitReport) throws(RunError) {
    endProgress()
    try StandardStreams.print(report.folder.relativePath)
    guard !quiet else { return }
    let counts =
      "\(NumberText.count(report.voxelCount, "voxel")), \(NumberText.count(report.lesionCount, "lesion"))"
    if report.isPointEstimate { return write(level: "notice", "\(counts): point estimates, no posterior") }
    let flagged = report.flags.count { $0.severity > .pass }
    write(
      level: "notice",
      "\(counts); sampling: \(report.verdict.word)"
        + (flagged == 0 ? "" : " (\(NumberText.count(flagged, "flag")): see ivimbayes diagnose)"))
  }

  /// Clears the changing line of a meter.
  func endProgress() {
    if isTerminal && !quiet && format == .text { emit("\r\u{1B}[K") }
  }

  /// Says that a signal ended the run, and how to go on.
  func interrupted(keepsWork: Bool) {
    if isTerminal && format == .text { emit("\r\u{1B}[K") }
    let rest =
      keepsWork
      ? "what is finished is kept. Run the same command with --resume to go on."
      : "nothing was finished yet. Run the same command again."
    write(level: "error", "interrupted: \(rest)")
  }

  /// Reports an error; the result ends the process with its exit code.
  func failure(_ error: RunError) -> ExitCode {
    write(level: "error", error.description)
    return ExitCode(error.status.rawValue)
  }

  /// `text` on one line: what an input holds of control characters and ends of lines must not reach a terminal.
  private static func printable(_ text: String) -> String { PrintableText.line(text) }

  private func write(level: String, _ text: String) {
    let text = Self.printable(text)
    switch format {
    case .text: emit(level == "error" ? "ivimbayes: \(text)\n" : "\(text)\n")
    case .json:
      let members = ["level": level, "message": text]
      let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
      let line = (try? JSONSerialization.data(withJSONObject: members, options: options)) ?? Data()
      emit(String(decoding: line, as: UTF8.self) + "\n")
    }
  }

  private func emit(_ text: String) { StandardStreams.note(text) }
}
