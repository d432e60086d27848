import ArgumentParser
import Foundation
import IVIMBayes

struct DeltaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delta",
    abstract: "Change of every parameter of every lesion between two visits.",
    discussion: """
      --pre and --post take the output folders of fit: one of fit ivim, one of fit t1, or both. The change is the \
      difference of lesion functionals of joint draws, on the log axis (logit for f), widened by what two scans of an \
      unchanged lesion differ by. Lesions of equal label are compared; voxels never are.

      Results, in the folder --out: changes.tsv, its sidecar changes.json, the draws changes.nc and the record \
      changes_run.json; with --sensitivity design_bias.tsv. The table on standard output shows percent changes with 90 % intervals; scan-to-scan says \
      whether the observed change passes the repeatability coefficient.

      Example: ivimbayes delta --pre pre-ivim pre-t1 --post post-ivim post-t1 --patient P01 --out changes

      Exit codes: 0 done, 64 usage, 65 bad data or different protocols, 66 missing input, 73 output exists, \
      74 input or output failed.
      """)

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Runs of the baseline: output folders of fit.", valueName: "run"))
  var pre: [String]

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Runs of the follow-up.", valueName: "run"))
  var post: [String]

  @Option(help: ArgumentHelp("The folder of the results; it must not exist.", valueName: "folder"))
  var out: String

  @Option(help: ArgumentHelp("The patient's key (default: the subject of the runs).", valueName: "id"))
  var patient: String?

  @Option(
    help: ArgumentHelp(
      "Which lesion is which: columns pre, post, name; n/a where it is missing (default: equal labels).",
      valueName: "file"))
  var match: String?

  @Option(
    help: ArgumentHelp(
      "A repeatability.json of your own test-retest study (default: published figures).", valueName: "file"))
  var repeatability: String?

  @Option(
    help: ArgumentHelp(
      "Half-widths of no practical change, by parameter (default: adc=10%,d=10%,t1=5%, others 25%).",
      valueName: "list"))
  var rope: String?

  @Flag(help: "Compare in spite of different protocols, models or priors.")
  var force = false

  @Flag(help: "Simulate what change the design alone would make between equal tissue: design_bias.tsv.")
  var sensitivity = false

  @Option(help: ArgumentHelp("Seed of the pairing of draws (default: 1).", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Tasks at work at once in simulations (default: the processors). Results do not depend on it.",
      valueName: "n"))
  var threads: TaskCount?

  @Option(help: "Functional on standard output: mean, median, p10, p25, p75, p90, sd, iqr or all.")
  var functional = "mean"

  @Option(help: "Form of standard output: table, tsv or json.")
  var format: TableFormat = .table

  @OptionGroup(title: "Running") var running: ReportingOptions

  func validate() throws {
    try threads?.validate("--threads")
  }

  func run() async throws {
    let console = running.log.console
    do throws(RunError) {
      let shown = try shownFunctional()
      var options = DeltaConfiguration()
      if let file = running.config { options = try DeltaConfiguration.read(URL(filePath: file)) }
      if let patient { options.patient = patient }
      if let rope { options.rope.merge(try DeltaConfiguration.rope(parsing: rope)) { $1 } }
      if force { options.force = true }
      if sensitivity { options.sensitivity = true }
      if let seed { options.seed = seed }
      var files = DeltaFiles(
        pre: pre.map { URL(filePath: $0) }, post: post.map { URL(filePath: $0) }, output: URL(filePath: out))
      files.match = match.map { URL(filePath: $0) }
      files.repeatability = repeatability.map { URL(filePath: $0) }
      files.overwrites = running.overwrite
      let report = try await Delta(
        files, options, threads: threads?.count ?? TaskCount.processors,
        notice: console.notice
      ).run()
      try StandardStreams.print(
        format == .table
          ? ChangeText.table(report.changes, functional: shown ?? .mean, style: Console.outputStyle)
          : ChangeText.text(report.changes, functional: shown, as: format.rawValue))
      if format == .table {
        try StandardStreams.print(
          (ChangeText.sentences(report.changes, functional: shown ?? .mean)).joined(separator: "\n"))
      }
      console.notice("patient \(report.patient): written to \(report.folder.relativePath)")
    } catch {
      throw console.failure(error)
    }
  }

  private func shownFunctional() throws(RunError) -> LesionFunctional? {
    if functional == "all" && format != .table { return nil }
    guard let shown = LesionFunctional(rawValue: functional) else {
      throw RunError(
        .usage, at: "--functional",
        "there is no functional \"\(functional)\" to show as a \(format.rawValue)",
        advice: "Choose one of mean, median, p10, p25, p75, p90, sd, iqr; all with --format tsv or json")
    }
    return shown
  }
}

/// How a command behaves that reads results and writes a folder.
struct ReportingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Options from a JSON file, or the _run.json of earlier results; the command line wins.",
      valueName: "file"))
  var config: String?

  @Flag(help: "Replace the output folder if it exists and ivimbayes has made it.")
  var overwrite = false

  @OptionGroup var log: LogOptions
}
