import ArgumentParser
import IVIMBayes

@main
struct IVIMBayesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ivimbayes",
    abstract: "Bayesian IVIM and T1 mapping that says how sure it is.",
    discussion: IVIMBayesVersion.researchUse,
    version: IVIMBayesVersion.current,
    subcommands: [
      FitCommand.self, Summarize.self, Diagnose.self, DeltaCommand.self, RepeatabilityCommand.self,
      EfficacyCommand.self, CohortCommand.self, ReportCommand.self, Simulate.self, Calibrate.self,
      BIDSCommand.self, UnitsCommand.self, ImportCommand.self,
    ])
}
