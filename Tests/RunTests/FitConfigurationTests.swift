import Foundation
import Posteriors
import TestSupport
import Testing

@testable import IVIMBayes

struct FitConfigurationTests {
  private func record(_ name: String, _ values: [String: [String: Double]], in folder: TemporaryFolder) throws
    -> URL
  {
    let members: [String: Any] = ["configuration": ["seed": 7], "priors": ["name": name, "values": values]]
    let text = String(decoding: try JSONSerialization.data(withJSONObject: members), as: UTF8.self)
    return try folder.write(text, as: "x_run.json")
  }

  @Test func `A record of a run with priors from a file brings them with it`() throws {
    let folder = try TemporaryFolder()
    let own = try TissuePriors(
      json: Data(#"{"name": "own", "d": {"median": 1.7e-3, "sd_log": 0.3}}"#.utf8), file: "own.json")
    let read = try FitConfiguration.read(record("own", own.json, in: folder))
    #expect(read.seed == 7 && read.priors?.json == own.json && read.priors?.name == "own")
    #expect(try FitInputs.priors(FitFiles(input: folder.url, output: folder.url), read).d.median == 1.7e-3)
  }

  @Test func `A record of a run with built-in priors brings none, and damaged ones are an error`() throws {
    let folder = try TemporaryFolder()
    #expect(
      try FitConfiguration.read(record("lung-tumour", TissuePriors.lungTumour.json, in: folder)).priors == nil
    )
    let damaged = try record("own", ["d": ["median": -1, "sd_log": 0.4]], in: folder)
    let error = #expect(throws: RunError.self) { try FitConfiguration.read(damaged) }
    #expect(error?.status == .badInput && error?.description.contains("x_run.json") == true)
  }
}
