import Foundation
import TestSupport
import Testing

/// Nothing that ivimbayes has not made is ever deleted, replaced or overwritten, by any command, with any option.
///
/// Every command that writes is run with its output on top of what must stay. What lay there before lies there after, byte
/// for byte, and the command ends with 73 or 64. The twin at the end does what the commands did without their guard: each
/// of its losses must be found.
@Suite(.enabled(if: Optimization.isOn, "fits and trains; run with -c release"))
struct OwnershipTests {
  /// One command: its arguments, with `OUT` where the output stands, the inputs that it reads, and whether the output is a
  /// file. Paths begin in the sandbox.
  struct Writer: CustomTestStringConvertible {
    let name: String
    let arguments: [String]
    let inputs: [String]
    var isFile = false
    var overwrites = true
    var testDescription: String { name }
  }

  static let writers = [
    Writer(
      name: "fit ivim",
      arguments: [
        "fit", "ivim", "scan/dwi.nii.gz", "--mask", "scan/dseg.nii.gz", "--engine", "least-squares",
      ]
        + ["--out", "OUT"],
      inputs: ["scan/dwi.nii.gz", "scan/dseg.nii.gz", "scan"]),
    Writer(
      name: "fit t1",
      arguments: ["fit", "t1", "scan/ir.nii.gz", "--method", "ir"]
        + ["--engine", "least-squares", "--out", "OUT"],
      inputs: ["scan/ir.nii.gz", "scan"]),
    Writer(
      name: "delta", arguments: ["delta", "--pre", "pre", "--post", "post", "--out", "OUT"],
      inputs: ["pre", "post"]),
    Writer(
      name: "report", arguments: ["report", "pre-fit", "--out", "OUT"], inputs: ["pre-fit"], isFile: true),
    Writer(
      name: "report --keep-figures",
      arguments: ["report", "pre-fit", "--out", "new-page.html", "--keep-figures", "OUT"], inputs: ["pre-fit"]
    ),
    Writer(
      name: "efficacy train",
      arguments: ["efficacy", "train", "cohort/cohort.tsv", "--features", "delta_adc", "--out", "OUT"],
      inputs: ["cohort/cohort.tsv", "cohort"], isFile: true),
    Writer(
      name: "efficacy train --left-out",
      arguments: [
        "efficacy", "train", "cohort/cohort.tsv", "--features", "delta_adc", "--out", "new-model.json",
      ]
        + ["--left-out", "OUT"],
      inputs: ["cohort/cohort.tsv", "cohort"], isFile: true),
    Writer(
      name: "efficacy predict",
      arguments: ["efficacy", "predict", "model/model.json", "cohort/cohort.tsv", "--out", "OUT"],
      inputs: ["model/model.json", "cohort/cohort.tsv", "cohort"]),
    Writer(
      name: "efficacy from-summary",
      arguments: ["efficacy", "from-summary", "groups/groups.json", "--out", "OUT"],
      inputs: ["groups/groups.json", "groups"], isFile: true),
    Writer(
      name: "cohort", arguments: ["cohort", "cohort/cohort.tsv", "--features", "delta_adc", "--out", "OUT"],
      inputs: ["cohort/cohort.tsv", "cohort"]),
    Writer(
      name: "repeatability", arguments: ["repeatability", "pairs/pairs.tsv", "--out", "OUT"],
      inputs: ["pairs/pairs.tsv", "pairs"]),
    Writer(
      name: "calibrate",
      arguments: [
        "calibrate", "--bval", "0,20,50,200,800", "--priors", "priors/priors.json", "--checks", "ranks",
      ]
        + ["--replicates", "20", "--out", "OUT"],
      inputs: ["priors/priors.json", "priors"]),
    Writer(
      name: "simulate patient",
      arguments: ["simulate", "patient", "--plan", "plan/patient.json", "--out", "OUT"],
      inputs: ["plan/patient.json", "plan"]),
    Writer(
      name: "simulate cohort",
      arguments: ["simulate", "cohort", "--plan", "plan/cohort.json", "--as-table", "--out", "OUT"],
      inputs: ["plan/cohort.json", "plan"]),
    Writer(
      name: "simulate phantom",
      arguments: ["simulate", "phantom", "--plan", "plan/phantom.json", "--out", "OUT"],
      inputs: ["plan/phantom.json", "plan"]),
    Writer(
      name: "import dicom",
      arguments: ["import", "dicom", "dicom", "--dcm2niix", "./converter", "--out", "OUT"], inputs: ["dicom"]),
    Writer(
      name: "bids participant",
      arguments: ["bids", "data", "OUT", "participant", "--draws", "50"],
      inputs: ["data", "data/derivatives/lesions", "data/derivatives", "data/own"]),
  ]

