import ArgumentParser

struct Fit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sample the posterior of a scan: per voxel and per lesion.", subcommands: [FitIVIMCommand.self])
}
