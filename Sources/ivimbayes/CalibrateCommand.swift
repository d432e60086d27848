import ArgumentParser
import Foundation
import IVIMBayes

struct Calibrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Can the intervals be believed at your own protocol? Simulated lesions of known truth, fitted and judged.",
    discussion: """
      Ranks (simulation-based calibration) and Geweke's joint test judge the program: prior, likelihood and sampler \
      must belong together. Coverage judges the fit as you use it: digital reference lesions (homogeneous, rim and \
      core, gradient) are simulated at your b-values or times, noise and lesion size, and fitted; the 90 % interval of \
      a lesion mean must hold the truth in 85 to 95 % of them.

      Writes calibration.txt, calibration.json, ranks.tsv, rank-paths.tsv, geweke.tsv and coverage.tsv.
      Exit codes: 0 pass, 2 fail.

      Examples:
        ivimbayes calibrate --bval dwi.bval --snr 25 --lesion-voxels 150 --out calibration
        ivimbayes calibrate --method ir --inversion-times 0.1,0.4,1,2.5 --repetition-time 5 --out t1-calibration
      """)

  @Option(
    help: ArgumentHelp(
      "b-values in s/mm2: a file in FSL form, or numbers with commas between.", valueName: "b"))
  var bval: NumberSeries?

  @OptionGroup(title: "T1")
  var t1: T1Options

  @Option(help: ArgumentHelp("Signal-to-noise ratio S0/sigma at b = 0, or M0/sigma.", valueName: "ratio"))
  var snr: Double = 30

  @Option(help: ArgumentHelp("Voxels of each simulated lesion.", valueName: "n"))
  var lesionVoxels: Int = 100

  @Option(
    help: ArgumentHelp(
      "Simulated lesions for the ranks, and for each row of the coverage table.",
      valueName: "n"))
  var replicates: Int = 100

  @Option(
    help: ArgumentHelp("What is checked: ranks, geweke, coverage, separated by commas.", valueName: "checks"))
  var checks: CheckList = CheckList.all

  @Option(
    help: ArgumentHelp("biexponential or monoexponential (default: biexponential).", valueName: "model"))
  var model: String?

  @OptionGroup(title: "Prior")
  var prior: PriorOptions

  @Option(
    help: ArgumentHelp(
      "gaussian or rician (default: gaussian; rician for magnitude inversion recovery).", valueName: "noise"))
  var noise: String?

  @OptionGroup(title: "Sampling")
  var sampling: SamplingOptions

  @Option(help: ArgumentHelp("The new folder of the results.", valueName: "folder"))
  var out: String?

  @OptionGroup
  var running: CalibrationRunningOptions

  func validate() throws {
    if (bval == nil) == (t1.method == nil) {
      throw ValidationError("Give the protocol: --bval, or --method with its times or flip angles.")
    }
    if t1.b1 != nil {
      throw ValidationError("--b1: simulated lesions have no map. Give --b1-sd, the uncertainty of yours.")
    }
  }

  func run() async throws {
    let console = running.log.console
    do {
      let report = try await Calibration(
        try plan(), threads: running.threadCount, meter: console.meter(of: "lesions")
      ).run(
        writingTo: out.map { URL(filePath: $0) }, overwriting: running.overwrite,
        reading: [prior.priors].compactMap { $0 }.map { URL(filePath: $0) })
      console.endProgress()
      try StandardStreams.print(report.text(style: Console.outputStyle), terminator: "")
      if !report.passes { throw ExitCode(2) }
    } catch let error as ExitCode { throw error } catch { throw console.failure(RunError(error)) }
  }

  private func plan() throws -> CalibrationPlan {
    var configuration = FitConfiguration()
    prior.apply(to: &configuration)
    sampling.apply(to: &configuration)
    t1.apply(to: &configuration)
    if let noise { configuration.noise = noise }
    if let model { configuration.model = model }
    let design: CalibrationPlan.Design =
      if let bval { .diffusion(bValues: bval.numbers) } else {
        .t1(settings: configuration.settings ?? [], repetitionTime: configuration.repetitionTime)
      }
    var plan = CalibrationPlan(
      design, configuration: configuration,
      priors: try TissuePriors.chosen(configuration.tissue, file: prior.priors.map { URL(filePath: $0) }))
    plan.signalToNoise = snr
    plan.lesionVoxels = lesionVoxels
    plan.replicates = replicates
    plan.checks = checks.checks
    return plan
  }
}

/// The checks of a calibration, separated by commas.
struct CheckList: ExpressibleByArgument {
  let checks: Set<CalibrationPlan.Check>

  static let all = CheckList(checks: Set(CalibrationPlan.Check.allCases))

  private init(checks: Set<CalibrationPlan.Check>) { self.checks = checks }

  init?(argument: String) {
    let names = argument.split(separator: ",").map(String.init)
    let checks = names.compactMap { CalibrationPlan.Check(rawValue: $0) }
    guard !checks.isEmpty, checks.count == names.count else { return nil }
    self.checks = Set(checks)
  }

  var defaultValueDescription: String { "ranks,geweke,coverage" }
}

/// How the command behaves.
struct CalibrationRunningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Tasks at work at once (default: the processors). Results do not depend on it.", valueName: "n"))
  var threads: TaskCount?

  @Flag(help: "Replace the output folder if it exists and ivimbayes has made it.")
  var overwrite = false

  @OptionGroup var log: LogOptions

  func validate() throws {
    try threads?.validate("--threads")
  }

  var threadCount: Int { threads?.count ?? TaskCount.processors }
}
