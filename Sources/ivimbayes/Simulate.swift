import ArgumentParser
import Foundation
import IVIMBayes

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Scans and cohorts with known truth.",
    subcommands: [SimulatePatient.self, SimulateCohort.self, SimulatePhantom.self])
}

/// What every simulation takes.
struct SimulationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The new folder of the dataset.", valueName: "folder"))
  var out: String?

  @Option(help: ArgumentHelp("What is simulated, JSON; missing entries take defaults.", valueName: "file"))
  var plan: String?

  @Flag(help: "Print the default plan and end.")
  var writeDefaultPlan = false

  @Option(help: ArgumentHelp("Seed of the random numbers.", valueName: "n"))
  var seed: UInt64 = 1

  @Flag(help: "Replace the folder if it exists and ivimbayes has made it.")
  var overwrite = false

  func validate() throws {
    if out == nil && !writeDefaultPlan { throw ValidationError("Give a folder with --out.") }
  }

  /// The files that are read.
  var inputs: [URL] { [plan].compactMap { $0 }.map { URL(filePath: $0) } }

  /// Prints the default plan, or reads the plan and simulates it into the folder, whose name is printed.
  func run<Plan: SimulationPlan>(_ simulate: (Plan, URL) throws -> Void) throws {
    try Console.reporting {
      guard !writeDefaultPlan, let out else {
        try StandardStreams.print(Plan().json, terminator: "")
        return
      }
      try simulate(try plan.map { try Plan.read(URL(filePath: $0)) } ?? Plan(), URL(filePath: out))
      try StandardStreams.print(out)
    }
  }
}

struct SimulatePatient: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patient",
    abstract: "One patient scanned before and after treatment, as a BIDS dataset stamped SYNTHETIC.",
    discussion: """
      Diffusion and T1 series of every visit, lesions under derivatives/lesions, the truth under \
      derivatives/truth: voxel maps, lesions.tsv, changes.tsv, and the repeatability.json of the plan.

      Example: ivimbayes simulate patient --out patient --seed 1
      """)

  @OptionGroup var options: SimulationOptions

  func run() throws {
    try options.run { (plan: PatientPlan, folder: URL) in
      try SimulatedDataset(plan, seed: options.seed).write(
        to: folder, overwriting: options.overwrite, reading: options.inputs)
    }
  }
}

struct SimulateCohort: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cohort",
    abstract: "Patients with known response, as a BIDS dataset or a table, stamped SYNTHETIC.",
    discussion: """
      Images as of simulate patient, with outcome and PD-L1 in participants.tsv; or, with --as-table, the lesions \
      as measured (SYNTHETIC-cohort.tsv, for efficacy train and cohort) and their truth. The same seed gives the \
      same truth either way.

      Example: ivimbayes simulate cohort --as-table --out cohort --seed 1
      """)

  @OptionGroup var options: SimulationOptions

  @Flag(help: "Write a table of measured lesions instead of images.")
  var asTable = false

  func run() throws {
    try options.run { (plan: CohortPlan, folder: URL) in
      if asTable {
        try SimulatedCohortTable(plan, seed: options.seed).write(
          to: folder, overwriting: options.overwrite, reading: options.inputs)
      } else {
        try SimulatedDataset(plan, seed: options.seed).write(
          to: folder, overwriting: options.overwrite, reading: options.inputs)
      }
    }
  }
}

struct SimulatePhantom: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phantom",
    abstract: "A diffusion scan with lesions of known truth, as a BIDS dataset stamped SYNTHETIC.",
    discussion: """
      Example: ivimbayes simulate phantom --out phantom --seed 1
      """)

  @OptionGroup var options: SimulationOptions

  func run() throws {
    try options.run { (plan: PhantomPlan, folder: URL) in
      try Phantom(plan, seed: options.seed).write(
        to: folder, overwriting: options.overwrite, reading: options.inputs)
    }
  }
}
