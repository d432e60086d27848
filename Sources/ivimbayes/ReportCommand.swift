import ArgumentParser
import Foundation
import IVIMBayes

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "One self-contained HTML page.",
    discussion: """
      RUN is the output folder of a fit, or the fits of the diffusion and the T1 scan of one visit. For two visits give the
      fits of both and the folder that delta made from them; with that of efficacy predict the page shows probabilities.
      The folder of cohort gives the page of a cohort; with --cohort its lesions are drawn too.
      The page needs no network, runs no script, and prints to A4.

      Example: ivimbayes report pre-ivim pre-t1 post-ivim post-t1 changes efficacy --out report.html
      """)

  @Argument(
    help: ArgumentHelp("Output folders of fit, delta and efficacy predict, in any order.", valueName: "run"))
  var runs: [String]

  @Option(help: "The page that is made.")
  var out: String

  @Option(
    help: ArgumentHelp("The table that the cohort's comparisons were computed from.", valueName: "file"))
  var cohort: String?

  @Option(
    help: ArgumentHelp("Write every figure as SVG and its data as TSV into this folder.", valueName: "folder")
  )
  var keepFigures: String?

  @Flag(help: "Replace a page made earlier.")
  var overwrite = false

  func run() throws {
    try Console.reporting {
      var report = Report(runs.map { URL(filePath: $0) }, output: URL(filePath: out))
      report.overwrites = overwrite
      report.cohort = cohort.map { URL(filePath: $0) }
      report.figures = keepFigures.map { URL(filePath: $0) }
      try report.run()
      print(out)
    }
  }
}
