import ArgumentParser
import Foundation
import IVIMBayes

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "One self-contained HTML page.",
    discussion: """
      RUN is the output folder of a fit, or the fits of the diffusion and the T1 scan of one visit. For two visits give \
      the fits of both and the folder that delta made from them; with that of efficacy predict the page shows \
      probabilities. The folder of cohort alone gives the page of a cohort, that of efficacy predict alone the page of a \
      judgement. The page needs no network, runs no script, and prints to A4.

      Example: ivimbayes report pre-ivim pre-t1 post-ivim post-t1 changes efficacy --out report.html
      """)

  @Argument(
    help: ArgumentHelp(
      "Output folders of fit, delta and efficacy predict in any order, or one of cohort.", valueName: "run"))
  var runs: [String]

  @Option(help: "The page that is made.")
  var out: String

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
      report.figures = keepFigures.map { URL(filePath: $0) }
      try report.run()
      try StandardStreams.print(out)
    }
  }
}
