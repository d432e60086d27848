import ArgumentParser
import Foundation
import IVIMBayes

/// The levels of analysis of the BIDS App convention.
enum BIDSLevel: String, ExpressibleByArgument, CaseIterable {
  case participant
  case group
}

struct BIDSCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bids",
    abstract: "Fit a BIDS dataset: every visit, the changes, the cohort.",
    discussion: """
      participant fits the _dwi and the _IRT1 or _VFA series of every session, and the changes since the first \
      session; each fit appears in OUT/sub-/ses-/dwi or anat when it is whole. Lesions are label images (_dseg) in a \
      derivative dataset. group reads only OUT and makes from the changes and participants.tsv (outcome, pdl1), in \
      OUT/group: cohort.tsv, the tables of cohort, efficacy-model.json with the patients left out in left-out.tsv, \
      efficacy.tsv of the patients without an outcome yet, and missing.tsv, what is not there.

      Jobs of a cluster run participant with one --participant-label each, at the same time if they like, and group \
      after all of them.

      Example: ivimbayes bids data data/derivatives/ivimbayes participant --participant-label 01

      Exit codes: 0 done, 64 usage, 65 bad data, 66 missing input, 73 output exists, 74 input or output failed; a \
      participant that fails does not keep the others from being done.
      """)

  @Argument(help: ArgumentHelp("The dataset; group does not read it.", valueName: "bids-dir"))
  var dataset: String

  @Argument(help: ArgumentHelp("The derivative dataset that is made or added to.", valueName: "out"))
  var output: String

  @Argument(help: "participant or group.")
  var level: BIDSLevel

  @OptionGroup(title: "Choosing") var choice: BIDSChoice
  @OptionGroup(title: "Priors") var prior: PriorOptions
  @OptionGroup(title: "Noise") var noise: NoiseOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions
  @OptionGroup(title: "Sampling") var comparison: ComparisonOptions
  @OptionGroup(title: "Cohort (group)") var cohort: BIDSCohort
  @OptionGroup(title: "Running") var running: BIDSRunning

  func run() async throws {
    let console = running.log.console
    do {
      switch level {
      case .participant: try await runParticipants(console)
      case .group: try runGroup(console)
      }
    } catch let error as RunError {
      throw console.failure(error)
    }
  }

  private func runParticipants(_ console: Console) async throws {
    var configuration = BIDSConfiguration()
    if let file = running.config { configuration.fit = try FitConfiguration.read(URL(filePath: file)) }
    prior.apply(to: &configuration.fit)
    noise.apply(to: &configuration.fit)
    sampling.apply(to: &configuration.fit)
    comparison.apply(to: &configuration.fit)
    choice.apply(to: &configuration)
    running.apply(to: &configuration)
    configuration.priors = prior.priors.map { URL(filePath: $0) }
    let run = InterruptibleRun()
    SignalHandlers.install(flushing: run, console: console)
    let participants = BIDSParticipants(
      try BIDSDataset(URL(filePath: dataset)), output: URL(filePath: output), configuration,
      interruptible: run, notice: console.notice, meter: console.meter)
    let codes = try await participants.run().map { console.failure($0.error) }
    if let first = codes.first { throw first }
    try StandardStreams.print(output)
  }

  private func runGroup(_ console: Console) throws {
    var options = cohort.options()
    options.repeatability = choice.repeatability.map { URL(filePath: $0) }
    if let seed = sampling.seed { options.seed = seed }
    let report = try BIDSGroup(
      output: URL(filePath: output), options, overwriting: running.overwrite, notice: console.notice
    ).run()
    report.missing.forEach { console.notice("missing: \($0)") }
    console.notice("\(NumberText.count(report.lesionCount, "lesion")): \(report.cohort.relativePath)")
    try StandardStreams.print(report.folder.relativePath)
  }
}

/// Which participants, sessions, series and segmentations.
struct BIDSChoice: ParsableArguments {
  @Option(
    name: [.customLong("participant-label"), .customLong("participant_label")], parsing: .upToNextOption,
    help: ArgumentHelp("Participants, without sub- (default: all).", valueName: "label"))
  var participants: [String] = []

  @Option(
    name: [.customLong("session-label"), .customLong("session_label")], parsing: .upToNextOption,
    help: ArgumentHelp("Sessions, without ses- (default: all).", valueName: "label"))
  var sessions: [String] = []

