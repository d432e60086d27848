import ArgumentParser

struct FitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Sample the posterior of a scan: per voxel and per lesion.",
    subcommands: [FitIVIMCommand.self, FitT1Command.self])
}
