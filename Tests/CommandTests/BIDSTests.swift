import Foundation
import Tables
import TestSupport
import Testing

/// `units` and `bids`, on simulated datasets.
@Suite struct BIDSTests {
  /// Two patients of one small lesion each, scanned twice with short protocols.
  private static let plan = """
    {"patients": 2, "effective": 1, "lesions_per_patient": [1, 1], "diameter_mm": [10, 12], "size": {"PD": 1.1},
     "scan": {"t1": {"settings": [0.1, 0.4, 0.9, 1.8, 4]}, "diffusion": {"b_values": [0, 20, 50, 100, 300, 600, 900]}}}
    """

  private static func dataset(in folder: TemporaryFolder) throws -> URL {
    let plan = try folder.write(Self.plan, as: "plan.json")
    let data = folder.file("data")
    try Command.succeed(["simulate", "cohort", "--plan", plan.path, "--seed", "3", "--out", data.path])
    return data
  }

  private static func bids(_ data: URL, _ out: URL, _ level: String, _ more: [String] = []) throws
    -> Command.Outcome
  {
    try Command.run(["bids", data.path, out.path, level] + more)
  }

  /// Every file of a folder but those that hold times, by its path.
  private static func contents(_ folder: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    where !path.hasSuffix("_timing.json") {
      if let data = try? Data(contentsOf: folder.appending(path: path)) { files[path] = data }
    }
    return files
  }

