import ArgumentParser
import Foundation
import IVIMBayes

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Scans with known truth.", subcommands: [SimulatePhantom.self])
}

struct SimulatePhantom: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phantom",
    abstract: "A diffusion scan with lesions of known truth, as a BIDS dataset stamped SYNTHETIC.",
    discussion: """
      Example: ivimbayes simulate phantom --out phantom --seed 1
      """)

  @Option(help: ArgumentHelp("The new folder of the dataset.", valueName: "folder"))
  var out: String?

  @Option(help: ArgumentHelp("Protocol, noise, tissue and lesions, JSON.", valueName: "file"))
  var plan: String?

  @Flag(help: "Print the default plan and end.")
  var writeDefaultPlan = false

  @Option(help: "Seed of the random numbers.")
  var seed: UInt64 = 1

  @Flag(help: "Replace the folder if it exists and ivimbayes has made it.")
  var overwrite = false

  func validate() throws {
    if out == nil && !writeDefaultPlan { throw ValidationError("Give a folder with --out.") }
  }

  func run() throws {
    try Console.reporting {
      guard !writeDefaultPlan, let out else {
        print(PhantomPlan().json, terminator: "")
        return
      }
      let plan = try plan.map { try PhantomPlan.read(URL(filePath: $0)) } ?? PhantomPlan()
      try Phantom(plan, seed: seed).write(to: URL(filePath: out), overwriting: overwrite)
      print(out)
    }
  }
}
