import ArgumentParser
import Foundation
import IVIMBayes

struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Was the sampling good enough? Verdict, flags and what to do about them.",
    discussion: """
      Exit codes: 0 pass, 1 warn, 2 fail.

      Example: ivimbayes diagnose run
      """)

  @Argument(help: ArgumentHelp("The output folder of a fit.", valueName: "run"))
  var folder: String

  @Option(help: "Form: table, tsv or json.")
  var format: TableFormat = .table

  func run() throws {
    let verdict = try Console.reporting {
      let health = try RunDiagnosis.health(of: RunFolder(URL(filePath: folder)))
      try StandardStreams.print(
        RunDiagnosis.text(of: health, as: format.rawValue, style: Console.outputStyle))
      return health.verdict
    }
    if verdict.exitCode != 0 { throw ExitCode(verdict.exitCode) }
  }
}