  @Option(
    help: ArgumentHelp(
      "The session that changes are counted from (default: the first in time).",
      valueName: "label"))
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "The sessions in their order in time, such as pre,week4,week8 (default: acq_time of _sessions.tsv or _scans.tsv, or "
        + "labels that are numbers).", valueName: "labels"))
  var order: String?

  @Option(
    help: ArgumentHelp(
      "The derivative dataset of the segmentations (default: derivatives/lesions, or the one that has any).",
      valueName: "folder"))
  var lesions: String?

  @Option(
    help: ArgumentHelp("Entities of the diffusion series, such as acq-ivim,run-1.", valueName: "entities"))
  var selectDwi: String?

  @Option(help: ArgumentHelp("Entities of the T1 series.", valueName: "entities"))
  var selectT1: String?

  @Option(
    help: ArgumentHelp("Entities of the segmentation, such as desc-reader1.", valueName: "entities"))
  var selectLesions: String?

  @Option(
    help: ArgumentHelp(
      "ir, look-locker, molli or vfa (default: by suffix and sidecar).", valueName: "method"))
  var t1Method: String?

  @Option(
    help: ArgumentHelp(
      "How masks, labels and maps lie on the image: scanner (by their affines) or same-grid (voxel by voxel).",
      valueName: "how"))
  var place: String?

  @Flag(help: "Fit all of the images that holds the patient, not lesions (and a _mask) alone.")
  var wholeImage = false

  @Option(
    help: ArgumentHelp(
      "A repeatability.json of your own test-retest study, for the changes.", valueName: "file"))
  var repeatability: String?

  func validate() throws {
    if let t1Method, !["ir", "look-locker", "molli", "vfa"].contains(t1Method) {
      throw ValidationError("--t1-method \(t1Method): choose one of ir, look-locker, molli, vfa.")
    }
  }

  func apply(to configuration: inout BIDSConfiguration) {
    configuration.participants = participants.map { Self.label($0, prefix: "sub-") }
    configuration.sessions = sessions.map { Self.label($0, prefix: "ses-") }
    configuration.baseline = baseline.map { Self.label($0, prefix: "ses-") }
    configuration.order = order.map { $0.listed.map { Self.label($0, prefix: "ses-") } } ?? []
    configuration.selection.lesions = lesions.map { URL(filePath: $0) }
    configuration.selection.diffusion = Self.entities(selectDwi)
    configuration.selection.t1 = Self.entities(selectT1)
    configuration.selection.segmentation = Self.entities(selectLesions)
    configuration.selection.t1Method = t1Method
    configuration.fitsWholeImage = wholeImage
    if let place { configuration.fit.place = place }
    configuration.repeatability = repeatability.map { URL(filePath: $0) }
  }

  private static func label(_ text: String, prefix: String) -> String {
    text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
  }

  private static func entities(_ text: String?) -> [String] {
    text.map { $0.split(separator: ",").map(String.init) } ?? []
  }
}

/// How the cohort is compared and judged.
struct BIDSCohort: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "pre_, post_ or delta_ of parameters (default: delta_adc,post_t1 in the model, all in the tables).",
      valueName: "list"))
  var features: String?

  @OptionGroup var outcomes: OutcomeOptions

  @Option(help: ArgumentHelp("PD-L1 percentage from which on it is positive.", valueName: "percent"))
  var pdl1Cutoff = 1.0

  @Option(help: ArgumentHelp("What results call the cohort (default: the name of OUT).", valueName: "text"))
  var cohortName: String?

  func options() -> BIDSCohortOptions {
    var options = BIDSCohortOptions()
    options.features = features.map { $0.split(separator: ",").map(String.init) }
    options.effective = outcomes.effectiveWords
    options.ineffective = outcomes.ineffectiveWords
    options.pdl1Cutoff = pdl1Cutoff
    options.name = cohortName
    return options
  }
}

/// How the BIDS App behaves.
struct BIDSRunning: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Options of the fits from a JSON file, or the _run.json of an earlier run; the command line wins.",
      valueName: "file"))
  var config: String?

  @Option(
    name: [.customLong("n-cpus"), .customLong("n_cpus"), .long],
    help: ArgumentHelp(
      "Tasks at work at once (default: the processors). Results do not depend on it.", valueName: "n"))
  var threads: TaskCount?

  @Option(
    name: [.customLong("work-dir"), .customLong("work_dir")],
    help: ArgumentHelp(
      "Where fits are made and unfinished ones are kept (default: OUT/.work).", valueName: "folder"))
  var workFolder: String?

  @Flag(help: "Keep finished fits, and go on with those that were interrupted.")
  var resume = false

  @Flag(help: "Replace finished fits.")
  var overwrite = false

  @Flag(name: [.customLong("skip-bids-validator"), .customLong("skip_bids_validator")], help: .hidden)
  var skipsValidator = false

  @OptionGroup var log: LogOptions

  func validate() throws {
    try threads?.validate("--n-cpus")
    if resume && overwrite {
      throw ValidationError("--resume keeps what --overwrite replaces. Give one of them.")
    }
  }

  func apply(to configuration: inout BIDSConfiguration) {
    configuration.threads = threads?.count ?? TaskCount.processors
    configuration.workFolder = workFolder.map { URL(filePath: $0) }
    configuration.resumes = resume
    configuration.overwrites = overwrite
  }
}

struct UnitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "units",
    abstract: "The participants and sessions of a BIDS dataset, one a line.",
    discussion: """
      A table with the columns participant_id and session_id (n/a in a dataset without sessions), in the order in \
      which bids takes them: what the array of a cluster or a workflow runs through.

      Example: ivimbayes units data > units.tsv
      """)

  @Argument(help: ArgumentHelp("The dataset.", valueName: "bids-dir"))
  var dataset: String

  func run() throws {
    try Console.reporting {
      let units = try BIDSDataset(URL(filePath: dataset)).units()
      try StandardStreams.print(BIDSUnit.text(of: units), terminator: "")
    }
  }
}