  private static func touch(_ folder: URL, _ paths: [String]) throws {
    for path in paths {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: file)
    }
  }

  @Test func `units lists participants and sessions in the order of sessions.tsv, not of the alphabet`()
    throws
  {
    let folder = try TemporaryFolder()
    let data = try Self.dataset(in: folder)
    let expected =
      ["participant_id\tsession_id"]
      + ["SYN01", "SYN02"].flatMap { ["sub-\($0)\tses-pre", "sub-\($0)\tses-post"] }
    #expect(try Command.succeed(["units", data.path]).lines == expected)
    let plain = folder.file("plain")
    try Self.touch(plain, ["sub-02/dwi/sub-02_dwi.nii.gz", "sub-01/anat/sub-01_T1w.nii.gz", "sub-x.txt"])
    #expect(
      try Command.succeed(["units", plain.path]).lines
        == ["participant_id\tsession_id", "sub-01\tn/a", "sub-02\tn/a"])
    #expect(try Command.run(["units", folder.file("none").path]).status == 66)
    #expect(try Command.run(["units", plain.appending(path: "sub-01").path]).status == 65)
  }

  @Test(.enabled(if: Build.isOptimized, Comment(rawValue: Build.releaseOnly)))
  func `Lesions are fitted again without their fields where that is asked for`() throws {
    let folder = try TemporaryFolder()
    let data = try Self.dataset(in: folder)
    let outcome = try Self.bids(
      data, folder.file("out"), "participant",
      ["--participant-label", "SYN01", "--session-label", "pre", "--sensitivity"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let table = try TabSeparatedTable.read(
      folder.file("out").appending(path: "sub-SYN01/ses-pre/dwi/sub-SYN01_ses-pre_sensitivity.tsv"))
    #expect(try table.strings("parameter").contains("adc"))
  }

  @Test(.enabled(if: Build.isOptimized, Comment(rawValue: Build.releaseOnly)))
  func `Participants one by one, in any order, give the bytes of all at once, and group collects them`()
    throws
  {
    let folder = try TemporaryFolder()
    let data = try Self.dataset(in: folder)
    let (whole, parts) = (folder.file("whole"), folder.file("parts"))
    let outcome = try Self.bids(data, whole, "participant", ["--n-cpus", "2"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    for unit in [("SYN02", "post"), ("SYN01", "pre"), ("SYN02", "pre")] {
      let outcome = try Self.bids(
        data, parts, "participant",
        ["--participant_label", unit.0, "--session-label", unit.1, "--n-cpus", "1"])
      #expect(outcome.status == 0, "\(outcome.errors)")
    }

    let incomplete = try Self.bids(data, parts, "group")
    #expect(incomplete.status == 0, "\(incomplete.errors)")
    for missing in [
      "sub-SYN01 ses-post diffusion fit", "sub-SYN01 ses-post T1 fit", "sub-SYN01 ses-post changes",
    ] {
      #expect(incomplete.errors.contains("missing: \(missing)"), "\(incomplete.errors)")
    }
    try FileManager.default.removeItem(at: parts.appending(path: "group"))
    let last = try Self.bids(data, parts, "participant", ["--participant-label", "SYN01", "--resume"])
    #expect(last.status == 0 && last.errors.contains("is finished already"), "\(last.errors)")
    let (one, other) = (try Self.contents(whole), try Self.contents(parts))
    #expect(Set(one.keys) == Set(other.keys))
    for (path, data) in one { #expect(other[path] == data, "\(path)") }
    for file in [
      "sub-SYN01/ses-post/changes/changes.tsv", "sub-SYN02/ses-pre/dwi/sub-SYN02_ses-pre_lesions.tsv",
      "sub-SYN02/ses-pre/anat/sub-SYN02_ses-pre_desc-median_T1map.nii.gz", "dataset_description.json",
      ".bidsignore",
    ] { #expect(one[file] != nil, "\(file)") }
    let sidecar = "sub-SYN01/ses-pre/anat/sub-SYN01_ses-pre_desc-median_T1map.json"
    #expect(String(decoding: try #require(one[sidecar]), as: UTF8.self).contains("\"SkullStripped\" : false"))
    #expect(!one.keys.contains { $0.hasPrefix(".work") || $0.contains(".partial") })

    // The raw dataset is not needed any more.
    try FileManager.default.removeItem(at: data)
    let group = try Self.bids(data, whole, "group")
    #expect(group.status == 0, "\(group.errors)")
    let cohort = try TabSeparatedTable.read(whole.appending(path: "group/cohort.tsv"))
    #expect(try cohort.strings("patient") == ["sub-SYN01", "sub-SYN02"])
    for place in try cohort.strings("changes") {
      let file = whole.appending(path: "group").appending(path: place)
      #expect(FileManager.default.fileExists(atPath: file.path))
    }
  }

  @Test
  func
    `What exists is not touched, what cannot be told apart or is missing is said, and nothing keeps the others back`()
    throws
  {
    let folder = try TemporaryFolder()
    let data = folder.file("data")
    try Self.touch(
      data,
      [
        "sub-01/dwi/sub-01_run-1_dwi.nii.gz", "sub-01/dwi/sub-01_run-2_dwi.nii.gz",
        "sub-02/anat/sub-02_T1map.nii.gz",
      ])
    let outcome = try Self.bids(data, folder.file("out"), "participant")
    #expect(outcome.status == 65)
    #expect(
      outcome.errors.contains(
        "more than one diffusion series: sub-01_run-1_dwi.nii.gz, sub-01_run-2_dwi.nii.gz"))
    #expect(outcome.errors.contains("--select-dwi"))
    #expect(outcome.errors.contains("sub-02, scans: sub-02: there is no diffusion and no T1 series"))
    let chosen = try Self.bids(
      data, folder.file("out"), "participant", ["--select-dwi", "run-2", "--participant-label", "01"])
    #expect(chosen.status != 0 && chosen.errors.contains("no lesions (_dseg)"))
    #expect(!chosen.errors.contains("more than one"))
    let none = try Self.bids(data, folder.file("out"), "participant", ["--participant-label", "09"])
    #expect(none.status == 65 && none.errors.contains("no participant and session has the labels asked for"))
    #expect(try Self.bids(data, folder.file("nothing"), "group").status == 66)
    #expect(try Self.bids(data, folder.file("out"), "group").status == 65)
    #expect(try Self.bids(data, folder.file("out"), "session").status == 64)
  }
}
