import Foundation
import NIfTI
import Tables
import TestSupport
import Testing

@testable import IVIMBayes

/// The folder of a finished fit, opened for reading.
@Suite struct RunFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The folder with a run file of this text.
  private func run(_ text: String, stem: String = "s") throws -> RunFolder {
    _ = try folder.write(text, as: "\(stem)_run.json")
    return try RunFolder(folder.url)
  }

  /// The order of the members of an object is another in every process: what is read must not depend on it.
  @Test(arguments: [
    (#"{"averages": [1, 2], "b_values": [0, 800], "repetition_time": null}"#, "b_values", [0, 800]),
    (#"{"repetition_time": 2.5, "inversion_times": [0.1, 1], "averages": []}"#, "inversion_times", [0.1, 1]),
    (#"{"saturation_times": [0.1, "inf"], "repetition_time": null}"#, "saturation_times", [0.1, .infinity]),
    (#"{"flip_angles": [3, 20], "repetition_time": 0.015}"#, "flip_angles", [3, 20]),
    (#"{"repetition_time": 2}"#, "settings", []), ("{}", "settings", []),
  ])
  func `Settings are those of the protocol, whatever else it holds`(
    scan: String, name: String, values: [Double]
  ) throws {
    let run = try run("{\"protocol\": \(scan)}", stem: "sub-1")
    #expect(run.stem == "sub-1")
    #expect(try run.settings() == values)
    let members = try JSONSerialization.jsonObject(with: Data(scan.utf8)) as? [String: Any]
    #expect(RecordedSettings(try #require(members)) == RecordedSettings([name: values.map { $0 as Any }]))
  }

  @Test func `Maps are found by parameter and statistic, and read`() throws {
    let run = try run("{}")
    let image = NIfTIImage(grid: Grid(shape: [2, 1, 1], affine: .scaling([1, 1, 1])), values: [1, 2])
    for (parameter, statistic) in [("d", "median"), ("f", "median"), ("d", "sd"), ("t1", "median")] {
      try image.writeFloat32(to: folder.file(ParameterMaps.name("s", parameter, statistic) + ".nii.gz"))
    }
    #expect(Set(run.mappedParameters()) == ["d", "f", "t1"])
    #expect(run.mappedParameters(statistic: "sd") == ["d"] && run.mappedParameters(statistic: "mean").isEmpty)
    #expect(try run.map("f", "median").values == [1, 2])
    #expect(throws: RunError.self) { try run.map("dstar", "median") }
  }

  @Test func `A run without lesions says so, and one of least squares is told from a posterior`() throws {
    let run = try run(#"{"configuration": {"engine": "least-squares"}}"#)
    #expect(try run.isPointEstimate && !run.has("_lesions.tsv"))
    let error = #expect(throws: RunError.self) { try run.lesions() }
    #expect(error?.description.contains("the run had no lesions") == true)
    _ = try folder.write("name\nx\n", as: "s_lesions.tsv")
    #expect(try run.lesions().strings("name") == ["x"])
    _ = try folder.write(#"{"configuration": {}}"#, as: "s_run.json")
    #expect(try !run.isPointEstimate)
  }
}

/// The derivative dataset that `bids` writes.
@Suite struct BIDSOutputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test
  func
    `What the participant level was told comes back: units in their order, their series, the participants`()
    throws
  {
    let output = BIDSOutput(folder: folder.file("out"))
    let units = [
      BIDSUnit(participant: "sub-02", session: "ses-pre"),
      BIDSUnit(participant: "sub-02", session: "ses-post"),
      BIDSUnit(participant: "sub-01", session: nil),
    ]
    let scans: [BIDSUnit: Set<BIDSSeries>] = [units[0]: [.diffusion, .t1], units[2]: [.t1]]
    let participants = try TabSeparatedTable(
      parsing: "participant_id\toutcome\nsub-01\tPR\n", name: "participants.tsv")
    try output.describe(units: units, scans: scans, participants: participants)
    #expect(try output.units() == units)
    #expect(try output.expectedScans() == [units[0]: [.diffusion, .t1], units[1]: [], units[2]: [.t1]])
    #expect(try output.participants().rows == participants.rows)
    #expect(
      units.map(\.path) == ["sub-02/ses-pre", "sub-02/ses-post", "sub-01"]
        && units[0].stem == "sub-02_ses-pre")
    #expect(BIDSUnit.text(of: units).hasSuffix("sub-01\tn/a\n"))
    // Written again the files stay as they are: jobs of an array write them all.
    let before = try FileManager.default.attributesOfItem(atPath: folder.file("out/units.tsv").path)[
      .systemFileNumber]
    try output.describe(units: units, scans: scans, participants: participants)
    let after = try FileManager.default.attributesOfItem(atPath: folder.file("out/units.tsv").path)[
      .systemFileNumber]
    #expect(before as? Int == after as? Int)
  }

  @Test func `A unit has the fits whose run file is there, and changes where their table is`() throws {
    let output = BIDSOutput(folder: folder.url)
    let unit = BIDSUnit(participant: "sub-01", session: "ses-1")
    #expect(output.fits(of: unit).isEmpty && !output.hasChanges(unit))
    for (path, name) in [("dwi", "x_run.json"), ("anat", "x_lesions.tsv"), ("changes", "changes.tsv")] {
      let place = folder.file("sub-01/ses-1/\(path)")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try Data().write(to: place.appending(path: name))
    }
    #expect(output.fits(of: unit).map(\.lastPathComponent) == ["dwi"] && output.hasChanges(unit))
    let error = #expect(throws: RunError.self) { try output.units() }
    #expect(error?.description.contains("Run the participant level first") == true)
  }
}
