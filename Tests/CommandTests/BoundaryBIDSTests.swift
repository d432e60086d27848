import Foundation
import NIfTI
import Tables
import TestSupport
import Testing

/// What `bids`, `delta` and `import` take from a dataset is known, checked or asked.
@Suite(.enabled(if: Optimization.isOn, "fits; run with -c release"))
struct BoundaryBIDSTests {
  /// A dataset of one participant with two sessions, each with the shared phantom's scan.
  private static func dataset(_ sessions: [String] = ["1", "2"]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let phantom = try PhantomScan.shared.get()
    for session in sessions {
      let (raw, own) = (
        "data/sub-01/ses-\(session)/dwi", "data/derivatives/lesions/sub-01/ses-\(session)/dwi"
      )
      for path in [raw, own] {
        try FileManager.default.createDirectory(at: folder.file(path), withIntermediateDirectories: true)
      }
      let stem = "sub-01_ses-\(session)"
      // Scans of two visits are two images.
      var image = try NIfTIImage.read(phantom.image)
      if session == sessions.last { for index in image.values.indices { image.values[index] *= 1.01 } }
      try image.writeFloat32(to: folder.file("\(raw)/\(stem)_dwi.nii.gz"))
      try FileManager.default.copyItem(at: phantom.bValues, to: folder.file("\(raw)/\(stem)_dwi.bval"))
      try FileManager.default.copyItem(at: phantom.lesions, to: folder.file("\(own)/\(stem)_dseg.nii.gz"))
    }
    return folder
  }

  private static func bids(_ folder: TemporaryFolder, _ options: [String] = []) throws -> Command.Outcome {
    try Command.run(
      ["bids", "data", "out", "participant", "--prior", "independent", "--draws", "40"] + options,
      in: folder.url)
  }

  struct Example: CustomTestStringConvertible, Sendable {
    let name: String
    var sessions = ["1", "2"]
    var make: @Sendable (TemporaryFolder) throws -> Void = { _ in }
    var options: [String] = []
    let status: Int32
    let words: [String]
    /// A file that must be there afterwards.
    var file: String?
    var testDescription: String { name }
  }

  private static func rename(_ folder: TemporaryFolder, _ old: String, _ new: String) throws {
    let place = folder.file(new)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.moveItem(at: folder.file(old), to: place)
  }

  private static let changes = "out/sub-01/ses-2/changes/changes.tsv"

