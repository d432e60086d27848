import ArgumentParser
import Foundation
import IVIMBayes

struct RepeatabilityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repeatability",
    abstract: "How much parameters scatter between two scans of an unchanged lesion.",
    discussion: """
      PAIRS is a table of test-retest pairs with the columns subject, parameter (d, f, dstar, fdstar, adc, t1), first, \
      second and, if known, first_sd and second_sd: the posterior SDs of the logarithms. Without them all variation \
      counts as physiological, which is conservative.

      Results, in the folder --out: repeatability.tsv (within-subject SD, wCV, repeatability coefficient with 95 % \
      interval, bias, limits of agreement, in the unit of the parameter; wsd_log, wsd_phys of the logarithm) and \
      repeatability.json for delta --repeatability.

      Example: ivimbayes repeatability pairs.tsv --out repeatability

      Exit codes: 0 done, 64 usage, 65 bad data, 66 missing input, 73 output exists, 74 input or output failed.
      """)

  @Argument(help: ArgumentHelp("The table of pairs.", valueName: "pairs"))
  var pairs: String?

  @Option(help: ArgumentHelp("The folder of the results; it must not exist.", valueName: "folder"))
  var out: String?

  @Option(
    help: ArgumentHelp("What tables call the study (default: the name of the file).", valueName: "text"))
  var source: String?

  @Flag(help: "Print the built-in figures with their sources and end.")
  var builtIn = false

  @Flag(help: "Take measurements that are the same twice.")
  var force = false

  @OptionGroup(title: "Running") var running: CohortRunningOptions

  @Option(help: "Form of standard output: table, tsv or json.")
  var format: TableFormat = .table

  func validate() throws {
    if !builtIn && (pairs == nil || out == nil) {
      throw ValidationError("Give a table of pairs and a folder with --out, or ask for --built-in.")
    }
  }

  func run() throws {
    try running.log.console.reporting {
      guard !builtIn, let pairs, let out else {
        try StandardStreams.print(TableText.text(of: RepeatabilityStudy.builtIn, as: format.rawValue))
        return
      }
      let table = try RepeatabilityStudy.run(
        URL(filePath: pairs), to: URL(filePath: out), source: source, overwriting: running.overwrite,
        force: force)
      try StandardStreams.print(TableText.text(of: table, as: format.rawValue))
    }
  }
}
