import Foundation
import NIfTI
import Tables
import TestSupport
import Testing

/// What `summarize` prints.
@Suite struct SummarizeTests {
  private func summarize(_ options: [String] = []) throws -> Command.Outcome {
    let outcome = try Command.succeed(["summarize", FinishedRun.shared.get().folder.path] + options)
    #expect(outcome.errors.isEmpty)
    return outcome
  }

  @Test func `The table has a row for each lesion and parameter, aligned`() throws {
    let lines = try summarize().lines
    #expect(lines.count == 1 + 2 * 7)
    let columns =
      "lesion name parameter functional unit mean sd q05 median q95 hdi94 rhat ess_bulk ess_tail grade status"
    #expect(lines[0].split(separator: " ").joined(separator: " ") == columns)
    #expect(lines.dropFirst().allSatisfy { $0.contains(" mean ") && $0.hasSuffix(" pass") })
    #expect(lines.contains { $0.contains(" upper ") && $0.contains(" D* ") && $0.contains("10⁻³ mm²/s") })
    let header = try #require(lines[0].range(of: "rhat"))
    let end = lines[0].distance(from: lines[0].startIndex, to: header.upperBound)
    for line in lines.dropFirst() {
      let field = line.prefix(end).split(separator: " ").last.map(String.init) ?? ""
      #expect(Double(field).map { $0 > 0.9 && $0 < 1.01 } == true, "the column ends elsewhere: \(line)")
    }
  }

  @Test func `As TSV it is the lesion table's rows, unrounded, of one functional or of all`() throws {
    let text = try String(contentsOf: FinishedRun.shared.get().file("_lesions.tsv"), encoding: .utf8)
    #expect(try summarize(["--functional", "all", "--format", "tsv"]).output == text)
    let lines = text.split(separator: "\n")
    let wanted = [lines[0]] + lines.dropFirst().filter { $0.split(separator: "\t")[4] == "p90" }
    #expect(try summarize(["--functional", "p90", "--format", "tsv"]).lines == wanted.map(String.init))
  }

  @Test func `As JSON it is an array of objects with numbers, and null where there is none`() throws {
    let output = try summarize(["--format", "json", "--functional", "sd"]).output
    let objects = try JSONDecoder().decode(JSONValue.self, from: Data(output.utf8)).array
    #expect(objects.count == 2 * 7)
    #expect(
      objects.allSatisfy {
        $0["mean"].double > 0 && $0["contraction"] == .null && $0["functional"] == .string("sd")
      })
    #expect(Set(objects.map { $0["name"].string }) == ["upper", "lower"])
  }

  @Test func `By voxel it has a row for each map`() throws {
    let lines = try summarize(["--by", "voxel", "--format", "tsv"]).lines
    let table = lines.map { $0.split(separator: "\t").map(String.init) }
    #expect(table.dropFirst().map { $0[0] } == ["adc", "d", "dstar", "f", "s0", "sigma"])
    let fitted = try FinishedRun.shared.get().map("d", "median").values.filter(\.isFinite).count
    #expect(table.dropFirst().allSatisfy { $0[1] == "\(fitted)" })
  }

  @Test func `What is no run, has no lesions, or is an unknown functional is an error of three parts`() throws
  {
    let folder = try TemporaryFolder()
    let run = try FinishedRun.shared.get()
    let scan = try PhantomScan.shared.get()
    try Mask.firstRow(of: run.map("d", "mean").grid).write(to: folder.file("mask.nii.gz"))
    let bare = folder.file("bare")
    try Command.succeed([
      "fit", "ivim", scan.image.path, "--mask", folder.file("mask.nii.gz").path, "--draws", "50", "--quiet",
      "--out",
      bare.path,
    ])
    let cases: [([String], Int32, String)] = [
      ([folder.file("none").path], 66, "none: there is no such folder. Give the --out of a fit."),
      (
        [folder.url.path], 65,
        ": this is not the folder of a fit: it has no _run.json. Give the --out of a fit."
      ),
      ([bare.path], 65, "bare: the run had no lesions. Fit with --lesions, or summarise with --by voxel."),
      (
        [run.folder.path, "--functional", "mode"], 64,
        "--functional: there is no functional \"mode\". Choose one of mean, median, p10, p25, p75, p90, sd, iqr or all."
      ),
    ]
    for (arguments, status, message) in cases {
      let outcome = try Command.run(["summarize"] + arguments)
      #expect(outcome.status == status && outcome.output.isEmpty)
      #expect(outcome.errors.hasSuffix(message + "\n"), "\(outcome.errors)")
    }
    #expect(try Command.succeed(["summarize", bare.path, "--by", "voxel"]).lines.count == 7)
    #expect(try Command.run(["diagnose", bare.path]).status == 2)
  }
}
