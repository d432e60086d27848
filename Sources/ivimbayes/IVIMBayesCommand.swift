import ArgumentParser
import Foundation
import Glibc
import IVIMBayes

@main
struct IVIMBayesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ivimbayes",
    abstract: "Bayesian IVIM and T1 mapping that says how sure it is.",
    discussion: IVIMBayesVersion.researchUse,
    version: IVIMBayesVersion.current,
    subcommands: [
      FitCommand.self, Summarize.self, Diagnose.self, DeltaCommand.self, RepeatabilityCommand.self,
      EfficacyCommand.self, CohortCommand.self, ReportCommand.self, Simulate.self, Calibrate.self,
      BIDSCommand.self, UnitsCommand.self, ImportCommand.self,
    ])

  /// Runs the command; whatever happens to the streams, the process ends with the code of what happened to the work.
  static func main() async {
    StandardStreams.prepare()
    do {
      try CommandLineText.check()
      try RepeatedOptions.check(Array(CommandLine.arguments.dropFirst()))
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let error as RunError {
      Glibc.exit(Console(quiet: false, format: .text).failure(error).rawValue)
    } catch {
      end(with: error)
    }
  }

  /// Prints help, or what is wrong with the command line, and ends the process.
  private static func end(with error: any Error) -> Never {
    let (code, message) = (exitCode(for: error), fullMessage(for: error))
    let line = message.isEmpty ? "" : message + "\n"
    guard code.isSuccess else {
      StandardStreams.note(line)
      Glibc.exit(code.rawValue)
    }
    do throws(RunError) {
      try StandardStreams.print(line, terminator: "")
    } catch {
      Glibc.exit(Console(quiet: false, format: .text).failure(error).rawValue)
    }
    Glibc.exit(code.rawValue)
  }
}

/// The words of the command line as the shell gave them.
enum CommandLineText {
  /// Refuses words, and a current folder, that are no UTF-8: file names with them would be changed silently.
  ///
  /// - Throws: status 64 with the number of the word.
  static func check() throws(RunError) {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let word = unsafe CommandLine.unsafeArgv[index], unsafe String(validatingCString: word) == nil
      else { continue }
      throw refusal(
        "word \(index) of the command line", text: unsafe String(cString: word),
        advice: "Rename the file or folder, for example with convmv -t UTF-8")
    }
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard unsafe getcwd(&path, path.count) != nil else { return }
    let isText = unsafe path.withUnsafeBufferPointer { path in
      unsafe path.baseAddress.map { unsafe String(validatingCString: $0) != nil } ?? true
    }
    guard isText else {
      throw refusal(
        "the current folder", text: FileManager.default.currentDirectoryPath,
        advice: "Rename the folder, or start from another one")
    }
  }

  private static func refusal(_ place: String, text: String, advice: String) -> RunError {
    RunError(.usage, at: place, "\"\(text)\" is not UTF-8", advice: advice)
  }
}