  /// The sandbox that every test copies: inputs of every command, and a result of `bids`.
  private static let template = Result {
    do { return try Self.makeTemplate() } catch { throw NoSandbox(reason: "\(error)") }
  }

  /// The inputs could not be made: every test fails, and says so.
  private struct NoSandbox: Error { let reason: String }

  private static func makeTemplate() throws -> TemporaryFolder {
    let sandbox = try TemporaryFolder()
    let manager = FileManager.default
    func make(_ name: String) throws {
      try manager.createDirectory(at: sandbox.file(name), withIntermediateDirectories: true)
    }
    let scan = try PhantomScan.shared.get()
    for name in ["scan", "cohort", "groups", "pairs", "priors", "plan", "model", "dicom"] { try make(name) }
    for (file, name) in [
      (scan.image, "dwi.nii.gz"), (scan.bValues, "dwi.bval"), (scan.lesions, "dseg.nii.gz"),
    ] { try manager.copyItem(at: file, to: sandbox.file("scan/\(name)")) }
    let recovery = try T1TestScan.inversionRecovery()
    for (file, name) in [
      (recovery.image, "ir.nii.gz"),
      (recovery.image.deletingLastPathComponent().appending(path: "t1.json"), "ir.json"),
    ] { try manager.copyItem(at: file, to: sandbox.file("scan/\(name)")) }
    try SyntheticRun.ivim(adc: [1e-3]).write(in: sandbox, as: "pre")
    try SyntheticRun.ivim(adc: [1.2e-3], stem: "sub-P1_ses-post", seed: 2).write(in: sandbox, as: "post")
    _ = try sandbox.write(SyntheticCohort().text, as: "cohort/cohort.tsv")
    _ = try sandbox.write(
      """
      {"name": "g", "feature": "delta_adc", "effective": {"n": 12, "mean": 0.2, "sd": 0.15},
       "ineffective": {"n": 11, "mean": 0.02, "sd": 0.14}}
      """, as: "groups/groups.json")
    _ = try sandbox.write(
      "subject\tlesion\tparameter\tfirst\tsecond\n"
        + (1...6).map { "P\($0)\t1\tadc\t\(0.001 + 0.0001 * Double($0))\t\(0.00103 + 0.0001 * Double($0))\n" }
        .joined(), as: "pairs/pairs.tsv")
    _ = try sandbox.write(
      #"{"name": "own", "d": {"median": 1.1e-3, "sd_log": 0.4}}"#, as: "priors/priors.json")
    for plan in ["patient", "cohort", "phantom"] {
      let text = try Command.succeed(["simulate", plan, "--write-default-plan"]).output
      _ = try sandbox.write(text, as: "plan/\(plan).json")
    }
    _ = try sandbox.write("one", as: "dicom/1.dcm")
    let script = """
      #!/bin/sh
      if [ "$1" = --version ]; then echo "Chris Rorden's dcm2niiX version v1.0.20260724"; exit 3; fi
      while [ "$1" != -o ]; do shift; done
      cp "\(scan.image.path)" "$2/dwi_3.nii.gz"
      cp "\(scan.bValues.path)" "$2/dwi_3.bval"
      """
    let converter = try sandbox.write(script, as: "converter")
    try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: converter.path)
    try Command.succeed(
      ["simulate", "cohort", "--plan", try smallPlan(in: sandbox).path, "--out", "data"], in: sandbox.url)
    for (arguments, out) in [
      (["bids", "data", "study", "participant", "--draws", "50"], ""),
      (
        ["fit", "ivim", "scan/dwi.nii.gz", "--lesions", "scan/dseg.nii.gz", "--mask", "scan/dseg.nii.gz"],
        "pre-fit"
      ),
      (["efficacy", "train", "cohort/cohort.tsv", "--features", "delta_adc"], "model/model.json"),
    ] {
      try Command.succeed(arguments + (out.isEmpty ? [] : ["--out", out]), in: sandbox.url)
    }
    return sandbox
  }

  private static func smallPlan(in sandbox: TemporaryFolder) throws -> URL {
    try sandbox.write(
      """
      {"patients": 1, "effective": 1, "lesions_per_patient": [1, 1], "diameter_mm": [10, 12],
       "scan": {"t1": {"settings": [0.1, 0.4, 0.9, 1.8, 4]}, "diffusion": {"b_values": [0, 20, 50, 100, 300, 600, 900]}}}
      """, as: "small.json")
  }

