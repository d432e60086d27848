import ArgumentParser
import Foundation
import IVIMBayes

/// The form of a table on standard output.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
  case table
  case tsv
  case json
}

/// What one row of a summary is.
enum SummaryUnit: String, ExpressibleByArgument, CaseIterable {
  case lesion
  case voxel
}

struct Summarize: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Posterior summaries of a run, by lesion or over voxels.",
    discussion: """
      The table shows d, dstar, fdstar and adc in 10⁻³ mm²/s, f in % and t1 in ms, rounded to what the draws support;
      tsv and json keep the units of the files: mm2/s, a fraction, s; s0 and sigma are in image units everywhere.

      Example: ivimbayes summarize run --by lesion
      """)

  @Argument(help: ArgumentHelp("The output folder of a fit.", valueName: "run"))
  var folder: String

  @Option(
    help: "One row for each lesion and parameter, or for each parameter over all voxels: lesion or voxel.")
  var by: SummaryUnit = .lesion

  @Option(help: "Functional of the lesions: mean, median, p10, p25, p75, p90, sd, iqr or all.")
  var functional = "mean"

  @Option(help: "Form: table, tsv or json.")
  var format: TableFormat = .table

  func run() throws {
    try Console.reporting {
      let opened = try RunFolder(URL(filePath: folder))
      let functional = functional == "all" ? nil : functional
      switch (by, format) {
      case (.lesion, .table) where try opened.isPointEstimate:
        try StandardStreams.print(
          TableText.text(of: try Summary.byLesion(opened, functional: functional), as: format.rawValue))
      case (.lesion, .table):
        try StandardStreams.print(
          try LesionSummaryText.text(
            of: Summary.byLesion(opened, functional: functional), style: Console.outputStyle))
      case (.lesion, _):
        try StandardStreams.print(
          TableText.text(of: try Summary.byLesion(opened, functional: functional), as: format.rawValue))
      case (.voxel, _):
        try StandardStreams.print(TableText.text(of: try Summary.byVoxel(opened), as: format.rawValue))
      }
    }
  }
}
