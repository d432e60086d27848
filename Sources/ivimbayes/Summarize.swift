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
      Units as in the files: mm2/s for d, dstar, fdstar and adc; f is a fraction; s0 and sigma in image units.

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
      let summary =
        switch by {
        case .lesion: try Summary.byLesion(opened, functional: functional == "all" ? nil : functional)
        case .voxel: try Summary.byVoxel(opened)
        }
      print(
        TableText.text(
          of: summary, as: format.rawValue, hiding: ["hdi_lower", "hdi_upper", "mcse_mean", "overlap"]))
    }
  }
}