  static let examples = [
    Example(
      name: "sessions that are numbers", status: 0,
      words: ["order of sessions by labels that are numbers: ses-1, ses-2"],
      file: changes),
    Example(
      name: "sessions that are words", sessions: ["post", "pre"], status: 65,
      words: [
        "nothing tells which of its sessions came first: ses-post, ses-pre", "--baseline LABEL", "acq_time",
      ],
      file: "out/sub-01/ses-pre/dwi/sub-01_ses-pre_lesions.tsv"),
    Example(
      name: "sessions that are words, asked", sessions: ["post", "pre"], options: ["--baseline", "pre"],
      status: 0,
      words: ["order of sessions by --baseline: ses-pre, ses-post"],
      file: "out/sub-01/ses-post/changes/changes.tsv"),
    Example(
      name: "three sessions in order", sessions: ["a", "b", "c"], options: ["--order", "c,a,b"], status: 0,
      words: ["order of sessions by --order: ses-c, ses-a, ses-b"],
      file: "out/sub-01/ses-a/changes/changes.tsv"),
    Example(
      name: "b-values at the top of the dataset",
      make: { folder in
        try rename(folder, "data/sub-01/ses-1/dwi/sub-01_ses-1_dwi.bval", "data/dwi.bval")
        try FileManager.default.removeItem(at: folder.file("data/sub-01/ses-2/dwi/sub-01_ses-2_dwi.bval"))
      }, status: 0, words: [], file: changes),
    Example(
      name: "b-values nowhere",
      make: { folder in
        for session in [1, 2] {
          try FileManager.default.removeItem(
            at: folder.file("data/sub-01/ses-\(session)/dwi/sub-01_ses-\(session)_dwi.bval"))
        }
      }, status: 66, words: ["inheritance"]),
    Example(
      name: "an imaginary part beside the magnitude",
      make: { folder in
        for session in [1, 2] {
          let stem = "data/sub-01/ses-\(session)/dwi/sub-01_ses-\(session)"
          for part in ["imag", "real", "phase"] {
            for suffix in ["nii.gz", "bval"] {
              try FileManager.default.copyItem(
                at: folder.file("\(stem)_dwi.\(suffix)"),
                to: folder.file("\(stem)_part-\(part)_dwi.\(suffix)"))
            }
          }
          for suffix in ["nii.gz", "bval"] {
            try rename(folder, "\(stem)_dwi.\(suffix)", "\(stem)_part-mag_dwi.\(suffix)")
          }
        }
      }, status: 0, words: [], file: "out/sub-01/ses-1/dwi/sub-01_ses-1_part-mag_lesions.tsv"),
    Example(
      name: "two runs",
      make: { folder in
        let stem = "data/sub-01/ses-1/dwi/sub-01_ses-1"
        for suffix in ["nii.gz", "bval"] {
          try FileManager.default.copyItem(
            at: folder.file("\(stem)_dwi.\(suffix)"), to: folder.file("\(stem)_run-2_dwi.\(suffix)"))
          try rename(folder, "\(stem)_dwi.\(suffix)", "\(stem)_run-1_dwi.\(suffix)")
        }
      }, status: 65, words: ["more than one diffusion series", "--select-dwi run-1 or run-2"]),
    Example(
      name: "two echoes, chosen",
      make: { folder in
        for session in [1, 2] {
          let stem = "data/sub-01/ses-\(session)/dwi/sub-01_ses-\(session)"
          for suffix in ["nii.gz", "bval"] {
            try FileManager.default.copyItem(
              at: folder.file("\(stem)_dwi.\(suffix)"), to: folder.file("\(stem)_echo-2_dwi.\(suffix)"))
            try rename(folder, "\(stem)_dwi.\(suffix)", "\(stem)_echo-1_dwi.\(suffix)")
          }
        }
      }, options: ["--select-dwi", "echo-2"], status: 0, words: [],
      file: "out/sub-01/ses-1/dwi/sub-01_ses-1_echo-2_lesions.tsv"),
    Example(
      name: "lesions as masks with labels",
      make: { folder in
        for session in [1, 2] {
          let stem = "data/derivatives/lesions/sub-01/ses-\(session)/dwi/sub-01_ses-\(session)"
          let labels = try LabelImage.read(folder.file("\(stem)_dseg.nii.gz"))
          for (label, name) in [(Int32(1), "node"), (2, "primary")] where !(session == 2 && label == 1) {
            try LabelImage(grid: labels.grid, labels: labels.labels.map { $0 == label ? 1 : 0 })
              .write(to: folder.file("\(stem)_label-\(name)_mask.nii.gz"))
          }
          try FileManager.default.removeItem(at: folder.file("\(stem)_dseg.nii.gz"))
        }
      }, status: 0, words: ["1 lesion"], file: changes),
    Example(
      name: "lesions of one visit",
      make: {
        try FileManager.default.removeItem(
          at: $0.file("data/derivatives/lesions/sub-01/ses-2/dwi/sub-01_ses-2_dseg.nii.gz"))
      }, status: 0, words: ["no changes, because sub-01/ses-2 has no lesions", "--lesions"]),
    Example(
      name: "participants whose ids lost their zeros",
      make: { _ = try $0.write("participant_id\toutcome\n1\tPR\n", as: "data/participants.tsv") }, status: 0,
      words: ["no folder for sub-1", "lose zeros", "no row for sub-01"]),
    Example(
      name: "names and dates of birth",
      make: {
        _ = try $0.write(
          "participant_id\tname\tbirth\toutcome\nsub-01\tA B\t1950-01-01\tPR\n", as: "data/participants.tsv")
      }, status: 0, words: ["not copied, because nothing reads them: name, birth"]),
    Example(
      name: "one image at both visits",
      make: { folder in
        try FileManager.default.removeItem(at: folder.file("data/sub-01/ses-2/dwi/sub-01_ses-2_dwi.nii.gz"))
        try FileManager.default.copyItem(
          at: folder.file("data/sub-01/ses-1/dwi/sub-01_ses-1_dwi.nii.gz"),
          to: folder.file("data/sub-01/ses-2/dwi/sub-01_ses-2_dwi.nii.gz"))
      }, status: 65, words: ["fits of the same image"]),
  ]

