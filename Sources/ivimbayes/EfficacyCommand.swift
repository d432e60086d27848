import ArgumentParser
import Foundation
import IVIMBayes

struct EfficacyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "efficacy",
    abstract: "Probability of efficacy of each lesion and patient, under a model of a cohort.",
    discussion: "Without a cohort there is no probability; delta reports the changes all the same.",
    subcommands: [EfficacyTrain.self, EfficacyPredict.self, EfficacyFromSummary.self])
}

/// How a command behaves that makes results from a cohort.
struct CohortRunningOptions: ParsableArguments {
  @Flag(help: "Replace the results if they exist and ivimbayes has made them.")
  var overwrite = false

  @OptionGroup var log: LogOptions
}

/// Options from a file.
struct ConfigurationOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Options from a JSON file, or the record of earlier results; the command line wins.", valueName: "file")
  )
  var config: String?

  /// The file; nil if none is given.
  var file: URL? { config.map { URL(filePath: $0) } }
}

/// A list of the command line.
extension String {
  /// "a, b" as ["a", "b"].
  var listed: [String] { split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
}

/// How outcomes and protocols of a cohort are read.
struct OutcomeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Responses that are effective: RECIST categories, or words of your own with --ineffective (default: CR,PR).",
      valueName: "list"))
  var effective: String?

  @Option(help: ArgumentHelp("Words of your own that mean ineffective.", valueName: "list"))
  var ineffective: String?

  var effectiveWords: [String]? { effective?.listed }

  var ineffectiveWords: [String]? { ineffective?.listed }
}

struct EfficacyTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "A cohort of known outcomes becomes a model file.",
    discussion: """
      COHORT is a table with one row for each lesion: patient, lesion, outcome (CR, PR, SD, PD, effective or \
      ineffective; it belongs to the patient) and, for each parameter p, pre_p, pre_p_sd, post_p, post_p_sd (units of \
      the files: mm2/s, s, a fraction; SDs of the logarithm), or a column changes with the path of the changes.nc of \
      delta. Features are named before the outcomes are known. Fewer than 5 patients in a class: no model; 5 to 9: \
      exploratory. The file holds no patient of the cohort.

      Example: ivimbayes efficacy train cohort.tsv --out efficacy-model.json

      Exit codes: 0 done, 64 usage, 65 bad or insufficient data, 66 missing input, 73 output exists.
      """)

  @Argument(help: "The table of the cohort.")
  var cohort: String

  @Option(help: ArgumentHelp("The model file that is made.", valueName: "file"))
  var out = "efficacy-model.json"

  @Option(
    help: ArgumentHelp("pre_, post_ or delta_ of parameters (default: delta_adc,post_t1).", valueName: "list")
  )
  var features: String?

  @Option(
    help: ArgumentHelp(
      "Also write every patient's probability by the models fitted without that patient.", valueName: "file"))
  var leftOut: String?

  @OptionGroup var outcomes: OutcomeOptions

  @Option(
    help: ArgumentHelp("What results call the cohort (default: the name of the file).", valueName: "text"))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Share of effective treatment among those to be judged (default: learned from the cohort).",
      valueName: "p"))
  var prevalence: Double?

  @Option(help: ArgumentHelp("A repeatability.json (default: published figures).", valueName: "file"))
  var repeatability: String?

  @Option(help: ArgumentHelp("Seed of the random numbers (default: 1).", valueName: "n"))
  var seed: UInt64?

  @Flag(help: "Take draws of different protocols together.")
  var force = false

  @OptionGroup(title: "Running") var options: ConfigurationOption

  @OptionGroup(title: "Running") var running: CohortRunningOptions

  func run() throws {
    try running.log.console.reporting {
      var configuration =
        try options.file.map { try TrainingConfiguration.read($0) } ?? TrainingConfiguration()
      if let features { configuration.features = features.listed }
      if let words = outcomes.effectiveWords { configuration.effective = words }
      if let words = outcomes.ineffectiveWords { configuration.ineffective = words }
      if let name { configuration.name = name }
      if let prevalence { configuration.prevalence = prevalence }
      if let seed { configuration.seed = seed }
      if force { configuration.force = true }
      var training = EfficacyTraining(
        cohort: URL(filePath: cohort), output: URL(filePath: out), configuration)
      training.leftOut = leftOut.map { URL(filePath: $0) }
      training.repeatability = repeatability.map { URL(filePath: $0) }
      training.overwrites = running.overwrite
      let console = running.log.console
      let model = try training.run(notice: console.notice, meter: console.meter(of: "patients left out"))
      console.endProgress()
      try StandardStreams.print(EfficacyText.model(model))
    }
  }
}

