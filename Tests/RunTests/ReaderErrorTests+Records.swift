import Foundation
import NIfTI
import Posteriors
import TestSupport

@testable import IVIMBayes

/// Readers of JSON and of folders, whose errors carry the exit code of the command.
extension ReaderErrorTests {
  private static func options(_ text: String, _ evidence: [String]) -> Fault {
    Fault("Run.badInput", ["options.json"] + evidence) {
      _ = try FitConfiguration.read($0.write(text, as: "options.json"))
    }
  }

  private static func plan(_ text: String, _ evidence: [String]) -> Fault {
    Fault("Run.badInput", ["plan.json"] + evidence) {
      _ = try PhantomPlan.read($0.write(text, as: "plan.json"))
    }
  }

  private static func blood(_ text: String, _ evidence: [String]) -> Fault {
    Fault("Run.badInput", ["blood.json"] + evidence) {
      _ = try BloodCorrection.read($0.write(text, as: "blood.json"), priors: .lungTumour)
    }
  }

  /// The folder of a run with these files.
  private static func run(_ status: String, _ files: [String: String], _ evidence: [String]) -> Fault {
    Fault("Run.\(status)", evidence) { folder in
      for (name, text) in files { _ = try folder.write(text, as: name) }
      _ = try VisitRun(folder.url)
    }
  }

  static let records: [Fault] = [
    Fault("Run.missingInput", ["absent.json", "cannot be read", "Check its path"]) {
      _ = try FitConfiguration.read($0.file("absent.json"))
    },
    options("[1]", ["not a JSON object", "_run.json"]),
    options(#"{"sed": 1}"#, ["unknown option \"sed\"", "without the dashes"]),
    options(#"{"seed": "one"}"#, ["wrong kind", "Compare"]),
    Fault("Run.missingInput", ["absent.json", "plan cannot be read", "Check its path"]) {
      _ = try PhantomPlan.read($0.file("absent.json"))
    },
    plan("[", ["not a plan", "--write-default-plan"]),
    plan(#"{"snrr": 1}"#, ["unknown entry \"snrr\"", "--write-default-plan"]),
    plan(#"{"snr": -1}"#, ["Compare"]),
    Fault("Run.missingInput", ["absent.json", "cannot be read", "Check its path"]) {
      _ = try BloodCorrection.read($0.file("absent.json"), priors: .lungTumour)
    },
    blood("[1]", ["not a JSON object", "echo_time"]),
    blood(#"{"te": 0.06}"#, ["unknown entry \"te\"", "spelling"]),
    blood(#"{"repetition_time": 3}"#, ["\"echo_time\" is missing", "in s"]),
    blood(#"{"echo_time": 60, "repetition_time": 3}"#, ["looks like milliseconds", "0.06"]),
    blood(#"{"echo_time": 0.06, "repetition_time": 3, "field_strength": 9}"#, ["9", "Give them"]),
    blood(
      #"{"echo_time": 0.06, "repetition_time": 3, "tissue": 1}"#, ["\"tissue\" is not an object", "Give"]),
    blood(
      #"{"echo_time": 0.06, "repetition_time": 3, "tissue": {"t1": "x"}}"#, ["tissue", "t1", "Give seconds"]),
    blood(
      #"{"echo_time": 0.06, "repetition_time": 3, "tissue": {"t1": 1400}}"#,
      ["looks like milliseconds", "1.4"]),
    Fault("Run.missingInput", ["absent", "no such folder", "--out of a fit"]) {
      _ = try RunFolder($0.file("absent"))
    },
    run("badInput", [:], ["no _run.json", "--out of a fit"]),
    run("badInput", ["x_run.json": "{"], ["x_run.json"]),
    run("badInput", ["x_run.json": "{}"], ["x_run.json", "Give"]),
    Fault("Run.missingInput", ["absent", "no such folder", "Give a BIDS dataset"]) {
      _ = try BIDSDataset($0.file("absent"))
    },
    Fault("Run.badInput", ["no folder sub-LABEL", "participants.tsv"]) { _ = try BIDSDataset($0.url) },
    Fault("Run.missingInput", ["absent.json", "no model to judge by", "Train one"]) { folder in
      _ = try EfficacyJudging(model: folder.file("absent.json"), changes: [], output: folder.file("out"))
        .run()
    },
    Fault("Run.missingInput", ["absent", "no such file or folder", "--out of delta"]) { folder in
      _ = try CohortReading.judging(folder.file("absent"))
    },
  ]
}
