import ArgumentParser

@main
struct IVIMBayesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "ivimbayes", abstract: "x")
}
