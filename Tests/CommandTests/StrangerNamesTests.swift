import Foundation
import NIfTI
import TestSupport
import Testing

/// Names that strangers gave to lesions reach people without what a terminal, a browser or a spreadsheet would obey; values
/// that were lost are named.
@Suite struct StrangerNamesTests {
  static let name = "=cmd()\u{1B}[31m\u{9B}1m\u{202E}evil<b>"

  /// Six voxels of T1 in two lesions; `change` changes single signals.
  private static func run(_ folder: TemporaryFolder, change: (inout [Float]) -> Void = { _ in }) throws
    -> Command.Outcome
  {
    let grid = Grid(shape: [6, 2, 1], affine: .scaling([1, 1, 1]))
    let times = [0.1, 0.4, 0.9, 2.0, 5.0]
    var values = times.flatMap { time in
      (0..<12).map { voxel -> Float in
        let t1 = 1.1 + 0.05 * Double(voxel)
        return Float(1000 * abs(1 - 1.9 * exp(-time / t1)) + Double((voxel * 7 + Int(10 * time)) % 5))
      }
    }
    change(&values)
    let image = folder.file("ir.nii.gz")
    try NIfTIImage(grid: grid, volumeCount: 5, values: values).writeFloat32(to: image)
    let labels = folder.file("labels.nii.gz")
    try LabelImage(grid: grid, labels: (0..<12).map { $0 < 6 ? 1 : 2 }).write(to: labels)
    let names = try folder.write("index\tname\n1\t\(name)\n2\tplain\n", as: "names.tsv")
    let sidecar = #"{"InversionTime": [0.1, 0.4, 0.9, 2.0, 5.0], "RepetitionTime": 8}"#
    try Data(sidecar.utf8).write(to: folder.file("ir.json"))
    return try Command.succeed([
      "fit", "t1", image.path, "--method", "ir", "--lesions", labels.path, "--lesion-names", names.path,
      "--draws",
      "40", "--out", folder.file("run").path,
    ])
  }

  private func obeyed(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter {
      ($0.value < 0x20 && $0 != "\n" && $0 != "\t") || 0x7F...0x9F ~= $0.value || 0x202A...0x202E ~= $0.value
        || 0x2066...0x2069 ~= $0.value
    }
  }

  @Test func `Names reach neither terminal nor page as what they would do`() throws {
    let folder = try TemporaryFolder()
    let fit = try Self.run(folder)
    #expect(obeyed(fit.errors + fit.output).isEmpty)
    let run = folder.file("run").path
    for arguments in [
      ["summarize", run], ["summarize", run, "--format", "tsv"], ["summarize", run, "--format", "json"],
      ["diagnose", run], ["diagnose", run, "--format", "tsv"], ["diagnose", run, "--format", "json"],
      ["report", run, "--out", folder.file("page.html").path],
    ] {
      let outcome = try Command.run(arguments)
      #expect([0, 1, 2].contains(outcome.status), "\(outcome.errors)")
      #expect(obeyed(outcome.output + outcome.errors).isEmpty, "\(arguments)")
    }
    // The name is there, without its teeth.
    let summary = try Command.succeed(["summarize", run]).output
    #expect(summary.contains("=cmd()\u{FFFD}[31m"))
    let page = try String(contentsOf: folder.file("page.html"), encoding: .utf8)
    #expect(obeyed(page).isEmpty && page.contains("cmd()\u{FFFD}[31m") && !page.contains("evil<b>"))
  }

  @Test func `The sidecar says which text a spreadsheet would run`() throws {
    let folder = try TemporaryFolder()
    _ = try Self.run(folder)
    let columns = try JSONDecoder().decode(
      JSONValue.self, from: Data(contentsOf: folder.file("run/ir_lesions.json")))
    #expect(
      columns["name"]["Note"].string.contains("line 2") && columns["name"]["Note"].string.contains("formula"))
    // Negative numbers are no formulas.
    #expect(columns["mean"]["Note"].string.isEmpty)
  }

  @Test(arguments: [
    ("one NaN", Float.nan, "NaN"), ("one infinite", Float.infinity, "infinite"),
    ("overflow", Float(3e38), "too large"),
  ]) func `A lesion that lost voxels says so on standard error`(name: String, value: Float, reason: String)
    throws
  {
    let folder = try TemporaryFolder()
    let outcome = try Self.run(folder) { $0[12 + 7] = value }
    #expect(outcome.errors.contains("lesion 2 (plain): 1 of 6 voxels are left out"), "\(outcome.errors)")
    #expect(outcome.errors.contains(reason))
    #expect(!outcome.errors.contains("lesion 1"))
  }
}
