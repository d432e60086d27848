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

  @Option(help: ArgumentHelp("PD-L1 percentage from which on it is positive.", valueName: "percent"))
  var pdl1Cutoff = 1.0

  @Option(help: ArgumentHelp("A repeatability.json (default: published figures).", valueName: "file"))
  var repeatability: String?

  @Option(help: "Seed of the random numbers.")
  var seed: UInt64 = 1

  @OptionGroup(title: "Running") var running: CohortRunningOptions

  func run() throws {
    try running.log.console.reporting {
      var comparison = CohortComparison(cohort: URL(filePath: cohort), output: URL(filePath: out))
      comparison.features = features.map { $0.split(separator: ",").map(String.init) }
      comparison.logistic = logistic.map { $0.split(separator: ",").map(String.init) }
      comparison.rule = try outcomes.rule()
      comparison.pdl1Cutoff = pdl1Cutoff
      comparison.repeatability = repeatability.map { URL(filePath: $0) }
      comparison.seed = seed
      comparison.overwrites = running.overwrite
      let tables = try comparison.run(notice: running.log.console.notice)
      print(CohortText.text(of: tables))
    }
  }
}