struct EfficacyPredict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Judge lesions and patients by a model file.",
    discussion: """
      CHANGES are output folders of delta, their changes.nc, or tables of lesions as for train. Results, in the folder \
      --out: efficacy.tsv and its sidecar, and efficacy_report.html, the page. A probability is an estimate under the model that a patient with such a \
      change belongs to the effective group of the cohort: concurrent assessment, not prediction. Scans of another \
      protocol than the cohort's are refused.

      Example: ivimbayes efficacy predict efficacy-model.json changes --out efficacy

      Exit codes: 0 done, 64 usage, 65 bad data or another protocol, 66 missing input, 73 output exists.
      """)

  @Argument(help: "The model file.")
  var model: String

  @Argument(help: "What is judged.")
  var changes: [String]

  @Option(help: ArgumentHelp("The folder of the results; it must not exist.", valueName: "folder"))
  var out: String

  @Option(help: ArgumentHelp("Share of effective treatment (default: the model's).", valueName: "p"))
  var prevalence: Double?

  @Flag(help: "Judge single patients by a model with fewer than ten patients in a class.")
  var allowSmall = false

  @Flag(help: "Judge scans of another protocol than the cohort's.")
  var force = false

  @OptionGroup(title: "Running") var options: ConfigurationOption

  @OptionGroup(title: "Running") var running: CohortRunningOptions

  @Option(help: "Form of standard output: table, tsv or json.")
  var format: TableFormat = .table

  func run() throws {
    try running.log.console.reporting {
      var configuration = try options.file.map { try JudgingConfiguration.read($0) } ?? JudgingConfiguration()
      if let prevalence { configuration.prevalence = prevalence }
      if allowSmall { configuration.allowSmall = true }
      if force { configuration.force = true }
      var judging = EfficacyJudging(
        model: URL(filePath: model), changes: changes.map { URL(filePath: $0) }, output: URL(filePath: out),
        configuration)
      judging.overwrites = running.overwrite
      let table = try judging.run(notice: running.log.console.notice)
      try StandardStreams.print(
        format == .table ? try EfficacyText.judgements(table) : TableText.text(of: table, as: format.rawValue)
      )
    }
  }
}

struct EfficacyFromSummary: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "from-summary", abstract: "Published group means and SDs become a model file, uncalibrated.",
    discussion: """
      GROUPS is JSON: {"name": "...", "feature": "delta_adc", "effective": {"n": 12, "mean": 0.20, "sd": 0.15}, \
      "ineffective": {"n": 11, "mean": 0.02, "sd": 0.14}, "prevalence": 0.5}, means and SDs on the axis of the feature \
      (log; logit of f). With "typical_sd", the measurement error of the study, the excess of a lesion's own error \
      widens both groups. An AUC alone cannot make a model.

      Example: ivimbayes efficacy from-summary groups.json --out summary-model.json

      Exit codes: 0 done, 64 usage, 65 bad data, 66 missing input, 73 output exists.
      """)

  @Argument(help: "The group summaries.")
  var groups: String

  @Option(help: ArgumentHelp("The model file that is made.", valueName: "file"))
  var out = "efficacy-model.json"

  @OptionGroup(title: "Running") var running: CohortRunningOptions

  func run() throws {
    try running.log.console.reporting {
      let model = try EfficacySummary.run(
        URL(filePath: groups), to: URL(filePath: out), overwriting: running.overwrite)
      try StandardStreams.print(EfficacyText.model(model))
    }
  }
}
