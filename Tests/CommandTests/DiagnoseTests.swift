import Foundation
import Reporting
import TestSupport
import Testing

/// The verdict of `diagnose`, and its exit codes.
@Suite struct DiagnoseTests {
  @Test func `A default fit passes, with 0 and the word, and its run file says the same`() throws {
    let run = try FinishedRun.shared.get()
    let outcome = try Command.run(["diagnose", run.folder.path])
    #expect(
      outcome.status == 0 && outcome.lines.first?.hasPrefix("PASS: 142 quantities, 0 flags") == true,
      "\(outcome.output)")
    #expect(outcome.lines.count { $0.hasPrefix("map of ") } == 6)
    #expect(try run.json("_run.json")["health"]["verdict"].string == "pass")
  }

  @Test func `50 draws fail with 2, and the advice is to run longer`() throws {
    let folder = try TemporaryFolder()
    let out = folder.file("run")
    try Command.succeed(PhantomScan.shared.get().lesionFit(into: out) + ["--draws", "50", "--quiet"])
    let outcome = try Command.run(["diagnose", out.path])
    #expect(outcome.status == 2 && outcome.output.hasPrefix("FAIL: 142 quantities, "))
    #expect(outcome.output.contains("too-few-draws") && outcome.output.contains("run longer"))
    #expect(try FinishedRun(out).json("_run.json")["health"]["verdict"].string == "fail")
    let rows = try Command.run(["diagnose", out.path, "--format", "tsv"]).lines
    #expect(rows[0] == "severity\tflag\tsubject\tevidence\taction" && rows.count > 100)
    let json = try Command.run(["diagnose", out.path, "--format", "json"])
    let flags = try JSONDecoder().decode(JSONValue.self, from: Data(json.output.utf8)).array
    #expect(json.status == 2 && flags.count == rows.count - 1 && flags[0]["severity"].string == "fail")
    // Without draws the table of lesions is judged.
    try FileManager.default.removeItem(at: FinishedRun(out).file("_draws.nc"))
    #expect(try Command.run(["diagnose", out.path]).status == 2)
  }

  @Test func `A sampling target below the limits warns with 1`() throws {
    let folder = try TemporaryFolder()
    let out = folder.file("run")
    try Command.succeed(
      PhantomScan.shared.get().lesionFit(into: out) + ["--draws", "100", "--roi-mean", "--quiet"])
    let outcome = try Command.run(["diagnose", out.path])
    #expect(outcome.status == 1 && outcome.output.hasPrefix("WARN: "), "\(outcome.output)")
  }

  @Test func `What only the run file knows is told again, with its action`() throws {
    let shared = try FinishedRun.shared.get()
    let folder = try TemporaryFolder()
    let run = FinishedRun(folder.file("run"))
    try FileManager.default.copyItem(at: shared.folder, to: run.folder)
    let recorded = [
      ["divergence", "upper", "warn", "3 after warm-up (limit 0)", "use a smaller step"],
      ["frozen-adapt", "chain 1 of upper", "warn", "acceptance 0.02 (0.1 to 0.6)", "use a longer warm-up"],
      // Judged anew from the draws, as long as there are any.
      ["slow-hyper", "tau_d of upper", "warn", "ESS bulk 300, tail 300 (limit 400)", "run longer"],
    ]
    let text = try String(contentsOf: run.file("_run.json"), encoding: .utf8)
    let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    var record = try #require(json)
    record["health"] = ["verdict": "warn", "flags": recorded] as [String: Any]
    try JSONSerialization.data(withJSONObject: record).write(to: run.file("_run.json"))
    let rows = try Command.run(["diagnose", run.folder.path, "--format", "tsv"])
    #expect(rows.status == 1 && rows.lines.count == 3, "\(rows.output)")
    for flag in recorded.prefix(2) {
      #expect(rows.lines.contains("warn\t\(flag[0])\t\(flag[1])\t\(flag[3])\t\(flag[4])"), "\(rows.output)")
    }
    try FileManager.default.removeItem(at: run.file("_draws.nc"))
    #expect(try Command.run(["diagnose", run.folder.path]).output.contains("slow-hyper"))
  }

  /// A copy of the shared run whose draws of one functional of one lesion are changed.
  private func tampered(
    _ name: String, _ change: ([[Double]]) -> [[Double]]
  ) throws -> (folder: TemporaryFolder, run: FinishedRun) {
    let shared = try FinishedRun.shared.get()
    let folder = try TemporaryFolder()
    let run = FinishedRun(folder.file("run"))
    try FileManager.default.copyItem(at: shared.folder, to: run.folder)
    var file = try DrawsFile(contentsOf: shared.file("_draws.nc"), groups: nil)
    let group = try #require(file.groups.firstIndex { $0.name == "posterior" })
    let place = try #require(file.groups[group].variables.firstIndex { $0.name == name })
    let lesions = file.groups[group].extent(of: .lesion)
    let changed = change(try #require(file.groups[group].chains(of: name, element: 1)))
    var values = try #require(file.groups[group].variables[place].values.doubles)
    for (chain, draws) in changed.enumerated() {
      for (draw, value) in draws.enumerated() { values[(chain * draws.count + draw) * lesions + 1] = value }
    }
    file.groups[group].variables[place].values = .double(values)
    try file.write(to: run.file("_draws.nc"))
    return (folder, run)
  }

  @Test func `Rewritten but unchanged draws still pass: the tampering itself is not what is found`() throws {
    let (folder, run) = try tampered("d_mean") { $0 }
    #expect(try Command.run(["diagnose", run.folder.path]).status == 0, "\(folder.contents)")
  }

  @Test func `A stuck chain fails with 2 and is named`() throws {
    let (folder, run) = try tampered("d_mean") { chains in
      var chains = chains
      chains[2] = chains[2].map { _ in chains[2][0] }
      return chains
    }
    let outcome = try Command.run(["diagnose", run.folder.path, "--format", "tsv"])
    #expect(
      outcome.status == 2 && outcome.output.contains("fail\tconstant\td mean of lower\tchain 3 of 4"),
      "\(folder.contents)")
  }

  @Test func `One chain in a wrong mode fails with 2 and is called so`() throws {
    let (folder, run) = try tampered("dstar_median") { chains in
      var chains = chains
      chains[0] = chains[0].map { 2 * $0 }
      return chains
    }
    let outcome = try Command.run(["diagnose", run.folder.path, "--format", "tsv"])
    #expect(
      outcome.status == 2 && outcome.output.contains("fail\tmultimodal\tdstar median of lower\t"),
      "\(folder.contents)")
  }

  @Test func `A damaged draws file is an error, not a verdict`() throws {
    let shared = try FinishedRun.shared.get()
    let folder = try TemporaryFolder()
    let run = FinishedRun(folder.file("run"))
    try FileManager.default.copyItem(at: shared.folder, to: run.folder)
    try Data("no draws".utf8).write(to: run.file("_draws.nc"))
    let outcome = try Command.run(["diagnose", run.folder.path])
    #expect(outcome.status == 65 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("_draws.nc"))
    #expect(try Command.run(["diagnose", folder.file("none").path]).status == 66)
    #expect(try Command.run(["diagnose", folder.url.path]).status == 65)
  }
}