  private static func sandbox() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.removeItem(at: folder.url)
    try FileManager.default.copyItem(at: template.get().url, to: folder.url)
    return folder
  }

  /// Everything in a sandbox: the bytes of files, where links lead, the kinds of the rest.
  private static func everything(in sandbox: TemporaryFolder) throws -> [String: Data] {
    var found: [String: Data] = [:]
    let manager = FileManager.default
    for path in try manager.subpathsOfDirectory(atPath: sandbox.url.path) {
      let file = sandbox.file(path)
      let type = try manager.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType
      switch type {
      case .typeRegular?: found[path] = try Data(contentsOf: file)
      case .typeSymbolicLink?:
        found[path] = Data(try manager.destinationOfSymbolicLink(atPath: file.path).utf8)
      case .typeDirectory?: found[path] = Data()
      default: found[path] = Data("\(type as Any)".utf8)
      }
    }
    return found
  }

  /// What of `before` is missing or changed in the sandbox.
  private static func losses(_ before: [String: Data], in sandbox: TemporaryFolder) throws -> [String] {
    let after = try everything(in: sandbox)
    return before.filter { after[$0.key] != $0.value }.map(\.key).sorted()
  }

  /// Runs `writer` with its output at `out`, and requires that it refuses and that nothing is lost.
  private static func expectRefusal(_ writer: Writer, at out: String, in sandbox: TemporaryFolder) throws {
    let before = try everything(in: sandbox)
    for more in [[], ["--overwrite"]] {
      let arguments = writer.arguments.map { $0 == "OUT" ? out : $0 } + more
      let outcome = try Command.run(arguments, in: sandbox.url)
      #expect([73, 64].contains(outcome.status), "\(arguments): \(outcome.status) \(outcome.errors)")
      let lost = try losses(before, in: sandbox)
      #expect(lost.isEmpty, "\(arguments) lost \(lost)")
    }
  }

  @Test(arguments: writers) func `No command replaces its own input, or what holds it`(_ writer: Writer)
    throws
  {
    let sandbox = try Self.sandbox()
    for input in writer.inputs { try Self.expectRefusal(writer, at: input, in: sandbox) }
    try Self.expectRefusal(writer, at: ".", in: sandbox)
    try Self.expectRefusal(writer, at: sandbox.url.path, in: sandbox)
    try FileManager.default.createSymbolicLink(
      atPath: sandbox.file("door").path, withDestinationPath: writer.inputs[writer.inputs.count - 1])
    try Self.expectRefusal(writer, at: "door", in: sandbox)
  }

  @Test(arguments: writers) func `No command touches strangers, whatever their names`(_ writer: Writer) throws
  {
    let sandbox = try Self.sandbox()
    let manager = FileManager.default
    // The names that the command gives to its files, with a stranger's contents.
    let out = writer.isFile ? "made.json" : "made"
    try Command.succeed(writer.arguments.map { $0 == "OUT" ? out : $0 }, in: sandbox.url)
    for name in ["new-page.html", "new-model.json"] {
      for file in [name, ".\(name).ivimbayes.json"] { try? manager.removeItem(at: sandbox.file(file)) }
    }
    if writer.isFile {
      _ = try sandbox.write("a stranger's", as: "stranger.json")
      try Self.expectRefusal(writer, at: "stranger.json", in: sandbox)
      // What was made, and then changed by hand.
      let text = try String(contentsOf: sandbox.file(out), encoding: .utf8)
      _ = try sandbox.write(text + " ", as: out)
      try Self.expectRefusal(writer, at: out, in: sandbox)
    } else {
      for path in try manager.subpathsOfDirectory(atPath: sandbox.file(out).path) {
        let (from, to) = (sandbox.file("\(out)/\(path)"), sandbox.file("strangers/\(path)"))
        let type = try manager.attributesOfItem(atPath: from.path)[.type] as? FileAttributeType
        if type == .typeDirectory {
          try manager.createDirectory(at: to, withIntermediateDirectories: true)
        } else {
          try manager.createDirectory(at: to.deletingLastPathComponent(), withIntermediateDirectories: true)
          try Data("a stranger's \(path)".utf8).write(to: to)
        }
      }
      try Self.expectRefusal(writer, at: "strangers", in: sandbox)
      if writer.name != "bids participant" {
        _ = try sandbox.write("a note", as: "\(out)/note.txt")
        try Self.expectRefusal(writer, at: out, in: sandbox)
      }
    }
    try manager.createSymbolicLink(
      atPath: sandbox.file("link").path, withDestinationPath: writer.isFile ? "stranger.json" : "strangers")
    try manager.createSymbolicLink(atPath: sandbox.file("dangling").path, withDestinationPath: "nowhere")
    for place in ["link", "dangling"] { try Self.expectRefusal(writer, at: place, in: sandbox) }
  }

  @Test(arguments: writers) func `No command replaces a result of another kind, a device or a pipe`(
    _ writer: Writer
  ) throws {
    let sandbox = try Self.sandbox()
    try Self.expectRefusal(
      writer, at: writer.name == "bids participant" ? "pre-fit" : "study", in: sandbox)
    try Self.expectRefusal(writer, at: "/dev/null", in: sandbox)
    let made = unsafe mkfifo(sandbox.file("pipe").path, 0o600)
    try #require(made == 0)
    try Self.expectRefusal(writer, at: "pipe", in: sandbox)
    // Names that commands use beside their output belong to the user as well.
    if !writer.isFile && writer.name != "bids participant" {
      for name in [".new.partial", ".new.old"] {
        try FileManager.default.createDirectory(
          at: sandbox.file(name), withIntermediateDirectories: true)
        _ = try sandbox.write("mine", as: "\(name)/notes.txt")
      }
      try Self.expectRefusal(writer, at: "new", in: sandbox)
    }
  }

  @Test func `The group level touches nothing that it has not made`() throws {
    let sandbox = try Self.sandbox()
    let group = Writer(name: "bids group", arguments: ["bids", "data", "study", "group"], inputs: [])
    try FileManager.default.createDirectory(
      at: sandbox.file("study/group"), withIntermediateDirectories: true)
    _ = try sandbox.write("mine", as: "study/group/cohort.tsv")
    try Self.expectRefusal(group, at: "", in: sandbox)
  }

  @Test func `Two results never share one file`() throws {
    let sandbox = try Self.sandbox()
    let train = ["efficacy", "train", "cohort/cohort.tsv", "--features", "delta_adc"]
    #expect(
      try Command.run(train + ["--out", "x", "--left-out", "./x"], in: sandbox.url).status == 64)
    #expect(
      try Command.run(["report", "pre-fit", "--out", "x", "--keep-figures", "x"], in: sandbox.url).status
        == 64)
    #expect(!FileManager.default.fileExists(atPath: sandbox.file("x").path))
  }

  @Test(arguments: writers.filter { $0.name != "bids participant" })
  func `What a command has made it replaces, if asked, and leaves no traces`(_ writer: Writer) throws {
    let sandbox = try Self.sandbox()
    let before = Set(try Self.everything(in: sandbox).keys)
    let arguments = writer.arguments.map { $0 == "OUT" ? "made" : $0 }
    try Command.succeed(arguments, in: sandbox.url)
    let made = try Self.everything(in: sandbox)
    #expect(try Command.run(arguments, in: sandbox.url).status == 73)
    try Command.succeed(arguments + ["--overwrite"], in: sandbox.url)
    let again = try Self.everything(in: sandbox)
    #expect(Set(made.keys) == Set(again.keys))
    let roots = Set(Set(again.keys).subtracting(before).map { $0.split(separator: "/")[0] })
    let allowed: Set<Substring> = [
      "made", ".made.ivimbayes.json", "new-page.html", ".new-page.html.ivimbayes.json", "new-model.json",
      ".new-model.json.ivimbayes.json",
    ]
    #expect(roots.isSubset(of: allowed), "\(roots)")
    for (path, data) in made where !path.hasSuffix("_timing.json") { #expect(again[path] == data, "\(path)") }
  }

  /// The twin: outputs are put in place as they were before there was a guard.
  @Test func `A command without the guard loses files, and the loss is found`() throws {
    func unguarded(_ out: URL) throws {
      let manager = FileManager.default
      if manager.fileExists(atPath: out.path) { try manager.removeItem(at: out) }
      try manager.createDirectory(at: out, withIntermediateDirectories: true)
    }
    for place in ["scan", "cohort/cohort.tsv", "data/derivatives/lesions", "study", "pre-fit"] {
      let sandbox = try Self.sandbox()
      let before = try Self.everything(in: sandbox)
      try unguarded(sandbox.file(place))
      #expect(try !Self.losses(before, in: sandbox).isEmpty, "\(place)")
    }
  }
}
