import Foundation
import Tables
import TestSupport
import Testing

@testable import IVIMBayes

/// How scans and lesions are found in a BIDS dataset. Files are found by their names, so they are empty here.
@Suite struct BIDSDatasetTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func touch(_ paths: String...) throws {
    for path in paths { try write("", path) }
  }

  private func write(_ text: String, _ path: String) throws {
    let file = folder.file(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  private func scan(_ series: BIDSSeries, _ selection: BIDSSelection = BIDSSelection()) throws -> BIDSScan? {
    let unit = BIDSUnit(participant: "sub-01", session: "ses-pre")
    return try BIDSDataset(folder.url).scan(series, of: unit, selection)
  }

  /// What finding the scan says, or nothing.
  private func complaint(_ series: BIDSSeries, _ selection: BIDSSelection = BIDSSelection()) -> String {
    do {
      _ = try scan(series, selection)
      return ""
    } catch { return "\(error)" }
  }

  @Test func `A name is taken apart into entities, suffix and extension`() throws {
    let name = try #require(BIDSFileName(URL(filePath: "/x/sub-01_ses-pre_acq-ivim_run-2_dwi.nii.gz")))
    #expect(name["sub"] == "01" && name["acq"] == "ivim" && name["dir"] == nil)
    #expect(name.suffix == "dwi" && name.fileExtension == ".nii.gz" && name.isImage)
    #expect(name.text == "sub-01_ses-pre_acq-ivim_run-2_dwi")
    #expect(name.distinction() == "acq-ivim_run-2" && name.distinction(ignoring: ["run"]) == "acq-ivim")
    #expect(name.has(["acq-ivim", "run-2"]) && !name.has(["run-1"]) && name.has([]))
  }

  @Test(arguments: [
    "ses-1_dwi.nii", "sub-01.nii", "sub-01_dwi", "sub-01_acq_dwi.nii", "sub-01_acq-_dwi.nii",
    "sub-01_-x_dwi.nii",
    "sub-01_.nii", "sub-01_acq-x.nii", "SUB-01_dwi.nii",
  ])
  func `What is no BIDS name is none`(name: String) {
    #expect(BIDSFileName(URL(filePath: "/x/\(name)")) == nil)
  }

  @Test func `Sessions stand in the order of their table, those it lacks after it`() throws {
    try touch("sub-02/dwi/x", "sub-01/ses-b/x", "sub-01/ses-a/x", "sub-01/ses-c/x", "sub-03.txt")
    try write(
      "session_id\tacq_time\nc\t2020-01-01\nses-b\t2020-02-01\nses-a\t2020-03-01\nses-gone\t2019-01-01\n",
      "sub-01/sub-01_sessions.tsv")
    let dataset = try BIDSDataset(folder.url)
    #expect(try dataset.units().map(\.path) == ["sub-01/ses-c", "sub-01/ses-b", "sub-01/ses-a", "sub-02"])
    try write("session\tacq_time\nc\t2020-01-01\n", "sub-01/sub-01_sessions.tsv")
    #expect(throws: RunError.self) { try dataset.units() }
  }

  @Test func `Without a table participants are those of the folders, and a table needs their column`() throws
  {
    try touch("sub-02/x", "sub-01/x")
    let dataset = try BIDSDataset(folder.url)
    #expect(try dataset.participants().strings("participant_id") == ["sub-01", "sub-02"])
    try write("participant_id\toutcome\nsub-02\tPR\n", "participants.tsv")
    #expect(try dataset.participants().rows.count == 1)
    try write("name\nx\n", "participants.tsv")
    #expect(throws: RunError.self) { try dataset.participants() }
  }

  @Test func `A diffusion series is one file, phase images aside, and two must be chosen from`() throws {
    let place = "sub-01/ses-pre/dwi/sub-01_ses-pre"
    #expect(
      try {
        try touch("sub-01/ses-pre/anat/x"); return try scan(.diffusion)
      }() == nil)
    try touch(
      "\(place)_acq-ivim_dwi.nii.gz", "\(place)_acq-ivim_part-phase_dwi.nii.gz", "\(place)_sbref.nii.gz")
    #expect(try scan(.diffusion)?.images.map(\.lastPathComponent) == ["sub-01_ses-pre_acq-ivim_dwi.nii.gz"])
    try touch("\(place)_acq-dti_dwi.nii.gz")
    let text = complaint(.diffusion)
    #expect(text.contains("more than one diffusion series") && text.contains("--select-dwi"))
    #expect(text.contains("acq-dti_dwi.nii.gz, sub-01_ses-pre_acq-ivim_dwi.nii.gz"))
    var selection = BIDSSelection()
    selection.diffusion = ["acq-dti"]
    #expect(try scan(.diffusion, selection)?.images.count == 1)
    selection.diffusion = ["acq-none"]
    #expect(try scan(.diffusion, selection) == nil)
  }

  @Test func `Files of one T1 series stand in the order of their numbers, not of their names`() throws {
    let place = "sub-01/ses-pre/anat/sub-01_ses-pre"
    try touch("\(place)_inv-10_IRT1.nii.gz", "\(place)_inv-2_IRT1.nii.gz", "\(place)_inv-1_IRT1.nii.gz")
    let found = try #require(try scan(.t1))
    #expect(found.images.map { BIDSFileName($0)?["inv"] } == ["1", "2", "10"] && found.method == "ir")
    try touch("\(place)_flip-1_VFA.nii.gz")
    #expect(complaint(.t1).contains("more than one T1 series"))
    var selection = BIDSSelection()
    selection.t1Method = "vfa"
    #expect(try scan(.t1, selection)?.images.count == 1 && scan(.t1, selection)?.method == "vfa")
    selection.t1Method = "molli"
    #expect(try scan(.t1, selection)?.images.count == 3)
  }

  @Test(arguments: [
    (#"{"PulseSequenceDetails": "MOLLI 5(3)3"}"#, "molli"),
    (#"{"ProtocolName": "Look-Locker T1"}"#, "look-locker"),
    (#"{"SequenceName": "tir"}"#, "ir"), ("no JSON", "ir"),
  ])
  func `The sidecar tells how an inversion recovery was read out`(sidecar: String, method: String) throws {
    try touch("sub-01/ses-pre/anat/sub-01_ses-pre_IRT1.nii.gz")
    try write(sidecar, "sub-01/ses-pre/anat/sub-01_ses-pre_IRT1.json")
    #expect(try scan(.t1)?.method == method)
  }

  @Test func `A finished T1 map is not used, and a notice says why`() throws {
    try touch("sub-01/ses-pre/anat/sub-01_ses-pre_IRT1.nii", "sub-01/ses-pre/anat/sub-01_ses-pre_T1map.nii")
    let notices = try #require(try scan(.t1)).notices
    #expect(notices.contains { $0.contains("T1map.nii is not used") })
    #expect(notices.contains { $0.contains("maps only, no changes") })
  }

  @Test func `Lesions come from the usual derivative, their names from beside them or from the top`() throws {
    try touch(
      "sub-01/ses-pre/dwi/sub-01_ses-pre_dwi.nii.gz",
      "derivatives/lesions/sub-01/ses-pre/dwi/sub-01_ses-pre_dseg.nii.gz",
      "derivatives/lesions/sub-01/ses-pre/dwi/sub-01_ses-pre_desc-brain_mask.nii.gz",
      "derivatives/lesions/dseg.tsv",
      "derivatives/other/sub-01/ses-pre/dwi/sub-01_ses-pre_dseg.nii.gz")
    let found = try #require(try scan(.diffusion))
    #expect(found.lesions?.path.contains("derivatives/lesions") == true && found.mask != nil)
    #expect(found.lesionNames?.lastPathComponent == "dseg.tsv" && found.notices.isEmpty)
    try touch("derivatives/lesions/sub-01/ses-pre/dwi/sub-01_ses-pre_dseg.tsv")
    #expect(try scan(.diffusion)?.lesionNames?.lastPathComponent == "sub-01_ses-pre_dseg.tsv")
    // The T1 series has no segmentation of its own and takes that of the diffusion scan.
    try touch("sub-01/ses-pre/anat/sub-01_ses-pre_IRT1.nii.gz")
    #expect(try scan(.t1)?.lesions == found.lesions)
    try touch("derivatives/lesions/sub-01/ses-pre/dwi/sub-01_ses-pre_desc-two_dseg.nii.gz")
    #expect(complaint(.diffusion).contains("--select-lesions"))
  }

  @Test func `Without the usual derivative the only one is taken, and of two one must be named`() throws {
    try touch(
      "sub-01/ses-pre/dwi/sub-01_ses-pre_dwi.nii.gz",
      "derivatives/a/sub-01/ses-pre/anat/sub-01_ses-pre_dseg.nii.gz")
    #expect(try scan(.diffusion)?.lesions?.path.contains("derivatives/a") == true)
    try touch("derivatives/b/sub-01/ses-pre/dwi/sub-01_ses-pre_dseg.nii.gz")
    let text = complaint(.diffusion)
    #expect(
      text.contains("more than one derivative has segmentations: a, b") && text.contains("--lesions FOLDER"))
    var selection = BIDSSelection()
    selection.lesions = folder.file("derivatives/b")
    #expect(try scan(.diffusion, selection)?.lesions?.path.contains("derivatives/b") == true)
    selection.lesions = folder.file("derivatives/none")
    #expect(complaint(.diffusion, selection).contains("there is no such folder"))
  }

  @Test func `Outcomes are found under their names, PD-L1 in any spelling, and gaps are missing`() throws {
    let table = try TabSeparatedTable(
      parsing: "participant_id\tOutcome\tPD-L1\nsub-01\tPR\t50\n02\t\tn/a\n", name: "participants.tsv")
    let outcomes = try BIDSOutcomes(table)
    #expect(outcomes.outcome(of: "sub-01") == "PR" && outcomes.pdl1(of: "sub-01") == "50")
    #expect(outcomes.outcome(of: "sub-02") == "n/a" && outcomes.pdl1(of: "sub-09") == "n/a")
    let bare = try BIDSOutcomes(TabSeparatedTable(parsing: "participant_id\nsub-01\n", name: "p"))
    #expect(bare.outcome(of: "sub-01") == "n/a")
    #expect(throws: RunError.self) { try BIDSOutcomes(TabSeparatedTable(columns: ["name"])) }
  }
}