  @Test(arguments: examples) func `What a dataset means is known, checked or asked`(_ example: Example) throws
  {
    let folder = try Self.dataset(example.sessions)
    try example.make(folder)
    let outcome = try Self.bids(folder, example.options)
    #expect(outcome.status == example.status, "\(outcome.errors)")
    for words in example.words { #expect(outcome.errors.contains(words), "\(words): \(outcome.errors)") }
    if let file = example.file {
      #expect(FileManager.default.fileExists(atPath: folder.file(file).path), "\(file): \(outcome.errors)")
    }
    let copied = try? String(contentsOf: folder.file("out/participants.tsv"), encoding: .utf8)
    #expect(copied?.contains("1950") != true)
  }

  @Test func `A lesion keeps its number where another one is missing`() throws {
    let folder = try Self.dataset()
    let example = try #require(Self.examples.first { $0.name == "lesions as masks with labels" })
    try example.make(folder)
    _ = try Self.bids(folder)
    let table = try TabSeparatedTable.read(folder.file(Self.changes))
    let rows = zip(try table.strings("name"), try table.strings("status"))
    #expect(
      rows.contains { $0 == ("primary", "pass") || $0 == ("primary", "warn") || $0 == ("primary", "fail") })
    #expect(rows.allSatisfy { $0.0 != "node" || $0.1 == "missing" })
  }

  @Test func `What decided the order stands in the record of the changes`() throws {
    let folder = try Self.dataset()
    _ = try Self.bids(folder)
    let record = try String(
      contentsOf: folder.file("out/sub-01/ses-2/changes/changes_run.json"), encoding: .utf8)
    #expect(record.contains("order of sessions by labels that are numbers: ses-1, ses-2"))
  }

  @Test func `A file is no folder of DICOM`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("PK", as: "patient.zip")
    let outcome = try Command.run(["import", "dicom", file.path, "--out", folder.file("images").path])
    #expect(outcome.status == 65 && outcome.errors.contains("it is a file"), "\(outcome.errors)")
  }

  @Test func `A scan is not compared with itself unless that is asked for`() throws {
    let folder = try TemporaryFolder()
    let scan = try PhantomScan.shared.get()
    try FileManager.default.copyItem(at: scan.image, to: folder.file("copy.nii.gz"))
    try FileManager.default.copyItem(at: scan.bValues, to: folder.file("copy.bval"))
    for (image, out) in [(scan.image, "a"), (folder.file("copy.nii.gz"), "b")] {
      try Command.succeed([
        "fit", "ivim", image.path, "--lesions", scan.lesions.path, "--prior", "independent", "--draws", "40",
        "--out",
        folder.file(out).path,
      ])
    }
    for post in ["a", "b"] {
      let arguments = ["delta", "--pre", "a", "--post", post, "--out", "changes-\(post)"]
      #expect(try Command.run(arguments, in: folder.url).status == 65)
      let forced = try Command.run(arguments + ["--force"], in: folder.url)
      #expect(forced.status == 0 && forced.errors.contains("compared in spite of it"), "\(forced.errors)")
    }
  }
}
