import Foundation
import IVIMBayes
import TestSupport
import Testing

/// The help of every command, whole, against `Golden/<command>.txt`.
///
/// After a wanted change: `IVIMBAYES_WRITE_GOLDEN=1 swift test --filter HelpTests`, then read the difference.
@Suite struct HelpTests {
  static let commands = [
    [], ["fit"], ["fit", "ivim"], ["fit", "t1"], ["summarize"], ["diagnose"], ["delta"], ["repeatability"],
    ["efficacy"], ["efficacy", "train"], ["efficacy", "predict"], ["efficacy", "from-summary"], ["cohort"],
    ["report"], ["simulate"], ["simulate", "phantom"], ["simulate", "patient"], ["simulate", "cohort"],
    ["calibrate"], ["bids"], ["units"], ["import"], ["import", "dicom"],
  ]

  @Test(arguments: commands)
  func `The help of a command is the golden text`(command: [String]) throws {
    let outcome = try Command.succeed(command + ["--help"])
    let name = (["ivimbayes"] + command).joined(separator: "-")
    let golden = Folders.tests.appending(path: "CommandTests/Golden/\(name).txt")
    if ProcessInfo.processInfo.environment["IVIMBAYES_WRITE_GOLDEN"] != nil {
      try FileManager.default.createDirectory(
        at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(outcome.output.utf8).write(to: golden)
    }
    let expected = try String(contentsOf: golden, encoding: .utf8)
    #expect(outcome.output == expected)
    #expect(outcome.errors.isEmpty)
  }

  @Test func `Every subcommand that the help lists has a golden text`() throws {
    for command in Self.commands {
      let help = try Command.succeed(command + ["--help"]).lines
      guard let start = help.firstIndex(of: "SUBCOMMANDS:") else { continue }
      let listed = help[(start + 1)...].filter {
        $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.hasPrefix("  See ")
      }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
      #expect(!listed.isEmpty)
      for name in listed { #expect(Self.commands.contains(command + [name]), "\(command) \(name)") }
    }
  }

  @Test func `The help of the command carries the research-use sentence, and --version the version`() throws {
    let help = try Command.succeed(["--help"]).output.split(whereSeparator: \.isWhitespace).joined(
      separator: " ")
    #expect(help.contains(IVIMBayesVersion.researchUse))
    #expect(try Command.succeed(["--version"]).lines == [IVIMBayesVersion.current])
  }

  @Test(arguments: [
    ["fit", "ivim"], ["fit", "ivim", "scan.nii.gz"], ["fit", "pet", "x"], ["summarize"], ["diagnose"],
    ["simulate", "phantom"], ["simulate", "patient"], ["simulate", "cohort", "--as-table"],
    ["fit", "ivim", "scan.nii.gz", "--out", "run", "--no-such-option"],
    ["fit", "ivim", "scan.nii.gz", "--out", "run", "--chains", "four"],
    ["fit", "ivim", "scan.nii.gz", "--out", "run", "--adc-range", "1000"],
    ["fit", "ivim", "scan.nii.gz", "--out", "run", "--log-format", "xml"],
    ["summarize", "run", "--format", "xml"], ["diagnose", "run", "--format", "xml"],
  ])
  func `A command line that cannot be understood ends with 64 and says what is missing`(arguments: [String])
    throws
  {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(arguments, in: folder.url)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: "))
    #expect(outcome.errors.contains("--help"))
    #expect(folder.contents.isEmpty)
  }
}
