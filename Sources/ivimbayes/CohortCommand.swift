import ArgumentParser
import Foundation
import IVIMBayes

struct CohortCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cohort",
    abstract: "The tables of a clinical paper: groups, paired changes, ROC curves, cut-offs, readers.",
    discussion: """
      COHORT is a table as for efficacy train; pdl1 is positive, negative or a percentage. Results, in the folder --out: \
      groups.tsv, paired.tsv, roc.tsv, roc-pairs.tsv, with a column reader also readers.tsv, with --logistic also \
      logistic.tsv, each with a sidecar that explains its columns; cohort_report.html, the page; patients.tsv and \
      left-out.tsv, what its figures show. Tests are of patients: the mean of a patient's \
      lesions. Raw p-values stand beside those adjusted by Holm and by Benjamini and Hochberg.

      Example: ivimbayes cohort cohort.tsv --out tables

      Exit codes: 0 done, 64 usage, 65 bad data, 66 missing input, 73 output exists, 74 input or output failed.
      """)

  @Argument(help: "The table of the cohort.")
  var cohort: String

  @Option(help: ArgumentHelp("The folder of the results; it must not exist.", valueName: "folder"))
  var out: String

  @Option(
    help: ArgumentHelp(
      "pre_, post_ or delta_ of parameters, or names of columns of numbers (default: every feature of the table).",
      valueName: "list"))
  var features: String?

  @Option(help: ArgumentHelp("Features of one logistic regression of the group.", valueName: "list"))
  var logistic: String?

  @OptionGroup var outcomes: OutcomeOptions

  @Option(
    help: ArgumentHelp("PD-L1 percentage from which on it is positive (default: 1).", valueName: "percent"))
  var pdl1Cutoff: Double?

  @Option(help: ArgumentHelp("A repeatability.json (default: published figures).", valueName: "file"))
  var repeatability: String?

  @Option(help: ArgumentHelp("Seed of the random numbers (default: 1).", valueName: "n"))
  var seed: UInt64?

  @OptionGroup(title: "Running") var options: ConfigurationOption

  @OptionGroup(title: "Running") var running: CohortRunningOptions

  func run() throws {
    try running.log.console.reporting {
      var configuration = try options.file.map { try CohortConfiguration.read($0) } ?? CohortConfiguration()
      if let features { configuration.features = features.listed }
      if let logistic { configuration.logistic = logistic.listed }
      if let words = outcomes.effectiveWords { configuration.effective = words }
      if let words = outcomes.ineffectiveWords { configuration.ineffective = words }
      if let pdl1Cutoff { configuration.pdl1Cutoff = pdl1Cutoff }
      if let seed { configuration.seed = seed }
      var comparison = CohortComparison(
        cohort: URL(filePath: cohort), output: URL(filePath: out), configuration)
      comparison.repeatability = repeatability.map { URL(filePath: $0) }
      comparison.overwrites = running.overwrite
      let console = running.log.console
      let tables = try comparison.run(notice: console.notice, meter: console.meter(of: "curves and patients"))
      console.endProgress()
      try StandardStreams.print(CohortText.text(of: tables))
    }
  }
}
